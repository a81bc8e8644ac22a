#pragma once
/// Checks: properties judged on exchanges, or asked of an operation by requests made for it. Each is a file under
/// checks/ with an id that never changes, and the sentence it demands.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/case.h"
#include "conformance/report.h"
#include "conformance/shape.h"
#include "engine/engine.h"

namespace counterpart::conformance {

struct Suite;

/// What was awaited of an exchange.
struct Expectation {
  const contract::Operation* operation = nullptr;  ///< the one that was meant
  /// Any of these; empty, with no statuses: any of the operation's.
  std::vector<const contract::Response*> responses;
  std::vector<int> statuses;
  /// What a right target may answer instead, for all that is known of its state.
  std::vector<const contract::Response*> excuses;
  const engine::Answer* predicted = nullptr;  ///< what the contract answers; its body is what must come if `exact`
  bool exact = false;
  bool refusal_suffices = false;  ///< any 4xx will do: the document names no status for this request
  std::vector<int> tolerated;     ///< statuses that will do as well, though nobody would ask for them
  bool may_be_closed = false;     ///< the server may also close the connection without an answer
  std::string_view check;         ///< the case's own: a wrong response is its finding; "": documented-response
};

/// An exchange with what is needed to judge it.
struct Judged {
  const Suite& suite;
  const Exchange& exchange;
  const Expectation& expectation;
  const contract::Response* got = nullptr;  ///< the operation's response that came; nullptr: none of them
  const Json* body = nullptr;               ///< of the answer: JSON, or its text
  /// When the case sends this request a second time: the first one.
  const Exchange* first = nullptr;
  const Json* first_body = nullptr;
};

/// What a check found.
struct Violation {
  Level level = Level::documented;
  std::string says;     ///< what the contract says, as the second half of the requirement
  std::string message;  ///< Finding::message
  std::string expected;
  std::string actual;
  std::optional<Json> expected_body;
  std::optional<Json> actual_body;
  const document::Location* where = nullptr;  ///< in the contract
};

struct Check {
  std::string_view id;
  std::string_view sentence;  ///< what it demands
  /// Judges every exchange that was answered. nullptr: judged by its cases alone.
  std::optional<Violation> (*judge)(const Judged&) = nullptr;
  /// Whether nothing further can be said of an exchange that broke it.
  bool ends = false;
  /// The cases it needs. nullptr: none.
  void (*plan)(const Suite&, std::vector<Case>&) = nullptr;
  /// Nothing to judge in an answer that is the predicted one, byte for byte.
  bool judges_bodies = false;
};

/// All of them, in the order in which exchanges are judged.
std::span<const Check> all_checks();
const Check* find_check(std::string_view id);

/// Who says a part ("status", "headers", "body") of a response.
Level level_of(const contract::Operation& operation, const contract::Response& response, std::string_view part);
/// "killSession/killed"; the operation alone where no response is meant.
std::string subject_of(const contract::Operation& operation, const contract::Response* response);
/// "status 404: No application ..." as a requirement quotes it.
std::string requirement_of(const contract::Response& response);
/// Whether any answer of this status will do, whatever else was expected.
bool is_tolerated(const Expectation& expectation, int status);
/// The response of an expectation that findings speak of; nullptr when there is none or more than one, or when the contract
/// itself would now give another.
const contract::Response* expected_response(const Expectation& expectation);

}  // namespace counterpart::conformance
