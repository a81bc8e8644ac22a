#include "conformance/bodies.h"

#include <algorithm>

#include "conformance/json_values.h"
#include "conformance/keyword_probes.h"
#include "engine/document/json.h"
#include "engine/http/media_type.h"

namespace counterpart::conformance {

using contract::Operation;
using schema::Schema;
using Pointer = Json::json_pointer;

namespace {

bool is_literal(const Operation& operation, const std::string& member) {
  return std::any_of(operation.parameters.begin(), operation.parameters.end(), [&](const auto& parameter) {
    return parameter.in == contract::Place::body && parameter.literal && parameter.name == member;
  });
}

void take_out_literals(const Operation& operation, Json& body) {
  if (!body.is_object()) return;
  for (const contract::Parameter& parameter : operation.parameters) {
    if (parameter.in == contract::Place::body && parameter.literal) body.erase(parameter.name);
  }
}

/// Walks over a schema beside a body that fits it, to where bounds are.
class Walk {
 public:
  Walk(const Operation& operation, const Json& base) : operation_(operation), base_(base), random_(1) {}

  std::vector<BodyProbe> probes(const Schema& schema, bool is_json) {
    visit(schema, Pointer(), is_json, 0);
    return std::move(probes_);
  }

  std::vector<BodyProbe> left_out(const Schema& schema) {
    leave_out(schema, Pointer(), 0);
    return std::move(probes_);
  }

 private:
  static constexpr int depth_max = 8;

  bool is_over(int depth) const { return depth > depth_max || probes_.size() >= body_probes_max; }

  void add(const Pointer& at, std::string bound, Json value) {
    if (probes_.size() >= body_probes_max) return;
    BodyProbe probe{at.to_string(), std::move(bound), base_, {}, ""};
    (*probe.body)[at] = std::move(value);
    probes_.push_back(std::move(probe));
  }

  void visit(const Schema& schema, const Pointer& at, bool is_json, int depth) {
    if (is_over(depth)) return;
    const Applied all = applied(schema);
    std::vector<Probe> probes;
    add_keyword_probes(all.keywords, is_json, probes);
    const bool may_be_empty = has_type(all.keywords, "string") && !all.keywords.contains("minLength");
    if (may_be_empty && is_json) probes.push_back({"empty", ""});
    const auto items = all.items();
    if (has_type(all.keywords, "array")) {
      const size_t count = list_probe_items(all.keywords);
      add_list_probes(all.keywords, items ? different_values(*items, count, random_) : numbers(count), probes);
    }
    for (Probe& probe : probes) {
      if (!is_json && !probe.value.is_string()) probe.value = document::write_json(probe.value);
      if (probe.is_past && schema.validate(probe.value).empty()) continue;
      add(at, std::move(probe.bound), std::move(probe.value));
    }
    if (base_[at].is_object()) visit_members(all, at, depth);
    if (items && base_[at].is_array()) {
      with_item(at, *items, [&] { visit(*items, at / size_t{0}, true, depth + 1); });
    }
  }

  static std::vector<Json> numbers(size_t count) {
    std::vector<Json> values;
    for (size_t i = 0; i < count; ++i) values.emplace_back(static_cast<int64_t>(i));
    return values;
  }

  /// The member's own schema is walked over with the member there, and gone again afterwards.
  template <typename Visit>
  void with(const Pointer& at, const Schema& schema, const Visit& visit) {
    const Json before = base_;
    if (!base_.contains(at)) {
      auto value = legal_json(schema, {}, Optionals::none, random_);
      if (!value) return;
      base_[at] = *std::move(value);
    }
    visit();
    base_ = before;
  }

  void visit_members(const Applied& all, const Pointer& at, int depth) {
    for (const std::string& name : all.properties()) {
      if (at.empty() && is_literal(operation_, name)) continue;  // a parameter's bounds
      const auto property = all.property(name);
      if (property) with(at / name, *property, [&] { visit(*property, at / name, true, depth + 1); });
    }
    const auto more = all.keywords.find("additionalProperties");
    if (more != all.keywords.end() && *more == false) {
      Json object = base_[at];
      object["counterpart-other"] = 1;
      add(at, "a member more", std::move(object));
    }
    const auto most = all.keywords.find("maxProperties");
    constexpr size_t properties_max = 1000;
    if (most == all.keywords.end() || !most->is_number_unsigned() || *most > properties_max) return;
    Json object = base_[at];
    for (size_t i = 1; object.size() <= *most; ++i) object["counterpart-" + std::to_string(i)] = 1;
    add(at, "above maximum members", std::move(object));
  }

  /// The items' schema is walked over with an item there, and without it again afterwards.
  template <typename Visit>
  void with_item(const Pointer& at, const Schema& items, const Visit& visit) {
    const Json before = base_;
    if (base_[at].empty()) {
      auto item = legal_json(items, {}, Optionals::none, random_);
      if (!item) return;
      base_[at].push_back(*std::move(item));
    }
    visit();
    base_ = before;
  }

  void leave_out(const Schema& schema, const Pointer& at, int depth) {
    if (is_over(depth)) return;
    const Applied all = applied(schema);
    if (const auto items = all.items(); items && base_[at].is_array()) {
      with_item(at, *items, [&] { leave_out(*items, at / size_t{0}, depth + 1); });
    }
    if (!base_[at].is_object()) return;
    if (const auto required = all.keywords.find("required"); required != all.keywords.end()) {
      for (const Json& name : *required) {
        if (!name.is_string()) continue;
        const Pointer member = at / name.get<std::string>();
        BodyProbe probe{member.to_string(), "left out", base_, {}, ""};
        if (at.empty() && is_literal(operation_, member.back())) probe.omitted = member.back();
        (*probe.body)[at].erase(member.back());
        probes_.push_back(std::move(probe));
      }
    }
    for (const std::string& name : all.properties()) {
      if (at.empty() && is_literal(operation_, name)) continue;
      const auto property = all.property(name);
      if (property) with(at / name, *property, [&] { leave_out(*property, at / name, depth + 1); });
    }
  }

  const Operation& operation_;
  Json base_;
  state::SeededRandom random_;
  std::vector<BodyProbe> probes_;
};

/// What the request builder sends of a body.
Json whole_body(const Operation& operation, Json body) {
  if (!body.is_object()) return body;
  for (const contract::Parameter& parameter : operation.parameters) {
    const bool is_missing = parameter.in == contract::Place::body && parameter.literal;
    if (is_missing && !body.contains(parameter.name)) body[parameter.name] = *parameter.literal;
  }
  return body;
}

void add_open_members(const Json& value, const Pointer& at, std::vector<std::string>& members) {
  constexpr size_t members_max = 16;
  if (members.size() >= members_max) return;
  if (value.is_string() || value.is_number()) members.push_back(at.to_string());
  if (value.is_object()) {
    for (const auto& [name, member] : value.items()) add_open_members(member, at / name, members);
  }
  for (size_t i = 0; value.is_array() && i < value.size(); ++i) add_open_members(value[i], at / i, members);
}

}  // namespace

std::optional<BodyKind> body_kind(const Operation& operation) {
  const auto& content = operation.body.content;
  if (content.empty()) return std::nullopt;
  auto chosen = std::find_if(content.begin(), content.end(), [](const auto& one) { return http::is_json(one.first); });
  const bool is_json = chosen != content.end();
  if (!is_json) chosen = content.begin();
  return BodyKind{chosen->first, chosen->second, is_json};
}

std::optional<Json> legal_body(const Operation& operation, const std::vector<Json>& known, bool some,
                               state::Random& random) {
  const auto kind = body_kind(operation);
  if (!kind) return std::nullopt;
  auto body = legal_json(kind->schema, known, some ? Optionals::some : Optionals::none, random);
  if (!kind->is_json && (!body || !body->is_string())) return std::nullopt;
  if (body) take_out_literals(operation, *body);
  return body;
}

bool fits_body(const Operation& operation, const Json& body) {
  const auto kind = body_kind(operation);
  return !kind || kind->schema.validate(whole_body(operation, body)).empty();
}

std::vector<std::string> open_members(const Operation& operation, const Json& body) {
  std::vector<std::string> members;
  add_open_members(body, Pointer(), members);
  std::erase_if(members, [&](const std::string& member) {
    Json other = body;
    other[Pointer(member)] = "counterpart-other";
    Json number = body;
    number[Pointer(member)] = 0;
    return !fits_body(operation, other) && !fits_body(operation, number);
  });
  return members;
}

std::vector<BodyProbe> body_probes(const Operation& operation, const Json& base) {
  const auto kind = body_kind(operation);
  if (!kind) return {};
  std::vector<BodyProbe> probes = Walk(operation, base).probes(kind->schema, kind->is_json);
  const std::string text = kind->is_json ? document::write_json(whole_body(operation, base)) : base.get<std::string>();
  if (kind->is_json) probes.push_back({"", "not JSON", {}, RawBody{kind->media_type, text + ","}, ""});
  constexpr const char* other = "application/x-counterpart-other";
  const auto& content = operation.body.content;
  const bool takes_any =
      std::any_of(content.begin(), content.end(), [](const auto& one) { return one.first == "*/*"; });
  if (!takes_any) probes.push_back({"", "another content type", {}, RawBody{other, text}, ""});
  return probes;
}

std::vector<BodyProbe> bodies_left_out(const Operation& operation, const Json& base) {
  const auto kind = body_kind(operation);
  if (!kind) return {};
  std::vector<BodyProbe> probes;
  if (kind->is_json) probes = Walk(operation, base).left_out(kind->schema);
  if (operation.body.required) probes.push_back({"", "left out", {}, {}, ""});
  return probes;
}

Call with_body(Call call, const BodyProbe& probe) {
  call.parts.body = probe.body;
  call.raw_body = probe.raw;
  call.about = About{contract::Place::body, name_of_member(probe.member)};
  call.bound = probe.bound;
  if (!probe.omitted.empty()) call.parts.omitted.push_back(probe.omitted);
  if (probe.body) return call;
  for (const contract::Parameter& parameter : call.operation->parameters) {
    if (parameter.in == contract::Place::body) call.parts.omitted.push_back(parameter.name);
  }
  return call;
}

std::string name_of_member(const std::string& pointer) { return pointer.empty() ? "the body" : pointer; }

}  // namespace counterpart::conformance
