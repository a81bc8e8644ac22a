#pragma once
/// For tests: the shipped contracts as suites.

#include <gtest/gtest.h>

#include "conformance/suite.h"

namespace counterpart::fuzz::server {

inline std::unique_ptr<conformance::Suite> shipped(const std::string& name) {
  document::Diagnostics diagnostics;
  conformance::SuiteOptions options;
  options.exact = true;
  auto suite =
      conformance::load_suite(std::string(COUNTERPART_SOURCE_DIR) + "/scenarios/" + name, options, diagnostics);
  EXPECT_EQ(diagnostics.render(false), "");
  return suite;
}

}  // namespace counterpart::fuzz::server
