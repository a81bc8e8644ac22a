#include "conformance/shape.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/document/yaml.h"
#include "engine/expression/holes.h"
#include "engine/expression/names.h"
#include "engine/schema/value.h"

namespace counterpart::conformance {

using document::Kind;
using document::Member;
using document::Node;

namespace {

bool uses_any(const std::string& code, const std::set<std::string>& names) {
  const auto used = expression::names_of({code, {}, false, {}});
  return std::any_of(used.uses.begin(), used.uses.end(), [&](const auto& use) { return names.contains(use.name); });
}

std::string escaped(std::string_view key) {  // RFC 6901, 3
  std::string out;
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

struct Shape::Path {
  const Path* parent;
  std::string_view key;  ///< "*" for an item of a list

  static std::string text(const Path* path) {
    return path == nullptr ? "" : text(path->parent) + "/" + escaped(path->key);
  }
};

Shape Shape::anything() { return {}; }

Shape Shape::of_text(std::string text) {
  Shape shape;
  shape.kind_ = Kind::literal;
  shape.literal_ = std::move(text);
  return shape;
}

Shape Shape::of(const Node& node, const std::set<std::string>& volatile_names) {
  Shape shape;
  if (node.is(document::Kind::text)) {
    const auto pieces = expression::cut_at_holes(node.text);
    if (!pieces) return shape;
    for (const auto& piece : *pieces) {
      shape.is_volatile_ = shape.is_volatile_ || (piece.hole && uses_any(piece.text, volatile_names));
    }
    if (pieces->size() == 1 && pieces->front().hole) return shape;
    if (pieces->size() == 1) return of_text(pieces->front().text);
    shape.kind_ = Kind::text;
    bool after_hole = true;
    for (const auto& piece : *pieces) {
      if (piece.hole && after_hole) shape.pieces_.emplace_back();
      if (!piece.hole) shape.pieces_.push_back(piece.text);
      after_hole = piece.hole;
    }
    if (after_hole) shape.pieces_.emplace_back();
    return shape;
  }
  if (node.is(document::Kind::list)) {
    shape.kind_ = Kind::list;
    for (const Node& item : node.items) shape.parts_.push_back(of(item, volatile_names));
    return shape;
  }
  if (!node.is(document::Kind::map)) {
    shape.kind_ = Kind::literal;
    shape.literal_ = node.to_json();
    return shape;
  }
  if (const Node* list = node.find("$map")) {
    shape.kind_ = Kind::each;
    shape.is_volatile_ = uses_any(list->text, volatile_names);
    for (const Member& member : node.members) {
      if (member.key != "$map") shape.parts_.push_back(of(member.value, volatile_names));
    }
    return shape;
  }
  if (const Node* condition = node.find("$if")) {
    shape.kind_ = Kind::choice;
    shape.is_volatile_ = uses_any(condition->text, volatile_names);
    for (const char* branch : {"then", "else"}) {
      if (const Node* value = node.find(branch)) shape.parts_.push_back(of(*value, volatile_names));
    }
    return shape;
  }
  shape.kind_ = Kind::map;
  for (const Member& member : node.members) {
    Field field{member.key, of(member.value, volatile_names), false};
    field.optional = field.shape.kind_ == Kind::choice && field.shape.parts_.size() < 2;
    shape.fields_.push_back(std::move(field));
  }
  return shape;
}

bool Shape::fits_text(std::string_view text) const {
  if (!text.starts_with(pieces_.front())) return false;
  size_t at = pieces_.front().size();
  for (size_t i = 1; i + 1 < pieces_.size(); ++i) {
    const size_t found = text.find(pieces_[i], at);
    if (found == std::string_view::npos) return false;
    at = found + pieces_[i].size();
  }
  return text.size() >= at + pieces_.back().size() && text.ends_with(pieces_.back());
}

std::optional<Difference> Shape::difference(const Json& value) const { return difference(value, nullptr); }

std::optional<Difference> Shape::difference(const Json& value, const Path* path) const {
  const auto differs = [&](bool literal, std::string expected) {
    return Difference{Path::text(path), literal, std::move(expected), value};
  };
  switch (kind_) {
    case Kind::hole:
      return std::nullopt;
    case Kind::literal:
      if (schema::equal(literal_, value)) return std::nullopt;
      return differs(true, schema::summary(literal_));
    case Kind::text:
      if (!value.is_string()) return differs(false, "text");
      if (fits_text(value.get_ref<const std::string&>())) return std::nullopt;
      return differs(true, fmt::format("\"{}\"", fmt::join(pieces_, "...")));
    case Kind::list: {
      if (!value.is_array()) return differs(false, "a list");
      if (value.size() != parts_.size()) return differs(false, fmt::format("a list of {}", parts_.size()));
      const Path inner{path, "*"};
      for (size_t i = 0; i < parts_.size(); ++i) {
        if (auto found = parts_[i].difference(value[i], &inner)) return found;
      }
      return std::nullopt;
    }
    case Kind::each: {
      if (!value.is_array()) return differs(false, "a list");
      const Path inner{path, "*"};
      for (const Json& item : value) {
        if (auto found = parts_[0].difference(item, &inner)) return found;
      }
      return std::nullopt;
    }
    case Kind::choice: {
      std::optional<Difference> first;
      for (const Shape& branch : parts_) {
        auto found = branch.difference(value, path);
        if (!found) return std::nullopt;
        if (!first) first = std::move(found);
      }
      return first;
    }
    case Kind::map:
      return difference_of_map(value, path);
  }
  return std::nullopt;
}

std::optional<Difference> Shape::difference_of_map(const Json& value, const Path* path) const {
  if (!value.is_object()) return Difference{Path::text(path), false, "a map", value};
  for (const Field& field : fields_) {
    const Path inner{path, field.key};
    const auto member = value.find(field.key);
    if (member != value.end()) {
      if (auto found = field.shape.difference(*member, &inner)) return found;
    } else if (!field.optional) {
      return Difference{Path::text(&inner), false, "a field", std::nullopt};
    }
  }
  for (const auto& [key, member] : value.items()) {
    const bool known =
        std::any_of(fields_.begin(), fields_.end(), [&key = key](const Field& field) { return field.key == key; });
    const Path inner{path, key};
    if (!known) return Difference{Path::text(&inner), false, "no such field", member};
  }
  return std::nullopt;
}

std::optional<Difference> Shape::disagreement(const Json& predicted, const Json& actual) const {
  return disagreement(predicted, actual, nullptr);
}

std::optional<Difference> Shape::disagreement(const Json& predicted, const Json& actual, const Path* path) const {
  if (is_volatile_) return std::nullopt;
  const bool same_kind = predicted.type() == actual.type();
  if (kind_ == Kind::map && same_kind && predicted.is_object()) {
    for (const Field& field : fields_) {
      const Path inner{path, field.key};
      const auto wanted = predicted.find(field.key);
      const auto came = actual.find(field.key);
      if (wanted == predicted.end() && came == actual.end()) continue;
      if (field.optional && field.shape.is_volatile_) continue;  // whether it is there cannot be predicted
      if (wanted == predicted.end()) return Difference{Path::text(&inner), false, "no such field", *came};
      if (came == actual.end()) return Difference{Path::text(&inner), false, schema::summary(*wanted), std::nullopt};
      if (auto found = field.shape.disagreement(*wanted, *came, &inner)) return found;
    }
    return std::nullopt;
  }
  if (kind_ == Kind::choice) {
    const auto branch = std::find_if(parts_.begin(), parts_.end(), [&](const Shape& one) {
      return !one.difference(predicted) && !one.difference(actual);
    });
    if (branch != parts_.end()) return branch->disagreement(predicted, actual, path);
  }
  if ((kind_ == Kind::each || kind_ == Kind::list) && same_kind && predicted.is_array()) {
    if (predicted.size() != actual.size()) {
      return Difference{Path::text(path), false, fmt::format("{} items", predicted.size()), actual};
    }
    const Path inner{path, "*"};
    for (size_t i = 0; i < predicted.size(); ++i) {
      const Shape& element = parts_[kind_ == Kind::each ? 0 : i];
      if (auto found = element.disagreement(predicted[i], actual[i], &inner)) return found;
    }
    return std::nullopt;
  }
  if (schema::equal(predicted, actual)) return std::nullopt;
  return Difference{Path::text(path), false, schema::summary(predicted), actual};
}

size_t Shape::likeness(const Json& value) const {
  switch (kind_) {
    case Kind::literal:
      return schema::equal(literal_, value) ? literal_likeness : 0;
    case Kind::text:
      return value.is_string() && fits_text(value.get_ref<const std::string&>()) ? literal_likeness : 0;
    case Kind::map: {
      size_t sum = value.is_object() ? 1 : 0;
      for (const Field& field : fields_) {
        const auto member = value.is_object() ? value.find(field.key) : value.end();
        if (value.is_object() && member != value.end()) sum += 1 + field.shape.likeness(*member);
      }
      return sum;
    }
    case Kind::each:
      return value.is_array() ? 1 : 0;
    case Kind::list: {
      size_t sum = value.is_array() ? 1 : 0;
      for (size_t i = 0; value.is_array() && i < std::min(parts_.size(), value.size()); ++i) {
        sum += parts_[i].likeness(value[i]);
      }
      return sum;
    }
    case Kind::choice: {
      size_t best = 0;
      for (const Shape& branch : parts_) best = std::max(best, branch.likeness(value));
      return best;
    }
    case Kind::hole:
      return 0;
  }
  return 0;
}

bool Shape::has_literals() const {
  if (kind_ == Kind::literal || kind_ == Kind::text) return true;
  return std::any_of(fields_.begin(), fields_.end(), [](const Field& field) { return field.shape.has_literals(); }) ||
         (kind_ == Kind::list &&
          std::any_of(parts_.begin(), parts_.end(), [](const Shape& part) { return part.has_literals(); }));
}

void Shape::visit_holes(const Json& value, const VisitHole& visit) const {
  if (kind_ == Kind::hole) return visit(*this, value);
  if (kind_ == Kind::map && value.is_object()) {
    for (const Field& field : fields_) {
      const auto member = value.find(field.key);
      if (member != value.end()) field.shape.visit_holes(*member, visit);
    }
  } else if (value.is_array() && kind_ == Kind::each) {
    for (const Json& item : value) parts_[0].visit_holes(item, visit);
  } else if (value.is_array() && kind_ == Kind::list) {
    for (size_t i = 0; i < std::min(parts_.size(), value.size()); ++i) parts_[i].visit_holes(value[i], visit);
  } else if (kind_ == Kind::choice) {
    const auto branch =
        std::find_if(parts_.begin(), parts_.end(), [&](const Shape& part) { return !part.difference(value); });
    if (branch != parts_.end()) branch->visit_holes(value, visit);
  }
}

namespace {

/// Names that stand for a value nobody can predict, and, for as long as there are any, the names made with them.
std::set<std::string> volatile_names(const contract::Contract& contract) {
  std::set<std::string> names{"uuid", "random_int", "random_text", "now", "request"};
  for (bool grew = true; grew;) {
    const size_t before = names.size();
    const auto is_volatile = [&](expression::SnippetId id) {
      const auto used = expression::names_of(contract.program.at(id));
      return std::any_of(used.uses.begin(), used.uses.end(), [&](const auto& use) { return names.contains(use.name); });
    };
    for (const contract::Let& let : contract.lets) {
      if (is_volatile(let.expression)) names.insert(let.name);
    }
    for (const contract::Operation& operation : contract.operations) {
      for (const contract::Rule& rule : operation.rules) {
        if (!rule.act || !is_volatile(*rule.act)) continue;
        for (const std::string& assigned : expression::names_of(contract.program.at(*rule.act)).assigned) {
          names.insert(assigned);
        }
      }
    }
    grew = names.size() > before;
  }
  return names;
}

}  // namespace

Shapes::Shapes(const contract::Contract& contract, bool exact) {
  document::Diagnostics unused;
  const auto root = document::parse_yaml(contract.source, unused);
  const std::set<std::string> volatiles = exact ? std::set<std::string>{} : volatile_names(contract);
  std::unordered_map<std::string_view, const Node*> shared;
  std::unordered_map<std::string_view, const Node*> operations;
  const auto index = [&](const char* key, auto& into) {
    const Node* node = root ? root->find(key) : nullptr;
    if (node == nullptr) return;
    for (const Member& member : node->members) into.emplace(member.key, &member.value);
  };
  index("responses", shared);
  index("operations", operations);
  for (const contract::Operation& operation : contract.operations) {
    const auto own = operations.find(operation.id);
    const Node* responses = own == operations.end() ? nullptr : own->second->find("responses");
    for (const auto& response : operation.responses) {
      if (all_.contains(response.get())) continue;
      const Node* written = responses == nullptr ? nullptr : responses->find(response->name);
      if (const Node* reference = written == nullptr ? nullptr : written->find("$ref")) {
        const auto found = shared.find(std::string_view(reference->text).substr(reference->text.rfind('/') + 1));
        written = found == shared.end() ? nullptr : found->second;
      }
      const Node* body = written == nullptr ? nullptr : written->find("body");
      Shape shape = Shape::anything();
      if (body != nullptr) {
        shape = Shape::of(*body, volatiles);
      } else if (response->has_body && response->body.is_constant()) {
        shape = Shape::of_text(response->body.text());
      }
      all_.emplace(response.get(), std::move(shape));
    }
  }
}

const Shape& Shapes::of(const contract::Response& response) const {
  static const Shape anything = Shape::anything();
  const auto found = all_.find(&response);
  return found == all_.end() ? anything : found->second;
}

}  // namespace counterpart::conformance
