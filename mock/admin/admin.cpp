#include "mock/admin/admin.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "engine/document/json.h"
#include "engine/document/yaml.h"
#include "engine/http/problem.h"
#include "engine/http/url.h"
#include "engine/schema/schema.h"
#include "mock/admin/endpoint.h"

namespace counterpart::mock {

using admin::Call;
using admin::Endpoint;
using admin::Json;
using admin::refuse;

namespace {

schema::Schema compile(std::string_view text) {
  document::Diagnostics diagnostics;
  const auto source = std::make_shared<const document::Source>(document::Source{"schema", std::string(text)});
  const auto node = document::parse_yaml(source, diagnostics);
  schema::Schema compiled = schema::Schema::compile(*node, source, diagnostics);
  if (diagnostics.has_errors()) throw std::logic_error(diagnostics.render(false));
  return compiled;
}

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> segments;
  for (size_t begin = 0; begin <= path.size();) {
    const size_t end = std::min(path.find('/', begin), path.size());
    segments.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return segments;
}

/// An endpoint, ready to be compared with requests.
struct Route {
  explicit Route(const Endpoint& of) : endpoint(of), segments(split(of.path)) {
    for (const admin::Parameter& parameter : of.query_parameters) query.push_back(compile(parameter.schema));
    if (!of.body.empty()) body = compile(of.body);
  }

  const Endpoint& endpoint;
  std::vector<std::string_view> segments;
  std::vector<schema::Schema> query;  ///< as endpoint.query_parameters
  schema::Schema body;
};

/// The values of the path's parameters; nullopt when the path is another.
std::optional<std::vector<std::string>> match(const Route& route, const std::vector<std::string>& segments) {
  if (segments.size() != route.segments.size() + 1) return std::nullopt;  // the first is the prefix
  std::vector<std::string> arguments;
  for (size_t i = 0; i < route.segments.size(); ++i) {
    const std::string& segment = segments[i + 1];
    if (!route.segments[i].starts_with('{')) {
      if (segment != route.segments[i]) return std::nullopt;
    } else {
      if (segment.empty()) return std::nullopt;
      arguments.push_back(segment);
    }
  }
  return arguments;
}

std::string methods_text(const std::vector<std::string_view>& methods) {
  std::string text;
  for (const std::string_view method : methods) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", method);
    if (method == "GET") text += ", HEAD";
  }
  return text + ", OPTIONS";
}

[[noreturn]] void refuse_path(const std::string& path) {
  std::vector<std::string> known;
  Json list = Json::array();
  for (const Endpoint& endpoint : admin::endpoints()) {
    std::string full = fmt::format("{}{}", Admin::prefix, endpoint.path);
    if (!known.empty() && known.back() == full) continue;
    list.push_back(full);
    known.push_back(std::move(full));
  }
  const std::string nearest = document::nearest(path, known);
  const std::string hint = nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest);
  refuse(404, fmt::format("the admin API has no path \"{}\"{}", path, hint), {{"paths", document::write_json(list)}});
}

[[noreturn]] void refuse_value(const std::string& what, const std::vector<schema::Violation>& violations) {
  std::string text;
  for (const auto& violation : violations) {
    text += fmt::format("{}{}{} {}", text.empty() ? "" : "; ", what, violation.instance_path.empty() ? "" : "'s",
                        violation.text());
  }
  refuse(400, text);
}

/// A text as the value its schema speaks of.
Json coerced(const std::string& text, const schema::Schema& schema) {
  const auto& types = schema.types();
  if (std::find(types.begin(), types.end(), "string") != types.end()) return text;
  const auto value = document::parse_json(text);
  return value ? *value : Json(text);
}

void read_query(const Route& route, const http::Target& target, Call& call) {
  const auto& declared = route.endpoint.query_parameters;
  for (const http::QueryParameter& sent : target.query) {
    const auto found = std::find_if(declared.begin(), declared.end(),
                                    [&](const admin::Parameter& parameter) { return parameter.name == sent.name; });
    if (found == declared.end()) {
      std::vector<std::string> known;
      for (const admin::Parameter& parameter : declared) known.emplace_back(parameter.name);
      const std::string hint = document::suggestion(sent.name, known);
      refuse(400,
             fmt::format("there is no query parameter \"{}\" here{}{}", sent.name, hint.empty() ? "" : "; ", hint));
    }
    if (call.query.contains(sent.name)) refuse(400, fmt::format("the query parameter \"{}\" came twice", sent.name));
    const schema::Schema& schema = route.query[static_cast<size_t>(found - declared.begin())];
    Json value = coerced(sent.value, schema);
    const auto violations = schema.validate(value);
    if (!violations.empty()) refuse_value(fmt::format("the query parameter \"{}\"", sent.name), violations);
    call.query[sent.name] = std::move(value);
  }
}

void read_body(const Route& route, Call& call) {
  if (route.endpoint.body.empty()) return;
  std::string error;
  auto body = document::parse_json(call.request.body, &error);
  if (!body) {
    refuse(400, call.request.body.empty() ? "a JSON body is needed" : fmt::format("the body is not JSON: {}", error));
  }
  const auto violations = route.body.validate(*body);
  if (!violations.empty()) refuse_value("the body", violations);
  call.body = *std::move(body);
}

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Digest digest(std::string_view text) {
  Digest digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

/// What stands behind "Bearer" (RFC 6750, 2.1; the scheme's case does not matter).
std::optional<std::string_view> bearer_token(const http::Request& request) {
  constexpr std::string_view scheme = "bearer ";
  const std::string* header = request.headers.find("authorization");
  if (header == nullptr) return std::nullopt;
  std::string_view value = *header;
  if (!http::equal_ignoring_case(value.substr(0, scheme.size()), scheme)) return std::nullopt;
  value.remove_prefix(std::min(value.find_first_not_of(' ', scheme.size()), value.size()));
  return value;
}

}  // namespace

class Admin::Impl {
 public:
  Impl(const AdminOptions& options, Spaces& spaces)
      : needs_token_(!options.token.empty()), token_(digest(options.token)), spaces_(spaces) {
    for (const Endpoint& endpoint : admin::endpoints()) routes_.emplace_back(endpoint);
  }

  http::Response answer(const http::Request& request, std::string_view space) const {
    check_token(request);
    const auto target = http::parse_target(request.target);
    if (!target) refuse(400, "the request's target is not a path with well-formed percent escapes");
    Call call(spaces_, space, request);
    const std::string_view method = request.method == "HEAD" ? "GET" : std::string_view(request.method);
    std::vector<std::string_view> methods;
    for (const Route& route : routes_) {
      auto arguments = match(route, target->segments);
      if (!arguments) continue;
      methods.push_back(route.endpoint.method);
      if (method != route.endpoint.method) continue;
      call.arguments = *std::move(arguments);
      read_query(route, *target, call);
      read_body(route, call);
      return route.endpoint.handle(call);
    }
    if (methods.empty()) refuse_path(target->path);
    return other_method(request, *target, methods);
  }

 private:
  /// Digests have one length, so the comparison tells nothing of the token's.
  void check_token(const http::Request& request) const {
    if (!needs_token_) return;
    const auto sent = bearer_token(request);
    const Digest sent_digest = digest(sent.value_or(""));
    if (CRYPTO_memcmp(sent_digest.data(), token_.data(), token_.size()) == 0) return;
    http::Response refused = http::problem(401, sent ? "this is not the admin token" : "the admin token is needed");
    refused.headers.add("WWW-Authenticate", "Bearer");
    throw admin::Refusal{std::move(refused)};
  }

  static http::Response other_method(const http::Request& request, const http::Target& target,
                                     const std::vector<std::string_view>& methods) {
    const std::string allow = methods_text(methods);
    http::Response response =
        request.method == "OPTIONS"
            ? admin::nothing()
            : http::problem(405, fmt::format("{} answers {}, not {}", target.path, allow, request.method));
    response.headers.add("Allow", allow);
    return response;
  }

  const bool needs_token_;
  const Digest token_;
  Spaces& spaces_;
  std::vector<Route> routes_;
};

Admin::Admin(AdminOptions options, Spaces& spaces) : impl_(std::make_unique<Impl>(options, spaces)) {}

Admin::~Admin() = default;

http::Response Admin::answer(const http::Request& request, std::string_view space) {
  try {
    return impl_->answer(request, space);
  } catch (admin::Refusal& refusal) {
    return std::move(refusal.problem);
  } catch (const std::exception& error) {
    return http::problem(500, fmt::format("the admin API failed: {}", error.what()));
  }
}

}  // namespace counterpart::mock
