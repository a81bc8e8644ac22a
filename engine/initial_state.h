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

/// A hundred times what an answer may use: it happens once.
inline constexpr expression::Budget initial_state_budget{100 * expression::Budget().instructions, 1600u << 20, 200'000};

/// Fills the collections of one space, all of them with one budget.
class InitialState {
 public:
  InitialState(expression::Interpreter& interpreter, SpaceScope& scope,
               expression::Budget budget = initial_state_budget);

  /// Inserts what the templates of `items` render into `collection`, which is of the scope's space. Items that cannot be
  /// stored, and expressions that fail, go to `diagnostics`.
  void fill(state::Collection& collection, const contract::Items& items, document::Diagnostics& diagnostics);

 private:
  expression::Session session_;
};

/// Renders what every collection of a contract starts with, for its errors alone. The contract may have errors
/// elsewhere.
void check_items(const contract::Contract& contract, document::Diagnostics& diagnostics);

}  // namespace counterpart::engine
