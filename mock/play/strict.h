#pragma once
/// A strict scenario: its steps are what the client must send, in order. Each is answered with what it expects; anything
/// else is refused and counted as a violation.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/director.h"
#include "engine/scenario/story.h"

namespace counterpart::mock {

/// Not thread-safe: its space lets one request in at a time.
class Strict {
 public:
  /// `space` must outlive it.
  Strict(std::shared_ptr<const scenario::Scenario> scenario, std::shared_ptr<const engine::Engine> engine,
         state::Space& space);

  /// Whether the request is what the story awaits: then its clock moves as the step says. Otherwise the problem (409)
  /// that says what was awaited, what came, and each difference. `operation` is nullptr when no operation is meant.
  std::optional<engine::Answer> refusal(const http::Request& request, const contract::Operation* operation);
  /// The awaited request was answered, as the rules say: makes the answer one the step expects, and the next step is
  /// awaited. Throws expression::Error.
  void answered(engine::Asked& asked, engine::Answer& answer);

  const scenario::Scenario& scenario() const { return *scenario_; }
  size_t steps_done() const { return next_; }
  bool finished() const { return next_ == scenario_->steps.size(); }

 private:
  const std::shared_ptr<const scenario::Scenario> scenario_;
  const std::shared_ptr<const engine::Engine> engine_;
  state::Space& space_;
  scenario::Story story_;
  size_t next_ = 0;
};

}  // namespace counterpart::mock
