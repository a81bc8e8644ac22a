#include "fuzz/inputs/shipped_contracts.h"

#include <cstdio>
#include <cstdlib>

#include "engine/contract/loader.h"
#include "fuzz/inputs/shipped_texts.h"

namespace counterpart::fuzz {

namespace {

ShippedContract loaded(std::string name, std::string_view text) {
  ShippedContract shipped;
  document::Diagnostics diagnostics;
  shipped.source =
      std::make_shared<const document::Source>(document::Source{name + "/contract.yaml", std::string(text)});
  shipped.name = std::move(name);
  contract::Loaded contract = contract::load(shipped.source, ".", diagnostics);
  if (contract) {
    shipped.engine = std::make_unique<const engine::Engine>(std::move(contract));
    shipped.shapes = std::make_unique<const conformance::Shapes>(shipped.engine->contract(), true);
    shipped.initial = shipped.engine->make_space({}, diagnostics);
  }
  if (diagnostics.has_errors() || shipped.initial == nullptr) {
    std::fputs(diagnostics.render(false).c_str(), stderr);
    std::abort();
  }
  return shipped;
}

std::vector<ShippedContract> load_all() {
  std::vector<ShippedContract> all;
  all.push_back(loaded("keyauth-seller", keyauth_seller_yaml));
  all.push_back(loaded("panel-sessions", panel_sessions_yaml));
  return all;
}

}  // namespace

std::unique_ptr<state::Space> ShippedContract::new_space() const {
  return initial->fork(std::make_unique<state::VirtualClock>(initial->clock->now_ms()), 1);
}

const std::vector<ShippedContract>& shipped_contracts() {
  static const std::vector<ShippedContract> all = load_all();
  return all;
}

}  // namespace counterpart::fuzz
