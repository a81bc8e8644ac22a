#pragma once
/// Fills collections from the templates of a contract or a scenario: how a space starts.

#include <vector>

#include "engine/contract/contract.h"
#include "engine/expression/interpreter.h"
#include "engine/expression/scope.h"
#include "engine/state/space.h"

namespace counterpart::engine {

/// A scope that knows nothing of a request: variables, the clock, and what a derived one adds.
class SpaceScope : public expression::Scope {
 public:
  SpaceScope(const contract::Contract& contract, state::Space& space) : contract_(contract), space_(space) {}
  std::optional<expression::Value> find(std::string_view name) override;
  std::vector<std::string> names() const override { return {"variables", "now"}; }
  state::Random& random() override { return space_.random; }

 protected:
  const contract::Contract& contract_;
  state::Space& space_;
};

/// Inserts what the templates of `items` render into `collection`, which is of `space`. Items that cannot be stored,
/// and expressions that fail, go to `diagnostics`. May use a hundred times the budget of an answer: it happens once.
void fill(state::Collection& collection, const contract::Items& items, expression::Interpreter& interpreter,
          SpaceScope& scope, document::Diagnostics& diagnostics);

}  // namespace counterpart::engine
