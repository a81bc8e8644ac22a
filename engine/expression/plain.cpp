#include "engine/expression/plain.h"

#include <cmath>
#include <functional>

#include "engine/expression/members.h"
#include "engine/expression/operand.h"
#include "engine/state/collection.h"

namespace counterpart::expression {

using Json = nlohmann::ordered_json;

namespace {

Value value_of(const Json* found) { return found == nullptr ? Value(Absent{}) : Value(found); }

Value value_of(const state::Item* item) { return item == nullptr ? Value(Absent{}) : Value(&item->value); }

bool find_item(const state::Collection& collection, const Operand& key, Value& item) {
  using Type = Operand::Type;
  if (key.type == Type::object || key.type == Type::beyond || !std::isfinite(key.real)) return false;
  if (key.type == Type::absent) {
    item = Absent{};
  } else if (key.json != nullptr) {
    item = value_of(collection.find(*key.json));
  } else if (key.type == Type::text) {
    item = value_of(collection.find(std::string(key.text)));
  } else {
    item = value_of(key.type == Type::integer ? collection.find(key.integer) : collection.find(key.boolean));
  }
  return true;
}

/// object[key], in place of the object.
bool index(Value& object, const Value& key) {
  const Operand operand = operand_of(key);
  if (const auto* collection = std::get_if<state::Collection*>(&object)) {
    return find_item(**collection, operand, object);
  }
  const bool is_text = operand.type == Operand::Type::text;
  if (const auto* headers = std::get_if<const HeaderValues*>(&object)) {
    object = is_text ? field_of(**headers, operand.text) : Value(Absent{});
    return true;
  }
  const auto* json = std::get_if<const Json*>(&object);
  if (json == nullptr || !(*json)->is_structured()) return false;
  const Json& container = **json;
  const Json* found = nullptr;
  if (container.is_object()) {
    if (is_text) found = field_of(container, operand.text);
  } else if (operand.type == Operand::Type::integer && operand.integer >= 1 &&
             static_cast<uint64_t>(operand.integer) <= container.size()) {
    found = &container[static_cast<size_t>(operand.integer - 1)];
  }
  object = value_of(found);
  return true;
}

/// object.name, in place of the object.
bool field(Value& object, std::string_view name) {
  const auto* map = std::get_if<const Json*>(&object);
  if (map == nullptr || !(*map)->is_object()) return index(object, name);
  object = value_of(field_of(**map, name));
  return true;
}

/// #value, in place of the value.
bool length(Value& value) {
  const Operand operand = operand_of(value);
  if (operand.type == Operand::Type::text) {
    value = static_cast<int64_t>(operand.text.size());
  } else if (const auto* collection = std::get_if<state::Collection*>(&value)) {
    value = static_cast<int64_t>((*collection)->size());
  } else if (operand.json != nullptr && operand.json->is_structured()) {
    value = static_cast<int64_t>(operand.json->size());
  } else {
    return false;
  }
  return true;
}

}  // namespace

bool is_true(const Value& value) {
  if (const auto* json = std::get_if<const Json*>(&value)) return !(*json)->is_boolean() || (*json)->get<bool>();
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean;
  return !std::holds_alternative<Absent>(value);
}

std::optional<Value> PlainSession::value(const Plain& expression, std::span<const Local> locals) {
  std::optional<Value> value(std::in_place);
  lets_open_ = 0;
  if (!evaluate({expression.nodes_, locals}, expression.nodes_.size() - 1, *value)) value.reset();
  return value;
}

std::optional<Value> PlainSession::take(std::string_view name) {
  for (size_t i = 0; i < known_count_; ++i) {
    if (known_[i].name != name) continue;
    const Value value = known_[i].value;
    known_[i] = known_[--known_count_];
    return value;
  }
  return std::nullopt;
}

bool PlainSession::evaluate(const Expression& expression, size_t place, Value& value) {
  const Node& node = expression.nodes[place];
  switch (node.kind) {
    case Node::Kind::absent:
      value = Absent{};
      return true;
    case Node::Kind::constant:
      value = &node.constant;
      return true;
    case Node::Kind::name:
      return find(node.text, value);
    case Node::Kind::local:
      if (node.left >= expression.locals.size() || expression.locals[node.left].json == nullptr) return false;
      value = expression.locals[node.left].json;
      return true;
    case Node::Kind::field:
      return evaluate(expression, node.left, value) && field(value, node.text);
    case Node::Kind::index: {
      Value key;
      return evaluate(expression, node.left, value) && evaluate(expression, node.right, key) && index(value, key);
    }
    case Node::Kind::length:
      return evaluate(expression, node.left, value) && length(value);
    case Node::Kind::negation:
      if (!evaluate(expression, node.left, value)) return false;
      value = !is_true(value);
      return true;
    case Node::Kind::both:
      if (!evaluate(expression, node.left, value)) return false;
      return !is_true(value) || evaluate(expression, node.right, value);
    case Node::Kind::either:
      if (!evaluate(expression, node.left, value)) return false;
      return is_true(value) || evaluate(expression, node.right, value);
    default:
      return compare(expression, node, value);
  }
}

bool PlainSession::compare(const Expression& expression, const Node& node, Value& value) {
  Value right;
  if (!evaluate(expression, node.left, value) || !evaluate(expression, node.right, right)) return false;
  const Operand a = operand_of(value);
  const Operand b = operand_of(right);
  std::optional<bool> result;
  switch (node.kind) {
    case Node::Kind::less:
      result = are_ordered(a, b, std::less());
      break;
    case Node::Kind::at_most:
      result = are_ordered(a, b, std::less_equal());
      break;
    case Node::Kind::greater:
      result = are_ordered(a, b, std::greater());
      break;
    case Node::Kind::at_least:
      result = are_ordered(a, b, std::greater_equal());
      break;
    default:
      result = are_equal(a, b);
      if (result && node.kind == Node::Kind::unequal) result = !*result;
  }
  if (result) value = *result;
  return result.has_value();
}

bool PlainSession::find(std::string_view name, Value& value) {
  for (size_t i = 0; i < known_count_; ++i) {
    if (known_[i].name != name) continue;
    value = known_[i].value;
    return true;
  }
  const std::optional<Value> found = scope_.find(name);
  if (!found) return false;
  value = *found;
  if (const auto* let = std::get_if<Let>(&*found); let != nullptr && !find_let(let->snippet, value)) return false;
  if (known_count_ == names_max) return false;
  known_[known_count_++] = {name, value};
  return true;
}

bool PlainSession::find_let(SnippetId snippet, Value& value) {
  const Plain* let = program_.plain(snippet);
  if (let == nullptr || lets_open_ == lets_max) return false;
  ++lets_open_;
  const bool found = evaluate({let->nodes_, {}}, let->nodes_.size() - 1, value);
  --lets_open_;
  // Collections and headers are each one object in Lua, whatever they are called: equal to themselves and nothing else.
  return found && !std::holds_alternative<state::Collection*>(value) &&
         !std::holds_alternative<const HeaderValues*>(value);
}

}  // namespace counterpart::expression
