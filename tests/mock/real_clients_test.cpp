/// Real clients, each run by `counterpart exec` through a scenario where things go wrong: one 503, one late answer and
/// one connection that is reset. Each tries again and gets everything.
#include <gtest/gtest.h>

#include "tests/mock/program.h"
#include "tests/mock/running_mock.h"

namespace counterpart::tests {
namespace {

struct RealClient {
  const char* name;
  std::vector<std::string> command;
  const char* try_option = "--version";  ///< what it can do when it is recent enough

  friend std::ostream& operator<<(std::ostream& out, const RealClient& row) { return out << row.name; }
};

class RealClients : public testing::TestWithParam<RealClient> {};

/// Five requests: the 503, the late one, the reset one, its repetition, and the third part.
TEST_P(RealClients, GetThroughAFlakyScenario) {
  const auto& [name, command, try_option] = GetParam();
  if (!is_installed(name, try_option)) GTEST_SKIP() << name << " is not installed";
  std::vector<std::string> exec{COUNTERPART_PROGRAM,
                                "exec",
                                fixture("flaky"),
                                "--scenario",
                                "flaky",
                                "--seed",
                                "7",
                                "--fail-on",
                                "unmatched,undocumented,violation",
                                "--"};
  exec.insert(exec.end(), command.begin(), command.end());
  const Ended ended = run_program(exec);
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.out, "{\"part\":1}\n{\"part\":2}\n{\"part\":3}\n");
  EXPECT_EQ(ended.err,
            "counterpart: 5 requests, 0 unmatched, 0 violations, 1 fault (seed 7)\n"
            "counterpart: 2 of 2 documented responses exercised, 0 undocumented answers\n");
}

INSTANTIATE_TEST_SUITE_P(Table, RealClients,
                         testing::Values(RealClient{"curl", {"sh", "tests/mock/clients/fetch.sh"}},
                                         RealClient{"node", {"node", "tests/mock/clients/fetch.mjs"}, "--eval=fetch"},
                                         RealClient{"python3", {"python3", "tests/mock/clients/fetch.py"}},
                                         RealClient{"java", {"java", "tests/mock/clients/Fetch.java"}}),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace counterpart::tests
