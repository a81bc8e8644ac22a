#pragma once
/// Internal to play(): sends the requests of one case, finds out what came, and writes down what is wrong with it.

#include <optional>
#include <string>

#include "conformance/play.h"
#include "engine/scenario/scenario.h"

namespace counterpart::conformance {

/// What a response's body says: JSON, or its text.
Json body_of(const http::Response& response);

class Judging {
 public:
  /// What came of one request.
  struct Came {
    size_t exchange = 0;  ///< into Played::exchanges
    Json body;            ///< of the answer, as body_of(); null where no check needs it
    const contract::Response* got = nullptr;
    bool goes_on = true;  ///< the rest of the case still makes sense
  };

  /// `into` gets exchanges and findings. All must outlive this.
  Judging(const Suite& suite, const Case& one, Conversation& conversation, Oracle& oracle, const PlayOptions& options,
          Played& into)
      : suite_(suite), case_(one), conversation_(conversation), oracle_(oracle), options_(options), into_(into) {}

  /// send() and weigh(). Throws EnvironmentError when the target is not there.
  Came exchange(Call call, const http::Request& request, const Expectation& expectation, Prediction& predicted);
  Came send(Call call, const http::Request& request, bool may_repeat);
  /// Finds out what came, and judges it. `predicted` is the expectation's.
  void weigh(Came& came, const Expectation& expectation, Prediction& predicted);

  const Exchange& exchange_of(const Came& came) const { return into_.exchanges[came.exchange]; }
  /// The latest answer is the predicted one, byte for byte.
  bool is_identical() const { return is_identical_; }
  /// The connection was closed instead of an answer, and may be.
  bool was_closed(const Came& came, const Expectation& expectation) const;
  /// Whether what was found in a hostile case is nothing that counts: then it must not hide what comes after.
  bool counts_nothing(const Came& came) const;

  /// Whether the latest exchange has a finding already: then what does not hold of it has the same cause.
  bool is_told() const;
  /// A finding that no check of the exchange alone can make: state-agrees.
  void add_step_finding(const scenario::Step& step, std::string message, std::string expected,
                        const document::Location& where);

 private:
  void unanswered(Came& came, const Expectation& expectation);
  void identify(Came& came, const Expectation& expectation, Prediction& predicted);
  void judge(Came& came, const Expectation& expectation);
  Finding finding_of(const Check& check, Violation violation, const Expectation& expectation,
                     const contract::Response* got) const;
  void add(Finding finding);

  const Suite& suite_;
  const Case& case_;
  Conversation& conversation_;
  Oracle& oracle_;
  const PlayOptions options_;
  Played& into_;
  bool is_identical_ = false;
  std::optional<Came> first_;  ///< repeatable: the first answer
};

}  // namespace counterpart::conformance
