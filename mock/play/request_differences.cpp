#include "mock/play/request_differences.h"

#include <algorithm>

#include "engine/document/json.h"
#include "engine/http/url.h"
#include "engine/request_values.h"
#include "engine/schema/value.h"

namespace counterpart::mock {

using contract::Json;
using contract::Parameter;
using contract::Place;

namespace {

/// A request as its operation reads it.
class Read {
 public:
  Read(const contract::Contract& contract, const contract::Operation& operation, const http::Request& request,
       http::Target target)
      : target_(std::move(target)), values_(request, target_) {
    values_.set_operation(contract, operation);
  }

  const http::Target& target() const { return target_; }
  engine::RequestValues& values() { return values_; }

  bool is_invalid(const Parameter& parameter) {
    const Json& invalid = values_.invalid();
    return std::any_of(invalid.begin(), invalid.end(), [&](const Json& one) {
      return one.at("name") == parameter.name && one.at("in") == contract::name_of(parameter.in);
    });
  }

  /// nullptr: it is not there, and has no default.
  const Json* value(const Parameter& parameter) {
    const bool is_header = parameter.in == Place::header;
    const Json& all = is_header                      ? values_.headers().typed
                      : parameter.in == Place::query ? values_.query()
                                                     : values_.cookies();
    const auto found = all.find(is_header ? http::lower_case(parameter.name) : parameter.name);
    return found == all.end() ? nullptr : &*found;
  }

  /// Every text of a name in the query, so that repeated ones are compared as well.
  Json query_texts(const std::string& name) const {
    Json texts = Json::array();
    for (const auto& parameter : target_.query) {
      if (parameter.name == name) texts.push_back(parameter.value);
    }
    if (texts.empty()) return nullptr;
    return texts.size() == 1 ? texts[0] : texts;
  }

 private:
  http::Target target_;
  engine::RequestValues values_;
};

Json body_of(const http::Request& request) {
  if (request.body.empty()) return nullptr;
  if (auto parsed = document::parse_json(request.body)) return *std::move(parsed);
  return request.body;
}

class Comparison {
 public:
  Comparison(const contract::Operation& operation, Read& awaited, Read& got, Json& differences)
      : operation_(operation), awaited_(awaited), got_(got), differences_(differences) {}

  void compare_paths() {
    const auto without_slash = [](std::vector<std::string> segments) {
      if (segments.size() > 1 && segments.back().empty()) segments.pop_back();
      return segments;
    };
    if (without_slash(awaited_.target().segments) == without_slash(got_.target().segments)) return;
    differences_.push_back(difference("path", awaited_.target().path, got_.target().path));
  }

  void compare_queries() {
    std::vector<std::string> names;
    for (const Read* one : {&awaited_, &got_}) {
      for (const auto& parameter : one->target().query) {
        if (std::find(names.begin(), names.end(), parameter.name) == names.end()) names.push_back(parameter.name);
      }
    }
    for (const std::string& name : names) {
      compare(Place::query, name, "query.", awaited_.query_texts(name), got_.query_texts(name));
    }
  }

  void compare_headers(const http::Headers& awaited, const http::Headers& got) {
    for (const http::Header& field : awaited) {
      const std::string name = http::lower_case(field.name);
      if (name == "host" || name == "content-type" || name == "accept" || name == "cookie") continue;
      const std::string* sent = got.find(field.name);
      compare(Place::header, name, "headers.", field.value, sent == nullptr ? Json() : Json(*sent));
    }
    for (const std::string& name : awaited_.values().names(Place::cookie)) {
      const auto text = [&name](Read& read) {
        const auto value = read.values().value(Place::cookie, name);
        return value ? Json(std::string(*value)) : Json();
      };
      compare(Place::cookie, name, "cookies.", text(awaited_), text(got_));
    }
  }

 private:
  /// Texts that differ may mean the same: a default that is sent, a number written otherwise.
  void compare(Place in, const std::string& name, const std::string& field, Json awaited, Json got) {
    if (awaited == got) return;
    for (const Parameter& parameter : operation_.parameters) {
      const bool is_it = in == Place::header ? http::equal_ignoring_case(parameter.name, name) : parameter.name == name;
      if (parameter.in == in && is_it && mean_the_same(parameter)) return;
    }
    differences_.push_back(difference(field + name, std::move(awaited), std::move(got)));
  }

  bool mean_the_same(const Parameter& parameter) {
    if (awaited_.is_invalid(parameter) || got_.is_invalid(parameter)) return false;
    const Json* one = awaited_.value(parameter);
    const Json* other = got_.value(parameter);
    return one != nullptr && other != nullptr && schema::equal(*one, *other);
  }

  const contract::Operation& operation_;
  Read& awaited_;
  Read& got_;
  Json& differences_;
};

}  // namespace

Json difference(const std::string& field, Json awaited, Json got) {
  return {{"field", field}, {"awaited", std::move(awaited)}, {"got", std::move(got)}};
}

void add_differences(const contract::Contract& contract, const contract::Operation& operation,
                     const http::Request& awaited, const http::Request& got, Json& differences) {
  auto wanted = http::parse_target(awaited.target);
  auto came = http::parse_target(got.target);
  if (!wanted || !came) return;
  Read one(contract, operation, awaited, *std::move(wanted));
  Read other(contract, operation, got, *std::move(came));
  Comparison comparison(operation, one, other, differences);
  comparison.compare_paths();
  comparison.compare_queries();
  comparison.compare_headers(awaited.headers, got.headers);
  const Json wanted_body = body_of(awaited);
  const Json body = body_of(got);
  if (!schema::equal(wanted_body, body)) differences.push_back(difference("body", wanted_body, body));
}

}  // namespace counterpart::mock
