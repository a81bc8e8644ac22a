#include <fmt/format.h>

#include <algorithm>

#include "conformance/checks/all.h"

namespace counterpart::conformance::checks {

namespace {

std::optional<Violation> judge(const Judged& judged) {
  const contract::Response* response = judged.got;
  if (response == nullptr) return std::nullopt;
  const auto& headers = judged.exchange.reply.response.headers;
  const engine::Answer* predicted = judged.expectation.predicted;
  const bool is_exact = judged.expectation.exact && predicted != nullptr && predicted->documented == response;
  for (const auto& [name, value] : response->headers) {
    const std::string* sent = headers.find(name);
    const std::string* wanted = nullptr;
    std::string constant;
    if (value.is_constant()) {
      constant = value.text();
      wanted = &constant;
    } else if (is_exact) {
      wanted = predicted->response.headers.find(name);
    }
    if (sent != nullptr && (wanted == nullptr || *wanted == *sent)) continue;
    Violation violation;
    violation.level = level_of(*judged.expectation.operation, *response, "headers");
    violation.says = fmt::format("{} has the header {}", subject_of(*judged.expectation.operation, response), name);
    violation.expected = wanted == nullptr ? fmt::format("a header {}", name) : fmt::format("{}: {}", name, *wanted);
    violation.actual = sent == nullptr ? "no such header" : fmt::format("{}: {}", name, *sent);
    violation.message =
        sent == nullptr ? fmt::format("the header {} is missing", name) : fmt::format("the header {} differs", name);
    violation.where = &response->where;
    return violation;
  }
  return std::nullopt;
}

}  // namespace

const Check headers{"headers", "An answer has the headers that are documented", judge, false, nullptr};

}  // namespace counterpart::conformance::checks
