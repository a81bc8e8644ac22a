#pragma once
/// What a request says, as an operation's parameters read it: decoded, coerced by their schemas, checked. Computed part
/// by part, when an expression first asks.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/contract/contract.h"
#include "engine/contract/router.h"
#include "engine/expression/scope.h"
#include "engine/http/message.h"
#include "engine/http/url.h"

namespace counterpart::engine {

using Json = nlohmann::ordered_json;

/// One request. Borrows the request and its target, and the operation once it is known.
class RequestValues : public contract::Facts {
 public:
  RequestValues(const http::Request& request, const http::Target& target) : request_(request), target_(target) {}
  RequestValues(const RequestValues&) = delete;
  RequestValues& operator=(const RequestValues&) = delete;

  std::optional<std::string_view> value(contract::Place in, std::string_view name) override;
  std::vector<std::string> names(contract::Place in) override;

  /// The operation whose parameters and security count from now on.
  void set_operation(const contract::Contract& contract, const contract::Operation& operation);

  /// Maps from name to value. A value that could not be coerced stays text and is listed in invalid().
  const Json& path();
  const Json& query();
  const Json& cookies();
  const expression::HeaderValues& headers();
  /// A JSON body as JSON, another as text; nullptr when there is none, or it says JSON and is not.
  const Json* body();
  /// {name, in, value, reason} for every parameter that is missing, cannot be coerced or breaks its schema.
  const Json& invalid();
  /// {method, path, target, url}
  const Json& request();
  /// The secret presented under the operation's security, or nullopt.
  const std::optional<std::string>& credential();

 private:
  struct Coerced {
    Json value;
    std::string problem;  ///< empty: none
    bool present = false;
  };

  std::vector<std::string_view> texts_of(const contract::Parameter& parameter);
  Coerced coerced(const contract::Parameter& parameter);
  void set_parameters(Json& into, contract::Place in);
  const std::vector<http::QueryParameter>& cookie_pairs();
  void find_credential(const contract::SecurityScheme& scheme);
  void parse_body();
  void check_body(Json& problems);

  const http::Request& request_;
  const http::Target& target_;
  const contract::Contract* contract_ = nullptr;
  const contract::Operation* operation_ = nullptr;

  std::optional<Json> path_, query_, cookies_, invalid_, about_request_;
  std::optional<expression::HeaderValues> headers_;
  std::optional<std::vector<http::QueryParameter>> cookie_pairs_;
  bool body_parsed_ = false;
  std::optional<Json> body_;
  std::string body_problem_;
  bool credential_sought_ = false;
  std::optional<std::string> credential_;
  std::string body_fact_;  ///< the text value() handed out last
};

}  // namespace counterpart::engine
