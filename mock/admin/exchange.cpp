#include "mock/admin/exchange.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/document/json.h"
#include "engine/http/media_type.h"
#include "engine/state/time_text.h"

namespace counterpart::mock::admin {

Journal journal_of(Space& space) {
  std::optional<Journal> copy;
  space.with_journal([&](const Journal& journal) { copy = journal; });
  return *std::move(copy);
}

Json headers_json(const std::vector<std::pair<std::string_view, std::string_view>>& headers) {
  Json json = Json::object();
  for (const auto& [name, value] : headers) {
    Json& values = json[http::lower_case(name)];
    if (values.is_null()) {
      values = std::string(value);
    } else if (values.is_array()) {
      values.push_back(std::string(value));
    } else {
      values = Json::array({values, std::string(value)});
    }
  }
  return json;
}

Json body_json(const std::vector<std::pair<std::string_view, std::string_view>>& headers, std::string_view body) {
  if (body.empty()) return nullptr;
  const auto type = std::find_if(headers.begin(), headers.end(), [](const auto& header) {
    return http::equal_ignoring_case(header.first, "content-type");
  });
  if (type != headers.end() && http::is_json(type->second)) {
    if (auto parsed = document::parse_json(body)) return *std::move(parsed);
  }
  return std::string(body);
}

namespace {

/// Says of a body that only its beginning was kept, and how long it was.
void add_cut(Json& message, std::string_view kept, uint64_t bytes) {
  if (kept.size() >= bytes) return;
  message["body-truncated"] = true;
  message["body-bytes"] = bytes;
}

}  // namespace

Json name_json(std::string_view text) { return text.empty() ? Json() : Json(std::string(text)); }

Json exchange_json(const JournalEntry& entry) {
  Json differences = Json::array();
  for (const std::string_view difference : entry.differences) differences.push_back(std::string(difference));
  Json request = {{"method", std::string(entry.method)},
                  {"target", std::string(entry.target)},
                  {"headers", headers_json(entry.request_headers)},
                  {"body", body_json(entry.request_headers, entry.request_body)}};
  add_cut(request, entry.request_body, entry.request_body_bytes);
  Json answer = {{"headers", headers_json(entry.response_headers)},
                 {"body", body_json(entry.response_headers, entry.response_body)}};
  add_cut(answer, entry.response_body, entry.response_body_bytes);
  return {
      {"id", entry.id},
      {"at", state::to_iso(entry.at_ms)},
      {"real-at", state::to_iso(entry.real_ms)},
      {"contract", name_json(entry.contract)},
      {"operation", name_json(entry.operation)},
      {"response", name_json(entry.response)},
      {"status", entry.status},
      {"rule", entry.rule_file.empty() ? Json() : Json(fmt::format("{}:{}", entry.rule_file, entry.rule_line))},
      {"fault", name_json(entry.fault)},
      {"unmatched", entry.unmatched},
      {"violation", entry.violation},
      {"microseconds", entry.microseconds},
      {"delay-ms", entry.delay_ms},
      {"request", std::move(request)},
      {"answer", std::move(answer)},
      {"near-miss", entry.nearest.empty()
                        ? Json()
                        : Json{{"operation", std::string(entry.nearest)}, {"differences", std::move(differences)}}},
  };
}

}  // namespace counterpart::mock::admin
