#pragma once
/// What a response's body must look like, read from its template: literals as they are printed, holes that may be
/// anything. How answers are told apart and how printed literals are checked, without any state.

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/contract/contract.h"
#include "engine/document/node.h"

namespace counterpart::conformance {

using document::Json;

/// One way in which a body is not as its shape.
struct Difference {
  std::string path;            ///< JSON Pointer into the body, list indices as `*`
  bool literal = false;        ///< a printed literal differs; else the structure (a field more or less, another type)
  std::string expected;        ///< fit to follow "expected"
  std::optional<Json> actual;  ///< nullopt: nothing is there
};

class Shape {
 public:
  enum class Kind { literal, hole, text, map, list, each, choice };

  /// `volatile_names`: what an expression must not use to be predictable.
  static Shape of(const document::Node& body, const std::set<std::string>& volatile_names);
  static Shape of_text(std::string text);
  static Shape anything();

  /// The first difference, or nullopt.
  std::optional<Difference> difference(const Json& value) const;
  /// The first place where two bodies of this shape differ, leaving out what cannot be predicted.
  std::optional<Difference> disagreement(const Json& predicted, const Json& actual) const;
  /// How much `value` has in common with the shape, to tell responses of one status apart: literals, and in units of
  /// less, fields.
  size_t likeness(const Json& value) const;
  static constexpr size_t literal_likeness = 1000;  ///< what one literal counts
  bool has_literals() const;
  /// Calls `visit` for every place of `value`, which has this shape, where a hole may be anything. The same hole of a
  /// list's elements is the same `hole`.
  using VisitHole = std::function<void(const Shape& hole, const Json& value)>;
  void visit_holes(const Json& value, const VisitHole& visit) const;

 private:
  struct Field;
  struct Path;
  std::optional<Difference> difference(const Json& value, const Path* path) const;
  std::optional<Difference> difference_of_map(const Json& value, const Path* path) const;
  std::optional<Difference> disagreement(const Json& predicted, const Json& actual, const Path* path) const;
  bool fits_text(std::string_view text) const;

  Kind kind_ = Kind::hole;
  bool is_volatile_ = false;         ///< hole, text, each, choice: its expression has no predictable value
  Json literal_;                     ///< literal
  std::vector<std::string> pieces_;  ///< text: the literal pieces, a hole between each two
  std::vector<Field> fields_;        ///< map
  std::vector<Shape> parts_;         ///< list: its items; each: the element; choice: then and, if there is one, else
};

struct Shape::Field {
  std::string key;
  Shape shape;
  bool optional = false;
};

/// The shapes of all responses of a contract.
class Shapes {
 public:
  /// The contract's text is read once more, for the templates as written. `exact`: time and randomness of the target are
  /// the oracle's own, so nothing is unpredictable.
  Shapes(const contract::Contract& contract, bool exact);

  const Shape& of(const contract::Response& response) const;

 private:
  std::unordered_map<const contract::Response*, Shape> all_;
};

}  // namespace counterpart::conformance
