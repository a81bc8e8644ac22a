#pragma once
/// For tests: a small contract as a suite, and the spaces of a mock that plays it.

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "fuzz/client/asked.h"
#include "fuzz/responses/test_answers.h"
#include "mock/spaces.h"
#include "mock/test_stage.h"

namespace counterpart::fuzz::client {

struct TestWorld {
  explicit TestWorld(const std::string& contract = types_contract) : folder(contract) {
    document::Diagnostics diagnostics;
    conformance::SuiteOptions options;
    options.exact = true;
    suite = conformance::load_suite(folder.path(), options, diagnostics);
    EXPECT_EQ(diagnostics.render(false), "");
    mutator = std::make_unique<Mutator>(*suite);
    spaces = std::make_unique<mock::Spaces>(mock::SpacesOptions{}, mock::stage_of({mock::seat_of(contract)}));
  }

  const contract::Operation& operation(const std::string& id) const { return *suite->contract().find_operation(id); }

  /// What the mock answers, with the damage in a space of its own.
  mock::Played answered(const Damage& damage, const std::string& method, const std::string& target) const {
    document::Diagnostics diagnostics;
    const auto cues =
        mock::Cues::parse("play", play_text(damage), spaces->stage()->seats()[0].engine->contract(), diagnostics);
    EXPECT_EQ(diagnostics.render(false), "") << play_text(damage);
    spaces->remove("damaged");
    const auto space = spaces->use("damaged");
    space->reset(damage.seed);
    if (cues != nullptr) space->add_cues(0, cues);
    return space->play({method, target, {{"Host", "x"}}, ""});
  }

  conformance::ContractFolder folder;
  std::unique_ptr<conformance::Suite> suite;
  std::unique_ptr<Mutator> mutator;
  std::unique_ptr<mock::Spaces> spaces;
};

}  // namespace counterpart::fuzz::client
