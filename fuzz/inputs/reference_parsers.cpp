#include "fuzz/inputs/reference_parsers.h"

#include <array>
#include <functional>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/document/json.h"

namespace counterpart::fuzz {

namespace {

using document::Json;
using Accepts = bool (*)(const Json&);

bool text(const Json& value) { return value.is_string(); }
bool text_or_null(const Json& value) { return value.is_string() || value.is_null(); }
bool integer(const Json& value) { return value.is_number_integer(); }
bool boolean(const Json& value) { return value.is_boolean(); }
bool yes(const Json& value) { return value == true; }

struct Field {
  std::string_view name;
  Accepts accepts;
};

/// Why a value is not a map of exactly these fields; "" when it is.
std::string misfit(const Json& value, std::initializer_list<Field> fields) {
  if (!value.is_object()) return "no map";
  for (const Field& field : fields) {
    const auto found = value.find(field.name);
    if (found == value.end()) return std::string(field.name) + " is missing";
    if (!field.accepts(*found)) return std::string(field.name) + " has another type or value";
  }
  return value.size() == fields.size() ? "" : "a field that is not documented";
}

std::string misfit_of_each(const Json& list, std::initializer_list<Field> fields) {
  if (!list.is_array()) return "no list";
  for (const Json& item : list) {
    if (std::string problem = misfit(item, fields); !problem.empty()) return problem;
  }
  return "";
}

bool any(const Json&) { return true; }

ParsedAnswer parsed(std::string_view response, std::string problem) {
  if (problem.empty()) return {std::string(response), ""};
  return {"", std::move(problem)};
}

struct Sentence {
  int status;
  bool success;
  std::string_view message;
  std::string_view response;
};

constexpr std::array keyauth_sentences{
    Sentence{200, true, "Successfully killed session!", "killed"},
    Sentence{200, true, "Successfully killed all sessions!", "all-killed"},
    Sentence{200, true, "Successfully retrieved sessions", "retrieved"},
    Sentence{200, false, "Failed to kill session!", "kill-failed"},
    Sentence{200, false, "Type not specified", "type-missing"},
    Sentence{200, false, "Type doesn't exist", "type-unknown"},
    Sentence{403, false, "Not authorized to use SellerAPI, please upgrade.", "not-authorized"},
    Sentence{404, false, "Seller Key Not Found", "seller-key-not-found"},
};

ParsedAnswer panel_error(std::string_view response, int status, std::string_view message, const Json& body,
                         bool has_data = false) {
  std::string problem = has_data ? misfit(body, {{"error", boolean},
                                                 {"url", text},
                                                 {"statusCode", integer},
                                                 {"statusMessage", text},
                                                 {"message", text},
                                                 {"data", any}})
                                 : misfit(body, {{"error", boolean},
                                                 {"url", text},
                                                 {"statusCode", integer},
                                                 {"statusMessage", text},
                                                 {"message", text}});
  if (problem.empty() && (body["error"] != true || body["statusCode"] != status || body["message"] != message ||
                          body["statusMessage"] != "Server Error")) {
    problem = "another error";
  }
  if (problem.empty() && has_data) problem = misfit_of_each(body["data"], {{"field", text}, {"message", text}});
  return parsed(response, std::move(problem));
}

ParsedAnswer panel_page(const Json& body) {
  std::string problem = misfit(body, {{"data", any}, {"currentToken", text_or_null}, {"pagination", any}});
  if (problem.empty()) {
    problem = misfit(body["pagination"],
                     {{"page", integer}, {"perPage", integer}, {"total", integer}, {"totalPages", integer}});
  }
  if (problem.empty()) {
    problem = misfit_of_each(body["data"], {{"token", text},
                                            {"issuedAt", text},
                                            {"expiresAt", text},
                                            {"expiresAtTimestamp", integer},
                                            {"isCurrent", boolean},
                                            {"ipAddress", text},
                                            {"userAgent", text},
                                            {"browser", text},
                                            {"os", text},
                                            {"device", text},
                                            {"lastSeenAt", text},
                                            {"firstSeenAt", text},
                                            {"fingerprint", text_or_null}});
  }
  return parsed("listed", std::move(problem));
}

ParsedAnswer panel_revoked(const Json& body, Accepts revoked) {
  std::string problem = misfit(body, {{"data", any}});
  if (problem.empty()) problem = misfit(body["data"], {{"revoked", revoked}, {"currentSessionRevoked", boolean}});
  return parsed("revoked", std::move(problem));
}

}  // namespace

ParsedAnswer parse_keyauth_answer(int status, std::string_view body_text) {
  const auto body = document::parse_json(body_text);
  if (!body || !body->is_object()) return {"", "no JSON map"};
  const auto message = body->find("message");
  for (const Sentence& sentence : keyauth_sentences) {
    if (sentence.status != status || message == body->end() || *message != sentence.message) continue;
    const bool has_sessions = sentence.response == "retrieved";
    std::string problem = has_sessions ? misfit(*body, {{"success", boolean}, {"message", text}, {"sessions", any}})
                                       : misfit(*body, {{"success", boolean}, {"message", text}});
    if (problem.empty() && (*body)["success"] != sentence.success) problem = "success is otherwise";
    if (problem.empty() && has_sessions) {
      problem = misfit_of_each((*body)["sessions"],
                               {{"id", text}, {"credential", text_or_null}, {"expiry", text}, {"validated", text}});
    }
    return parsed(sentence.response, std::move(problem));
  }
  return {"", "no message that is documented"};
}

ParsedAnswer parse_panel_answer(std::string_view operation, int status, std::string_view body_text) {
  const auto body = document::parse_json(body_text);
  if (!body) return {"", "no JSON"};
  const bool revokes_one = operation == "revokeSession";
  if (status == 401) return panel_error("not-authenticated", status, "Authentication required.", *body);
  if (status == 404 && revokes_one) {
    return panel_error("session-not-found", status, "Session not found or failed to revoke.", *body);
  }
  if (status == 400) {
    return revokes_one ? panel_error("token-missing", status, "Missing session token in request path.", *body)
                       : panel_error("query-invalid", status, "Query validation failed", *body, true);
  }
  if (status != 200) return {"", "no status that is documented"};
  if (operation == "listSessions") return panel_page(*body);
  return revokes_one ? panel_revoked(*body, yes) : panel_revoked(*body, integer);
}

}  // namespace counterpart::fuzz
