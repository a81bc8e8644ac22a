#include <fmt/format.h>

#include "conformance/checks/all.h"
#include "conformance/suite.h"

namespace counterpart::conformance::checks {

namespace {

std::optional<Violation> judge(const Judged& judged) {
  const int64_t limit_ms = judged.suite.time_max_ms;
  const int64_t whole_ms = (judged.exchange.reply.microseconds + 999) / 1000;
  if (limit_ms == 0 || whole_ms <= limit_ms) return std::nullopt;
  Violation violation;
  violation.says = fmt::format("--max-time is {} ms", limit_ms);
  violation.message = fmt::format("an answer took more than {} ms", limit_ms);
  violation.expected = fmt::format("at most {} ms", limit_ms);
  violation.actual = fmt::format("{} ms", judged.exchange.reply.microseconds / 1000);
  violation.where = &judged.expectation.operation->where;
  return violation;
}

}  // namespace

const Check response_time{"response-time", "An answer comes within the time that --max-time allows", judge, false,
                          nullptr};

}  // namespace counterpart::conformance::checks
