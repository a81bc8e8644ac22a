#include <fmt/format.h>

#include "conformance/checks/all.h"
#include "conformance/checks/bodies.h"
#include "conformance/suite.h"
#include "engine/document/json.h"
#include "engine/http/media_type.h"

namespace counterpart::conformance::checks {

namespace {

/// What is wrong with the text itself, before its fields.
std::optional<Violation> judge_text(const Judged& judged) {
  const http::Response& sent = judged.exchange.reply.response;
  if (!http::is_json(judged.got->content_type)) return std::nullopt;
  const bool has_mark = sent.body.starts_with("\xEF\xBB\xBF");
  std::string problem;
  const bool is_json = !judged.body->is_string() || document::parse_json(sent.body, &problem);
  if (is_json && !has_mark) return std::nullopt;
  const std::string* encoding = sent.headers.find("content-encoding");
  if (encoding != nullptr) problem = fmt::format("it is encoded with {}, which was not asked for", *encoding);
  Violation violation = body_violation(judged, {"", false, "JSON", nullptr}, std::nullopt);
  violation.message = is_json ? "the body begins with a byte order mark" : "the body is no JSON";
  violation.actual = is_json ? "the body: a byte order mark, then JSON" : "the body: " + problem;
  if (is_json) {
    violation.level = Level::assumed;
    violation.says = "RFC 8259, 8.1: JSON that is sent has no byte order mark";
  }
  return violation;
}

std::optional<Violation> judge(const Judged& judged) {
  if (judged.got == nullptr || !judged.got->has_body) return std::nullopt;
  if (auto violation = judge_text(judged)) return violation;
  if (const auto difference = judged.suite.shapes->of(*judged.got).difference(*judged.body)) {
    Violation violation = body_violation(judged, *difference, std::nullopt);
    violation.message =
        fmt::format("{}: expected {}", difference->path.empty() ? "the body" : difference->path, difference->expected);
    return violation;
  }
  if (judged.got->schema == nullptr) return std::nullopt;
  const auto violations = judged.got->schema->validate(*judged.body);
  if (violations.empty()) return std::nullopt;
  const schema::Violation& first = violations.front();
  Violation violation = body_violation(judged, {first.instance_path, false, first.expected, nullptr}, std::nullopt);
  violation.message =
      fmt::format("{}: must be {} (schema {})", first.instance_path.empty() ? "the body" : first.instance_path,
                  first.expected, first.schema_path);
  violation.actual =
      fmt::format("{}: {}", first.instance_path.empty() ? "the body" : first.instance_path, first.actual);
  return violation;
}

}  // namespace

const Check schema_body{"schema-body", "A body has the fields and types that the documents show", judge, true, nullptr,
                        true};

}  // namespace counterpart::conformance::checks
