#pragma once
/// Plays one case as a client: asks the oracle, sends, judges every exchange.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/case.h"
#include "conformance/check.h"
#include "conformance/oracle.h"
#include "conformance/suite.h"
#include "conformance/target.h"

namespace counterpart::conformance {

/// A call as it was sent, with the name of the response that was expected.
struct Sent {
  Call call;
  std::string expected;            ///< "": not one alone, but
  std::vector<std::string> any{};  ///< any of these of the call's operation,
  std::vector<int> statuses{};     ///< or any of these statuses; with neither, any of the operation's would do
};

struct Played {
  Outcome outcome = Outcome::passed;  ///< failed: there are findings, whatever they count
  std::string reason;
  std::vector<Finding> findings;  ///< not yet shrunk; without a reproducer
  std::vector<Sent> sent;
  std::vector<Exchange> exchanges;
  std::vector<std::pair<const contract::Operation*, const contract::Response*>> met;
  size_t retries = 0;
  size_t foretold = 0;  ///< exchanges whose bodies were compared with what follows from the requests before
};

struct PlayOptions {
  Level level = Level::documented;
  /// For fuzzing: the target may crash and start again, so what is not sure is judged by its operation's answers alone,
  /// and a very large request may be refused.
  bool is_hostile = false;
  bool keep_exchanges = true;  ///< else only findings have them: for runs in process, where speed counts
};

/// Makes the next call of a generated sequence; nullopt: it is over.
using NextCall = std::function<std::optional<Call>(Oracle&)>;

/// `next` makes the calls of a case that has neither a scenario nor calls. The oracle must be where the target is.
/// Throws EnvironmentError when the target is not there.
Played play(const Suite& suite, const Case& one, Conversation& conversation, Oracle& oracle, const PlayOptions& options,
            const NextCall& next = {});

}  // namespace counterpart::conformance
