#include "fuzz/inputs/answer_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <unordered_set>

#include "engine/document/json.h"
#include "engine/http/media_type.h"

namespace counterpart::fuzz {

namespace {

std::string complaint_of_problem(const engine::Answer& answer) {
  const http::Response& response = answer.response;
  const std::string* type = response.headers.find("Content-Type");
  // OPTIONS on a known path is the mock's own, and no problem.
  if (response.status == 204) return response.body.empty() ? "" : "a 204 with a body";
  if (type == nullptr || *type != "application/problem+json") return "no response of the contract, and no problem";
  const auto body = document::parse_json(response.body);
  if (!body || body->value("status", 0) != response.status) return "the problem does not say its status";
  if (response.status >= 500) return "a failure of the contract's own";
  if (response.headers.find(engine::response_header) != nullptr) return "a problem that is called documented";
  return "";
}

/// Bodies of which nothing was to be complained, so that what a response says again and again is looked at once.
class Approved {
 public:
  bool contains(const contract::Response& of, std::string_view body) const { return known_.contains(key(of, body)); }
  void add(const contract::Response& of, std::string_view body) {
    constexpr size_t known_max = 10'000;
    if (known_.size() >= known_max) known_.clear();
    known_.insert(key(of, body));
  }

 private:
  static size_t key(const contract::Response& of, std::string_view body) {
    return std::hash<std::string_view>{}(body) ^ std::hash<const void*>{}(&of);
  }
  std::unordered_set<size_t> known_;
};

std::string complaint_of_body(const conformance::Shape& shape, const contract::Response& documented,
                              const http::Response& response) {
  static Approved approved;
  const std::string* type = response.headers.find("Content-Type");
  if (!documented.has_body) return response.body.empty() ? "" : "a body where there is none";
  if (type == nullptr || *type != documented.content_type) return "another content type";
  if (!http::is_json(*type)) return "";
  if (approved.contains(documented, response.body)) return "";
  std::string error;
  const auto body = document::parse_json(response.body, &error);
  if (!body) return "the body is not JSON: " + error;
  if (const auto difference = shape.difference(*body)) {
    return fmt::format("{} is not {}", difference->path, difference->expected);
  }
  if (documented.schema != nullptr) {
    const auto violations = documented.schema->validate(*body);
    if (!violations.empty()) return violations[0].text();
  }
  approved.add(documented, response.body);
  return "";
}

}  // namespace

std::string complaint(const ShippedContract& contract, const engine::Answer& answer) {
  if (answer.documented == nullptr) return complaint_of_problem(answer);
  if (answer.operation == nullptr) return "a response of no operation";
  const auto& responses = answer.operation->responses;
  const auto found = std::find_if(responses.begin(), responses.end(),
                                  [&](const auto& response) { return response.get() == answer.documented; });
  if (found == responses.end()) return "a response of another operation";
  if (answer.response.status != answer.documented->status) return "another status";
  if (answer.is_documented != answer.operation->documents(*answer.documented)) return "documented, and then not";
  const std::string* name = answer.response.headers.find(engine::response_header);
  if (name == nullptr || *name != answer.documented->name) return "the response does not say its name";
  return complaint_of_body(contract.shapes->of(*answer.documented), *answer.documented, answer.response);
}

std::string complaint(const state::Space& space) {
  for (size_t i = 0; i < space.collections(); ++i) {
    if (!space.shared(i).consistent()) return space.shared(i).spec().name + ": the indexes do not agree";
  }
  return "";
}

}  // namespace counterpart::fuzz
