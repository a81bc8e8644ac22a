#include <fmt/format.h>

#include "conformance/checks/all.h"
#include "engine/http/media_type.h"

namespace counterpart::conformance::checks {

namespace {

std::optional<Violation> judge(const Judged& judged) {
  const contract::Response* response = judged.got;
  if (response == nullptr || !response->has_body) return std::nullopt;
  const std::string* sent = judged.exchange.reply.response.headers.find("content-type");
  const std::string got = sent == nullptr ? "" : http::essence(*sent);
  if (http::equal_ignoring_case(got, http::essence(response->content_type))) return std::nullopt;
  const contract::Operation& operation = *judged.expectation.operation;
  Violation violation;
  violation.level = level_of(operation, *response, "body");
  violation.says = fmt::format("{} is {}", subject_of(operation, response), response->content_type);
  violation.expected = fmt::format("Content-Type: {}", response->content_type);
  violation.actual = sent == nullptr ? "no Content-Type" : fmt::format("Content-Type: {}", *sent);
  violation.message = sent == nullptr
                          ? "the body has no Content-Type"
                          : fmt::format("the body is {}, not {}", got, http::essence(response->content_type));
  violation.where = &response->where;
  return violation;
}

}  // namespace

const Check content_type{"content-type", "A body has the media type that is documented", judge, false, nullptr};

}  // namespace counterpart::conformance::checks
