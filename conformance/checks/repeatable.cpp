#include <fmt/format.h>

#include "conformance/checks/all.h"
#include "conformance/plan.h"
#include "conformance/suite.h"

namespace counterpart::conformance::checks {

namespace {

/// The case sends one request twice: the player compares the second answer with the first (Judged::first).
void plan(const Suite& suite, std::vector<Case>& cases) {
  for (const contract::Operation& operation : suite.contract().operations) {
    if (!is_read(operation)) continue;
    const Call call = suite.base_call(operation);
    Case one =
        case_of(suite, operation, repeatable.id, "", "A read, sent twice, is answered the same", call, operation.where);
    one.calls.push_back(call);
    cases.push_back(std::move(one));
  }
}

std::optional<Violation> judge(const Judged& judged) {
  if (judged.first == nullptr) return std::nullopt;
  const http::Response& before = judged.first->reply.response;
  const http::Response& now = judged.exchange.reply.response;
  if (before.status == now.status && before.body == now.body) return std::nullopt;
  Violation violation;
  if (before.status == now.status && judged.got != nullptr) {
    const auto difference = judged.suite.shapes->of(*judged.got).disagreement(*judged.first_body, *judged.body);
    if (!difference) return std::nullopt;
    violation.message =
        fmt::format("{} changes from one read to the next", difference->path.empty() ? "the body" : difference->path);
    violation.expected_body = *judged.first_body;
    violation.actual_body = *judged.body;
  } else {
    violation.message = "the status changes from one read to the next";
  }
  violation.says = fmt::format("{} only reads", judged.expectation.operation->id);
  violation.expected = fmt::format("status {} again, with the same body", before.status);
  violation.actual = fmt::format("status {}", now.status);
  violation.where = &judged.expectation.operation->where;
  return violation;
}

}  // namespace

const Check repeatable{"repeatable", "A read changes nothing (RFC 9110, 9.2.1)", judge, true, plan};

}  // namespace counterpart::conformance::checks
