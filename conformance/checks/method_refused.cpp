#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conformance/checks/all.h"
#include "conformance/oracle.h"
#include "conformance/plan.h"

namespace counterpart::conformance::checks {

namespace {

constexpr int method_not_allowed = 405;

/// A case for each usual method that none of a path's operations has. DELETE is never tried: a server that knows more than
/// the documents would do it.
void plan(const Suite& suite, std::vector<Case>& cases) {
  const Oracle oracle(suite, true);
  std::set<std::string> done;
  for (const contract::Operation& operation : suite.contract().operations) {
    if (!done.insert(operation.path).second) continue;
    for (const char* method : {"PATCH", "PUT", "POST"}) {
      Call call = suite.base_call(operation);
      call.method = method;
      if (oracle.foresee(request_of(suite, call)).response.status != method_not_allowed) continue;
      cases.push_back(case_of(suite, operation, method_refused.id, method, fmt::format("{} {}", method, operation.path),
                              std::move(call), operation.where));
    }
  }
}

std::optional<Violation> judge(const Judged& judged) {
  const http::Response& response = judged.exchange.reply.response;
  if (response.status != method_not_allowed || response.headers.find("allow") != nullptr) return std::nullopt;
  Violation violation;
  violation.level = Level::assumed;
  violation.says = "RFC 9110, 15.5.6: a 405 has an Allow header";
  violation.message = "a 405 has no Allow header";
  violation.expected = "Allow: the methods of the path";
  violation.actual = "no such header";
  violation.where = &judged.expectation.operation->where;
  return violation;
}

}  // namespace

const Check method_refused{"method-refused", "A method that a path does not have is refused (RFC 9110, 15.5.6)", judge,
                           false, plan};

}  // namespace counterpart::conformance::checks
