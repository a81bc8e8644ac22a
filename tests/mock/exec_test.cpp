/// `counterpart exec`: what the command is told, and what becomes of signals and spaces. Exit codes and the summary are
/// cases of tests/cli.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mock/program.h"
#include "tests/mock/running_mock.h"

namespace counterpart::tests {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

Ended exec(std::vector<std::string> arguments, const std::string& script) {
  arguments.insert(arguments.begin(), {COUNTERPART_PROGRAM, "exec"});
  arguments.insert(arguments.end(), {"--", "sh", "-c", script});
  return run_program(arguments);
}

TEST(Exec, TellsTheCommandWhereTheMockIs) {
  const Ended ended = exec({fixture("flaky"), fixture("echo")},
                           "echo $COUNTERPART_URL $FLAKY_PARTS_URL $ECHO_URL [$COUNTERPART_CERTIFICATE]");
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.out,
              MatchesRegex("http://127.0.0.1:[0-9]+ http://127.0.0.1:[0-9]+ http://127.0.0.1:[0-9]+ \\[\\]\n"));
}

TEST(Exec, APortPerContract) {
  const Ended ended = exec({fixture("flaky"), fixture("echo"), "--port-per-contract"},
                           "test $COUNTERPART_URL = $FLAKY_PARTS_URL && test $FLAKY_PARTS_URL != $ECHO_URL");
  EXPECT_EQ(ended.exit_code, 0);
}

TEST(Exec, TellsWhereTheCertificateIsAndRemovesIt) {
  const Ended ended =
      exec({fixture("echo"), "--tls"},
           "grep -c BEGIN.CERTIFICATE $COUNTERPART_CERTIFICATE; test $COUNTERPART_CERTIFICATE = $NODE_EXTRA_CA_CERTS; "
           "echo $? $COUNTERPART_CERTIFICATE $COUNTERPART_URL");
  EXPECT_EQ(ended.exit_code, 0);
  ASSERT_THAT(ended.out, MatchesRegex("1\n0 /[^ ]+\\.pem https://127.0.0.1:[0-9]+\n"));
  const std::string file = ended.out.substr(4, ended.out.find(" https") - 4);
  EXPECT_NE(run_program({"test", "-e", file}).exit_code, 0) << file;
}

TEST(Exec, IsolatesTheCommandInASpace) {
  const Ended ended = exec({fixture("echo"), "--isolate"}, "echo $COUNTERPART_URL $ECHO_URL");
  EXPECT_THAT(ended.out, MatchesRegex("http://127.0.0.1:[0-9]+/~exec-[0-9]+ http://127.0.0.1:[0-9]+/~exec-[0-9]+\n"));
}

/// What the command would get without exec it gets with it.
TEST(Exec, LeavesTheRestOfTheEnvironment) {
  const Ended ended = run_program(
      {"env", "COUNTERPART_URL=old", "OTHER=kept", COUNTERPART_PROGRAM, "exec", fixture("echo"), "--", "env"});
  EXPECT_THAT(ended.out, HasSubstr("\nOTHER=kept\n"));
  EXPECT_THAT("\n" + ended.out, Not(HasSubstr("\nCOUNTERPART_URL=old\n")));
}

/// The command gets the signal, and the summary still comes.
TEST(Exec, ForwardsSignals) {
  for (const char* signal : {"INT", "TERM", "HUP"}) {
    SCOPED_TRACE(signal);
    const Ended ended =
        exec({fixture("echo")},
             fmt::format("trap 'echo got it; exit 7' {0}; kill -{0} $PPID; while :; do sleep 0.01; done", signal));
    EXPECT_EQ(ended.exit_code, 7);
    EXPECT_EQ(ended.out, "got it\n");
    EXPECT_THAT(ended.err, HasSubstr("counterpart: 0 requests"));
  }
}

/// As a shell says it.
TEST(Exec, ACommandThatASignalEnds) {
  EXPECT_EQ(exec({fixture("echo")}, "kill -KILL $$").exit_code, 128 + 9);
  EXPECT_EQ(exec({fixture("echo")}, "kill -TERM $$").exit_code, 128 + 15);
}

}  // namespace
}  // namespace counterpart::tests
