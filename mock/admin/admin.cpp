#include "mock/admin/admin.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/document/json.h"
#include "engine/document/yaml.h"
#include "engine/http/problem.h"
#include "engine/http/url.h"
#include "engine/schema/schema.h"
#include "mock/admin/endpoint.h"
#include "mock/admin/guard.h"

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

}  // namespace

class Admin::Impl {
 public:
  Impl(const AdminOptions& options, Spaces& spaces) : guard_(options.token), spaces_(spaces) {
    for (const Endpoint& endpoint : admin::endpoints()) routes_.emplace_back(endpoint);
  }

  http::Response answer(const http::Request& request, std::string_view space) const {
    guard_.check(request);
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

  const admin::Guard guard_;
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
