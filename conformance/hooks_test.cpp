#include "conformance/hooks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "conformance/command.h"
#include "conformance/target.h"

namespace counterpart::conformance {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::StartsWith;

bool has_children() { return waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD; }

struct CommandCase {
  const char* command;
  int exit_code;
  const char* output;
};

TEST(Command, SaysWhatItSaidAndHowItEnded) {
  const CommandCase cases[] = {
      {"true", 0, ""},
      {"exit 7", 7, ""},
      {"echo out; echo err >&2", 0, "out\nerr\n"},
      {"no-such-command-at-all 2>/dev/null", 127, ""},
      {"cat", 0, ""},
      {"printf \"$WHO $OTHER\"; [ -n \"$PATH\" ]", 0, "me a=b c"},
      {"sh -c 'sleep 0.03; echo late'", 0, "late\n"},
  };
  setenv("WHO", "somebody", 1);
  for (const auto& [command, exit_code, output] : cases) {
    const CommandResult result = run_command(command, {{"WHO", "me"}, {"OTHER", "a=b c"}}, 10s);
    EXPECT_EQ(result.exit_code, exit_code) << command;
    EXPECT_EQ(result.output, output) << command;
    EXPECT_EQ(result.signal, 0) << command;
    EXPECT_FALSE(result.timed_out) << command;
    EXPECT_EQ(result.error, "") << command;
    EXPECT_FALSE(has_children()) << command;
  }
}

TEST(Command, ASignalIsNamed) {
  const CommandResult result = run_command("kill -TERM $$", {}, 10s);
  EXPECT_EQ(result.signal, SIGTERM);
  EXPECT_FALSE(result.good());
}

TEST(Command, OutputIsBounded) {
  const CommandResult result = run_command("echo begin; head -c 1000000 /dev/zero; exit 3", {}, 10s);
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.output.size(), output_bytes_max);
  EXPECT_THAT(result.output, StartsWith("begin\n"));
}

TEST(Command, ItsWholeGroupEndsWhenTheTimeIsOver) {
  // The grandchild ignores what can be ignored and says who it is.
  const CommandResult result = run_command("(trap '' TERM HUP; sh -c 'echo $$; exec sleep 60') & wait", {}, 500ms);
  EXPECT_TRUE(result.timed_out);
  EXPECT_FALSE(result.good());
  const pid_t grandchild = std::stoi(result.output);
  // It is not ours to wait for: whoever it was given to may take a moment to.
  const auto is_alive = [&] {
    std::ifstream status("/proc/" + std::to_string(grandchild) + "/stat");
    std::string text;
    return std::getline(status, text) && text.find(") Z ") == std::string::npos;
  };
  for (int i = 0; i < 1'000 && is_alive(); ++i) std::this_thread::sleep_for(1ms);
  EXPECT_FALSE(is_alive());
  EXPECT_FALSE(has_children());
}

TEST(Command, WhatItLeavesBehindIsNotWaitedFor) {
  const CommandResult result = run_command("sleep 60 & echo $!", {}, 10s);
  EXPECT_EQ(result.exit_code, 0);
  const pid_t left = std::stoi(result.output);
  EXPECT_EQ(kill(left, SIGKILL), 0) << "it should still live";
}

/// A hook and what it needs to run.
struct HookTest : testing::Test {
  HookTest() { hook.where = {"x.target.yaml", 9, 5}; }

  void run(int64_t timeout_ms = 10'000) {
    run_hook(
        "before-scenario", hook, context,
        [this](const http::Request& request) {
          sent = request;
          return reply;
        },
        timeout_ms);
  }

  std::string failure(int64_t timeout_ms = 10'000) {
    try {
      run(timeout_ms);
    } catch (const EnvironmentError& error) {
      return error.what();
    }
    return "";
  }

  Hook hook;
  HookContext context{"http://target", "killed $(touch x) 'n \"m", 90'000};
  Reply reply;
  http::Request sent;
};

TEST_F(HookTest, ACommandKnowsWhatItIsFor) {
  const std::string file = testing::TempDir() + "hook-output";
  hook.run =
      "printf '%s|' \"$COUNTERPART_TARGET_URL\" \"$COUNTERPART_SCENARIO\" \"$COUNTERPART_ADVANCE_MS\" \"${scenario}\" "
      "${ms} > " +
      file;
  EXPECT_EQ(failure(), "");
  std::ostringstream said;
  said << std::ifstream(file).rdbuf();
  EXPECT_EQ(said.str(), "http://target|killed $(touch x) 'n \"m|90000|killed $(touch x) 'n \"m|90000|");
  std::filesystem::remove(file);
}

TEST_F(HookTest, AFailingCommandIsToldWithItsOutput) {
  struct Case {
    const char* command;
    const char* problem;
  };
  const Case cases[] = {
      {"exit 3", "failed with exit code 3"},
      {"echo no; exit 3", "failed with exit code 3: no"},
      {"printf 'no\\n\\033[1myes\\n\\n'; exit 3", "failed with exit code 3:\nno\n?[1myes"},
      {"kill -KILL $$", "was ended by signal 9"},
  };
  for (const auto& [command, problem] : cases) {
    hook.run = command;
    EXPECT_EQ(failure(), "the hook before-scenario (x.target.yaml:9) " + std::string(problem)) << command;
  }
  hook.run = "echo begun; sleep 60";
  EXPECT_EQ(failure(500), "the hook before-scenario (x.target.yaml:9) was ended after 500 ms: begun");
  hook.run = "head -c 10000 /dev/zero | tr '\\0' x; exit 1";
  EXPECT_THAT(failure(), EndsWith(std::string(hook_output_bytes_shown, 'x') + " ..."));
}

TEST_F(HookTest, ARequestIsMadeOfItsTexts) {
  hook.url = "/a/${scenario}?by=${ms}&as-is=$${ms}";
  hook.headers = {{"X-Scenario", "<${ms}>"}};
  hook.body = Json::parse(R"({"ms":"${ms}","list":["${ms}s","$${ms}",5,null],"s":"${scenario}","${ms}":1})");
  context.scenario = "a b/ä${ms}";
  EXPECT_EQ(failure(), "");
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.target, "/a/a%20b%2F%C3%A4%24%7Bms%7D?by=90000&as-is=${ms}");
  EXPECT_EQ(sent.body, R"({"ms":90000,"list":["90000s","${ms}",5,null],"s":"a b/ä${ms}","${ms}":1})");
  EXPECT_EQ(*sent.headers.find("X-Scenario"), "<90000>");
  EXPECT_EQ(*sent.headers.find("Content-Type"), "application/json");
}

TEST_F(HookTest, ATextWithATypeOfItsOwnIsSentAsItIs) {
  hook.url = "/";
  hook.headers = {{"content-type", "application/x-www-form-urlencoded"}};
  hook.body = "by=${ms}";
  EXPECT_EQ(failure(), "");
  EXPECT_EQ(sent.body, "by=90000");
  EXPECT_EQ(sent.headers.size(), 1u);
  hook.body.reset();
  hook.headers.clear();
  EXPECT_EQ(failure(), "");
  EXPECT_EQ(sent.body, "");
  EXPECT_TRUE(sent.headers.empty());
}

TEST_F(HookTest, ARequestFailsWithoutASuccess) {
  hook.url = "/";
  for (const int status : {200, 204, 299}) {
    reply.response.status = status;
    EXPECT_EQ(failure(), "");
  }
  for (const int status : {199, 300, 404, 500}) {
    reply.response = {status, {}, "a\nb"};
    EXPECT_EQ(failure(), "the hook before-scenario (x.target.yaml:9) was answered with status " +
                             std::to_string(status) + ":\na\nb");
  }
  reply.kind = Reply::Kind::timed_out;
  reply.error = "no whole answer";
  EXPECT_EQ(failure(), "the hook before-scenario (x.target.yaml:9) failed: no whole answer");
}

}  // namespace
}  // namespace counterpart::conformance
