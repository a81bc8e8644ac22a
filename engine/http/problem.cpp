#include "engine/http/problem.h"

#include "engine/document/json.h"

namespace counterpart::http {

Response problem(int status, std::string_view detail,
                 const std::vector<std::pair<std::string, std::string>>& extensions) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/problem+json");

  std::string& body = response.body;
  body = R"({"type":"about:blank")";
  // RFC 9457, 4.2.1: with "about:blank" the title is the status code's own phrase
  if (const std::string_view title = reason_phrase(status); !title.empty()) {
    body += R"(,"title":)";
    document::append_json_string(body, title);
  }
  body += R"(,"status":)" + std::to_string(status);
  if (!detail.empty()) {
    body += R"(,"detail":)";
    document::append_json_string(body, detail);
  }
  for (const auto& [name, json] : extensions) {
    body += ',';
    document::append_json_string(body, name);
    body += ':';
    body += json;
  }
  body += '}';
  return response;
}

}  // namespace counterpart::http
