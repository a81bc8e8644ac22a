#pragma once
/// What the admin API is made of: one table of endpoints, from which requests are routed, their parameters and bodies
/// checked, and the OpenAPI document written (openapi.h), so that none of the three can differ from the others. Each
/// group of endpoints is a file that adds its part of the table.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/http/message.h"
#include "mock/spaces.h"

namespace counterpart::mock::admin {

using Json = nlohmann::ordered_json;

/// Thrown by whoever cannot go on with a call; the answer is `problem`.
struct Refusal {
  http::Response problem;
};

[[noreturn]] void refuse(int status, std::string_view detail,
                         const std::vector<std::pair<std::string, std::string>>& extensions = {});

/// One request that was found to be well-formed.
class Call {
 public:
  Call(Spaces& all_spaces, std::string_view name_of_space, const http::Request& of)
      : spaces(all_spaces), space_name(name_of_space), request(of) {}

  Spaces& spaces;
  const std::string space_name;
  const http::Request& request;
  std::vector<std::string> arguments;  ///< of the path's parameters, in order, decoded
  Json query = Json::object();         ///< by name, of the declared types; what was not sent is not there
  Json body;

  /// The space that is asked. Refused with 503 where it cannot be made.
  Space& space();
  /// The seats that are asked: all of them, or the one that the query parameter `contract` names.
  std::vector<size_t> seats(const Stage& stage) const;

 private:
  std::optional<Spaces::Use> use_;
};

/// `schema` and the like are JSON texts.
struct Parameter {
  std::string_view name = {};
  std::string_view schema = R"({"type":"string"})";
  std::string_view summary = {};
};

struct Reply {
  int status = 200;
  std::string_view summary = {};
  std::string_view schema = {};  ///< the name of one of schemas(); "": there is no body
  std::string_view content_type = "application/json";
};

struct Endpoint {
  std::string_view method = {};
  std::string_view path = {};  ///< behind Admin::prefix; {name} stands for one segment
  std::string_view id = {};
  std::string_view summary = {};
  std::vector<Parameter> path_parameters{};  ///< in the path's order
  std::vector<Parameter> query_parameters{};
  std::string_view body = {};  ///< schema; "": no body is read
  std::vector<Reply> replies{};
  http::Response (*handle)(Call&) = nullptr;
};

/// A problem, as a reply of an endpoint.
Reply problem(int status, std::string_view summary);
inline constexpr Parameter contract_parameter{"contract", R"({"type":"string"})", "The name of one contract"};

/// Every endpoint.
const std::vector<Endpoint>& endpoints();

std::vector<Endpoint> report_endpoints();
std::vector<Endpoint> request_endpoints();
std::vector<Endpoint> verify_endpoints();
std::vector<Endpoint> state_endpoints();
std::vector<Endpoint> space_endpoints();
std::vector<Endpoint> script_endpoints();
std::vector<Endpoint> metrics_endpoints();
std::vector<Endpoint> openapi_endpoints();

/// An answer in JSON: `json` is its text.
http::Response answer_text(std::string json);
http::Response answer(const Json& value);
/// 204.
http::Response nothing();

}  // namespace counterpart::mock::admin
