#pragma once
/// Who may decide an answer before the rules do: how a player scripts the engine (the mock's `play` and strict
/// scenarios) without the engine knowing any script.

#include <optional>
#include <string>

#include "engine/engine.h"
#include "engine/expression/template.h"
#include "engine/interpreters.h"

namespace counterpart::engine {

/// A request on its way to an answer. Its methods throw expression::Error, which becomes the answer.
class Asked {
 public:
  virtual ~Asked() = default;
  virtual const http::Request& request() const = 0;
  virtual const contract::Operation& operation() const = 0;
  /// Expressions of any program, in the scope of the request.
  virtual bool holds(Interpreters& program, expression::SnippetId expression) = 0;
  virtual std::string rendered(Interpreters& program, const expression::Template& text) = 0;
  /// A response of the operation, by its place in Operation::responses, rendered as if no rule had chosen it; its
  /// example where only a rule's `do` has what it says.
  virtual Answer respond(size_t response) = 0;
};

class Director {
 public:
  virtual ~Director() = default;
  /// Called once the operation is known. An answer: the rules, and a Prefer header, are not asked.
  virtual std::optional<Answer> before(Asked& asked) = 0;
  /// Called with the answer, whoever gave it, unless an expression failed; may change it.
  virtual void after(Asked& asked, Answer& answer) = 0;
};

}  // namespace counterpart::engine
