#pragma once
/// A small world for expressions: values of every kind and a collection. Used by the expression target.

#include <nlohmann/json.hpp>

#include "engine/expression/scope.h"
#include "engine/state/collection.h"
#include "engine/state/random.h"

namespace counterpart::fuzz {

class ExpressionWorld final : public expression::Scope {
 public:
  ExpressionWorld();

  std::optional<expression::Value> find(std::string_view name) override;
  std::vector<std::string> names() const override;
  state::Random& random() override { return random_; }
  bool is_sound() const { return sessions_.consistent() && users_.consistent(); }

 private:
  state::SeededRandom random_{1};
  state::Collection sessions_;
  state::Collection users_;
};

}  // namespace counterpart::fuzz
