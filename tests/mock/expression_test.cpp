/// Contracts whose expressions loop, allocate, recurse or fail: a 500 that says where, and the mock goes on.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/mock/client.h"
#include "tests/mock/running_mock.h"

namespace counterpart::tests {
namespace {

using testing::HasSubstr;

struct Failing {
  std::string path;
  std::string says;

  friend std::ostream& operator<<(std::ostream& out, const Failing& failing) { return out << failing.path; }
};

const Failing failing[] = {
    {"/loop", "more than its"},
    {"/loop-on-a-later-line", "more than its"},
    {"/loop-in-condition", "more than its"},
    {"/loop-in-body", "more than its"},
    {"/allocate", "used more than its 16 MiB of memory"},
    {"/one-long-text", "string.rep would make more than 1 MiB"},
    {"/doubling-text", "used more than its 16 MiB of memory"},
    {"/recurse", "used more than its 16 MiB of memory"},
    {"/tail-call", "more than its"},
    {"/lets", R"(the let \"hen\" needs itself)"},
    {"/deep-value", "a table nests too deep"},
    {"/value-in-itself", "holds itself"},
    {"/stored-in-itself", "holds itself"},
    {"/long-list", "more than its"},
    {"/map", "used more than its 16 MiB of memory"},
    {"/pattern", "RE2 cannot take this pattern"},
    {"/format", "more than its"},
    {"/remove-if", "more than its"},
    {"/no-such-name", R"(nothing is named \"itms\", did you mean \"items\"?)"},
    {"/no-such-field", "attempt to index a nil value (field 'nothing')"},
    {"/no-rule", "no rule of operation noRuleApplies applies to this request"},
};

/// The line of the fixture's contract that is marked as what fails for a path.
int marked_line(const std::string& path) {
  std::ifstream contract(std::string(COUNTERPART_SOURCE_DIR) + "/" + fixture("expressions") + "/contract.yaml");
  int number = 0;
  for (std::string line; std::getline(contract, line);) {
    ++number;
    const std::string mark = " fails: " + path;
    if (line.size() >= mark.size() && line.compare(line.size() - mark.size(), mark.size(), mark) == 0) return number;
  }
  ADD_FAILURE() << "nothing is marked for " << path;
  return 0;
}

class FailingExpressions : public testing::TestWithParam<Failing> {};

TEST_P(FailingExpressions, GetAProblemWithTheLine) {
  const RunningMock mock({fixture("expressions"), "--quiet"});
  Client client(mock.port());
  const Response answer = client.ask("GET", GetParam().path);
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
  EXPECT_THAT(answer.body, HasSubstr(GetParam().says));
  const std::string file = fixture("expressions") + "/contract.yaml";
  const int line = marked_line(GetParam().path);
  EXPECT_THAT(answer.body, HasSubstr(fmt::format(R"("detail":"{}:{}:)", file, line)));
  EXPECT_THAT(answer.body, HasSubstr(fmt::format(R"("file":"{}","line":{})", file, line)));
  EXPECT_EQ(client.ask("GET", "/fine").body, "fine");
}

INSTANTIATE_TEST_SUITE_P(Table, FailingExpressions, testing::ValuesIn(failing), [](const auto& row) {
  std::string name = row.param.path.substr(1);
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

TEST(Expressions, OthersAreAnsweredMeanwhile) {
  const RunningMock mock({fixture("expressions"), "--quiet"});
  std::vector<Client> loops;
  for (const char* path : {"/loop", "/allocate", "/loop", "/recurse", "/format", "/loop"}) {
    loops.emplace_back(mock.port());
    loops.back().send(request("GET", path));
  }
  for (int i = 0; i < 20; ++i) EXPECT_EQ(ask(mock.port(), "GET", "/fine").body, "fine");
  for (Client& loop : loops) EXPECT_EQ(loop.read().status, 500);
}

TEST(Expressions, FailingChangesAreNotSeenByTheNextRequest) {
  const RunningMock mock({fixture("expressions"), "--quiet"});
  Client client(mock.port());
  EXPECT_EQ(client.ask("GET", "/stored-in-itself").status, 500);
  EXPECT_EQ(client.ask("GET", "/remove-if").status, 500);
  EXPECT_EQ(client.ask("GET", "/fine").body, "fine");  // which needs all of the 1,000 items
}

}  // namespace
}  // namespace counterpart::tests
