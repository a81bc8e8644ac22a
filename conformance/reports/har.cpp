#include "conformance/reports/har.h"

#include <fmt/format.h>

#include "conformance/reports/text.h"
#include "engine/document/base64.h"
#include "engine/document/utf8.h"
#include "engine/http/url.h"
#include "engine/state/time_text.h"

namespace counterpart::conformance::reports {

namespace {

/// For exchanges that never left the process: a name that can never be somebody's (RFC 2606).
constexpr std::string_view in_process = "http://in-process.invalid";

/// As a URI may stand: what is not allowed in one is percent-encoded, escapes that are there stay.
std::string uri(std::string_view text) {
  constexpr std::string_view allowed = "-._~:/?#[]@!$&'()*+,;=";
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f'); };
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    const bool escape = c == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2]);
    if (letter || escape || allowed.find(c) != std::string_view::npos) {
      result += c;
    } else {
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return result;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// The next piece up to `separator`, trimmed; takes it from `text`.
std::string_view next_piece(std::string_view& text, char separator) {
  const size_t end = std::min(text.find(separator), text.size());
  const std::string_view piece = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return trimmed(piece);
}

Json pair_json(std::string_view piece) {
  const size_t equals = piece.find('=');
  if (equals == std::string_view::npos) return {{"name", ""}, {"value", utf8_or_latin1(piece)}};
  return {{"name", utf8_or_latin1(trimmed(piece.substr(0, equals)))},
          {"value", utf8_or_latin1(trimmed(piece.substr(equals + 1)))}};
}

Json request_cookies(const http::Headers& headers) {
  Json result = Json::array();
  for (const auto& [name, value] : headers) {
    if (!http::equal_ignoring_case(name, "cookie")) continue;
    for (std::string_view rest = value; !rest.empty();) {
      const std::string_view piece = next_piece(rest, ';');
      if (!piece.empty()) result.push_back(pair_json(piece));
    }
  }
  return result;
}

Json response_cookies(const http::Headers& headers) {
  Json result = Json::array();
  for (const auto& [name, value] : headers) {
    if (!http::equal_ignoring_case(name, "set-cookie")) continue;
    std::string_view rest = value;
    Json cookie = pair_json(next_piece(rest, ';'));
    while (!rest.empty()) {
      const Json attribute = pair_json(next_piece(rest, ';'));
      const std::string& key = attribute["name"].get_ref<const std::string&>();
      if (http::equal_ignoring_case(key, "path")) cookie["path"] = attribute["value"];
      if (http::equal_ignoring_case(key, "domain")) cookie["domain"] = attribute["value"];
      if (!key.empty()) continue;
      const std::string& flag = attribute["value"].get_ref<const std::string&>();
      if (http::equal_ignoring_case(flag, "httponly")) cookie["httpOnly"] = true;
      if (http::equal_ignoring_case(flag, "secure")) cookie["secure"] = true;
    }
    result.push_back(std::move(cookie));
  }
  return result;
}

Json headers_json(const http::Headers& headers) {
  Json result = Json::array();
  for (const auto& [name, value] : headers)
    result.push_back({{"name", utf8_or_latin1(name)}, {"value", utf8_or_latin1(value)}});
  return result;
}

Json query_json(const std::string& target) {
  Json result = Json::array();
  if (const auto parsed = http::parse_target(target)) {
    for (const auto& [name, value] : parsed->query)
      result.push_back({{"name", utf8_or_latin1(name)}, {"value", utf8_or_latin1(value)}});
  }
  return result;
}

std::string type_of(const http::Headers& headers) {
  const std::string* type = headers.find("content-type");
  return type == nullptr ? "" : utf8_or_latin1(*type);
}

/// Sets `text`, and `encoding` under the given name where that is needed.
void put_text(Json& object, const std::string& body, const char* encoding) {
  const bool is_text = document::utf8_find_invalid(body) == std::string::npos;
  object["text"] = is_text ? body : document::base64(body);
  if (!is_text) object[encoding] = "base64";
}

Json request_json(const Exchange& exchange) {
  const http::Request& request = exchange.request;
  const std::string url = exchange.url.empty() ? std::string(in_process) + request.target : exchange.url;
  Json result = {{"method", utf8_or_latin1(request.method)},
                 {"url", uri(url)},
                 {"httpVersion", "HTTP/1.1"},
                 {"cookies", request_cookies(request.headers)},
                 {"headers", headers_json(request.headers)},
                 {"queryString", query_json(request.target)},
                 {"headersSize", -1},
                 {"bodySize", request.body.size()}};
  if (!request.body.empty()) {
    Json& data = result["postData"] = {{"mimeType", type_of(request.headers)}};
    put_text(data, request.body, "_encoding");
  }
  return result;
}

Json response_json(const Reply& reply) {
  const bool answered = reply.kind == Reply::Kind::answered;
  const http::Response none{0, {}, ""};
  const http::Response& response = answered ? reply.response : none;
  const std::string* location = response.headers.find("location");
  Json content = {{"size", response.body.size()}, {"mimeType", type_of(response.headers)}};
  put_text(content, response.body, "encoding");
  Json result = {{"status", response.status},
                 {"statusText", http::reason_phrase(response.status)},
                 {"httpVersion", "HTTP/1.1"},
                 {"cookies", response_cookies(response.headers)},
                 {"headers", headers_json(response.headers)},
                 {"content", std::move(content)},
                 {"redirectURL", location == nullptr ? "" : utf8_or_latin1(*location)},
                 {"headersSize", -1},
                 {"bodySize", answered ? static_cast<int64_t>(response.body.size()) : -1}};
  if (!answered) result["_error"] = utf8_or_latin1(reply.error);
  return result;
}

Json entry_json(const Exchange& exchange) {
  const double ms = static_cast<double>(exchange.reply.microseconds) / 1000;
  return {{"startedDateTime", state::to_iso(exchange.at_ms)},
          {"time", ms},
          {"request", request_json(exchange)},
          {"response", response_json(exchange.reply)},
          {"cache", Json::object()},
          {"timings", {{"send", 0}, {"wait", ms}, {"receive", 0}}},
          {"_operation", utf8_or_latin1(exchange.operation)},
          {"_expected", utf8_or_latin1(exchange.expected)},
          {"_got", utf8_or_latin1(exchange.got)},
          {"_attempts", exchange.reply.attempts}};
}

}  // namespace

std::string write_har(const Report& report) {
  Json entries = Json::array();
  for (const Exchange& exchange : report.exchanges) entries.push_back(entry_json(exchange));
  Json log = {{"version", "1.2"},
              {"creator", {{"name", "Counterpart"}, {"version", utf8_or_latin1(report.version)}}},
              {"entries", std::move(entries)},
              {"comment", closing_line(report)}};
  if (report.exchanges_left_out > 0)
    log["comment"] =
        fmt::format("{}; {} left out here", closing_line(report), counted(report.exchanges_left_out, "exchange"));
  return Json{{"log", std::move(log)}}.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace counterpart::conformance::reports
