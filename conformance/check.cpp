#include "conformance/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "conformance/checks/all.h"

namespace counterpart::conformance {

std::span<const Check> all_checks() {
  using namespace checks;
  static const std::array all{no_server_error,  documented_status, documented_response, content_type,
                              headers,          literal_body,      schema_body,         repeatable,
                              state_agrees,     response_time,     credential_required, parameter_required,
                              parameter_bounds, method_refused};
  return all;
}

const Check* find_check(std::string_view id) {
  const auto all = all_checks();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Check& check) { return check.id == id; });
  return found == all.end() ? nullptr : &*found;
}

Level level_of(const contract::Operation& operation, const contract::Response& response, std::string_view part) {
  if (!operation.undocumented.empty()) return Level::assumed;
  const bool chosen = std::any_of(response.undocumented.begin(), response.undocumented.end(),
                                  [&](const auto& entry) { return entry.part == "response" || entry.part == part; });
  return chosen ? Level::assumed : Level::documented;
}

std::string subject_of(const contract::Operation& operation, const contract::Response* response) {
  return response == nullptr ? operation.id : operation.id + "/" + response->name;
}

std::string requirement_of(const contract::Response& response) {
  return response.description.empty()
             ? fmt::format("{}: status {}", response.name, response.status)
             : fmt::format("{}: status {}, {}", response.name, response.status, response.description);
}

bool is_tolerated(const Expectation& expectation, int status) {
  if (expectation.refusal_suffices && status >= 400 && status < 500) return true;
  const auto& tolerated = expectation.tolerated;
  return std::find(tolerated.begin(), tolerated.end(), status) != tolerated.end();
}

const contract::Response* expected_response(const Expectation& expectation) {
  const auto& excuses = expectation.excuses;
  const bool is_due = expectation.predicted == nullptr ||
                      std::find(excuses.begin(), excuses.end(), expectation.predicted->documented) == excuses.end();
  return expectation.responses.size() == 1 && is_due ? expectation.responses[0] : nullptr;
}

}  // namespace counterpart::conformance
