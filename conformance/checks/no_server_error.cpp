#include <fmt/format.h>

#include <algorithm>

#include "conformance/checks/all.h"

namespace counterpart::conformance::checks {

namespace {

std::optional<Violation> judge(const Judged& judged) {
  const int status = judged.exchange.reply.response.status;
  const contract::Operation& operation = *judged.expectation.operation;
  const auto& wanted = judged.expectation.statuses;
  if (std::find(wanted.begin(), wanted.end(), status) != wanted.end()) return std::nullopt;
  if (is_tolerated(judged.expectation, status)) return std::nullopt;
  const bool documented = std::any_of(operation.responses.begin(), operation.responses.end(),
                                      [&](const auto& response) { return response->status == status; });
  if (status < 500 || documented) return std::nullopt;
  Violation violation;
  violation.says = fmt::format("{} documents no status {}", operation.id, status);
  violation.message = fmt::format("the server failed with status {}", status);
  violation.expected = "a documented status";
  violation.actual = fmt::format("status {}", status);
  violation.where = &operation.where;
  return violation;
}

}  // namespace

const Check no_server_error{"no-server-error", "No request makes the server fail (RFC 9110, 15.6)", judge, true,
                            nullptr};

}  // namespace counterpart::conformance::checks
