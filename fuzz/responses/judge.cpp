#include "fuzz/responses/judge.h"

#include <algorithm>

#include "engine/document/json.h"
#include "engine/document/utf8.h"
#include "engine/http/media_type.h"
#include "fuzz/responses/documented.h"
#include "fuzz/responses/json_scan.h"

namespace counterpart::fuzz {

namespace {

bool is_field(const http::Header& field) {
  return http::is_token(field.name) && std::none_of(field.value.begin(), field.value.end(), [](char c) {
           return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
         });
}

bool has_status(int status) { return status >= 100 && status <= 999; }

/// RFC 9110, 6.4.1.
bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

size_t count_of(const http::Headers& headers, std::string_view name) {
  return static_cast<size_t>(std::count_if(headers.begin(), headers.end(), [&](const http::Header& field) {
    return http::equal_ignoring_case(field.name, name);
  }));
}

bool is_utf8_text(std::string_view content_type) {
  if (!http::essence(content_type).starts_with("text/")) return false;
  const std::string lower = http::lower_case(content_type);
  return lower.find("charset") == std::string::npos || lower.find("utf-8") != std::string::npos;
}

}  // namespace

Judge::Judge(const conformance::Suite& suite) : suite_(suite), documented_(documented_answers(suite)) {
  for (const Variant& variant : documented_) learn(*variant.response, variant.answer.body);
  for (const contract::Operation& operation : suite.contract().operations) {
    for (const auto& response : operation.responses) {
      if (response->example) learn(*response, *response->example);
    }
  }
}

void Judge::learn(const contract::Response& response, const std::string& body) {
  const auto json = document::parse_json(body);
  if (!json || !http::is_json(response.content_type)) return;
  suite_.shapes->of(response).visit_holes(
      *json, [&](const conformance::Shape& hole, const document::Json& value) { holes_[&hole].learn(value); });
}

bool Judge::has_documented_headers(const Variant& variant) const {
  const http::Headers& headers = variant.answer.headers;
  for (const auto& [name, value] : variant.response->headers) {
    const std::string* found = headers.find(name);
    if (found == nullptr || (value.is_constant() && *found != http::field_value(value.text()))) return false;
  }
  const std::string* type = headers.find("Content-Type");
  const std::string essence = type == nullptr ? "" : http::essence(*type);
  return essence == http::essence(variant.response->content_type) && count_of(headers, "Content-Type") <= 1 &&
         (type == nullptr || http::is_media_type(*type));
}

bool Judge::has_documented_body(const contract::Response& response, const document::Json& body) const {
  if (response.schema != nullptr) return response.schema->validate(body).empty();
  const conformance::Shape& shape = suite_.shapes->of(response);
  if (shape.difference(body)) return false;
  bool fits = true;
  shape.visit_holes(body, [&](const conformance::Shape& hole, const document::Json& value) {
    const auto known = holes_.find(&hole);
    fits = fits && (known == holes_.end() || known->second.fits(value));
  });
  return fits;
}

Legality Judge::judge(const Variant& variant) const {
  const http::Response& answer = variant.answer;
  const contract::Response& response = *variant.response;
  if (!has_status(answer.status) || !std::all_of(answer.headers.begin(), answer.headers.end(), is_field)) {
    return Legality::broken;
  }
  if (!may_have_body(answer.status)) {
    if (!answer.body.empty()) return Legality::broken;
    const bool documented = answer.status == response.status && has_documented_headers(variant);
    return documented ? Legality::legal : Legality::nearly_legal;
  }
  const std::string* said = answer.headers.find("Content-Type");
  const std::string& type = said == nullptr ? response.content_type : *said;
  JsonScan scan;
  if (http::is_json(type)) {
    scan = scan_json(answer.body);
    if (!scan.well_formed) return Legality::broken;
  } else if (is_utf8_text(type) && document::utf8_find_invalid(answer.body) != std::string_view::npos) {
    return Legality::broken;
  }
  if (answer.status != response.status || !has_documented_headers(variant)) return Legality::nearly_legal;
  if (!response.has_body) return answer.body.empty() ? Legality::legal : Legality::nearly_legal;
  if (!http::is_json(type)) {
    return has_documented_body(response, answer.body) ? Legality::legal : Legality::nearly_legal;
  }
  if (scan.duplicate_keys || scan.depth > static_cast<uint32_t>(document::json_depth_max))
    return Legality::nearly_legal;
  const auto body = document::parse_json(answer.body);
  return body && has_documented_body(response, *body) ? Legality::legal : Legality::nearly_legal;
}

}  // namespace counterpart::fuzz
