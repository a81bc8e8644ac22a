#pragma once
/// Internal to this folder: expressions that need no Lua. Most conditions, and most of what templates hold, are names,
/// fields, items, literals, comparisons, `and`, `or`, `not` and `#`. A Program parses them once, a Session evaluates them
/// itself. Whatever is not simple, errors above all, is left to Lua, so that an expression never has two meanings.

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/expression/program.h"
#include "engine/expression/scope.h"

namespace counterpart::expression {

/// A parsed expression.
class Plain {
 public:
  /// nullptr for what only Lua can tell the meaning of.
  static std::shared_ptr<const Plain> parse(const Snippet& snippet);

  /// Whether it depends on names, which statements may assign; else it is about the names bound by an `each` alone.
  bool has_names() const { return has_names_; }
  size_t size() const { return nodes_.size(); }

  static constexpr size_t code_bytes_max = 1024;
  static constexpr size_t nodes_max = 64;
  static constexpr int depth_max = 32;

 private:
  friend class PlainParser;
  friend class PlainSession;
  struct Node {
    enum class Kind : uint8_t {
      absent,    ///< nil
      constant,  ///< `constant`
      name,      ///< `text`
      local,     ///< bound by the `left`-th each around
      field,     ///< left.text
      index,     ///< left[right]
      length,    ///< #left
      negation,  ///< not left
      both,      ///< left and right
      either,    ///< left or right
      equal,     ///< left == right
      unequal,   ///< left ~= right
      less,      ///< left < right
      at_most,   ///< left <= right
      greater,   ///< left > right
      at_least,  ///< left >= right
    };
    Kind kind = Kind::absent;
    uint8_t left = 0;  ///< places of nodes
    uint8_t right = 0;
    std::string text;
    nlohmann::ordered_json constant;
  };
  std::vector<Node> nodes_;  ///< operands before what uses them: the last one is the whole expression
  bool has_names_ = false;
};

/// A name bound by an `each`: its value stands in a slot of Lua's table of locals once some expression needs it there.
struct Local {
  int slot;
  const nlohmann::ordered_json* json;  ///< the value where it is JSON; nullptr: it is in the slot already
  bool in_slot;
};

/// What a Session evaluates without Lua. A name keeps the value it had when it was first used.
class PlainSession {
 public:
  PlainSession(const Program& program, Scope& scope) : program_(program), scope_(scope) {}
  PlainSession(const PlainSession&) = delete;
  PlainSession& operator=(const PlainSession&) = delete;

  /// Never a Let. nullopt: ask Lua.
  std::optional<Value> value(const Plain& expression, std::span<const Local> locals);
  /// The value a name was found to have, and forgets it: who asks remembers it from now on.
  std::optional<Value> take(std::string_view name);

 private:
  using Node = Plain::Node;
  struct Known {
    std::string_view name;  ///< of the program
    Value value;
  };
  struct Expression {
    const std::vector<Node>& nodes;
    std::span<const Local> locals;
  };

  // False, each of them: ask Lua.
  bool evaluate(const Expression& expression, size_t place, Value& value);
  bool compare(const Expression& expression, const Node& node, Value& value);
  bool find(std::string_view name, Value& value);
  bool find_let(SnippetId snippet, Value& value);

  static constexpr size_t names_max = 16;
  static constexpr int lets_max = 8;  ///< evaluated one for another

  const Program& program_;
  Scope& scope_;
  std::array<Known, names_max> known_;
  size_t known_count_ = 0;
  int lets_open_ = 0;
};

/// Whether Lua takes a value for true: neither nil nor false.
bool is_true(const Value& value);

}  // namespace counterpart::expression
