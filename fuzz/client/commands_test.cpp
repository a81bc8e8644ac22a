#include "fuzz/client/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdio>
#include <fstream>

namespace counterpart::fuzz::client {
namespace {

using std::chrono::milliseconds;

const std::vector<std::string> environment{"PATH=/usr/bin:/bin", "WORD=given"};

/// Each of so many runs of a shell command.
std::vector<Ended> run(const std::string& text, milliseconds timeout = milliseconds(20'000), size_t runs = 1,
                       size_t at_once = 1) {
  Commands commands({"/bin/sh", "-c", text}, timeout, at_once);
  std::vector<Ended> all(runs);
  commands.run([&](size_t number) { return number < runs ? std::optional(environment) : std::nullopt; },
               [&](size_t number, Ended ended) { all[number] = std::move(ended); });
  return all;
}

TEST(Commands, SayHowARunEnded) {
  const struct {
    const char* text;
    int exit_code, signal;
    const char *out, *err;
  } cases[] = {
      {"true", 0, 0, "", ""},
      {"echo seen; exit 7", 7, 0, "seen\n", ""},
      {"echo seen >&2; echo $WORD", 0, 0, "given\n", "seen\n"},
      {"kill -SEGV $$", -1, SIGSEGV, "", ""},
      {"printf partly; kill -ABRT $$", -1, SIGABRT, "partly", ""},
      {"cat", 0, 0, "", ""},  // nothing to read
      {"test -t 0 || test -t 1 || echo none", 0, 0, "none\n", ""},
  };
  for (const auto& c : cases) {
    const Ended ended = run(c.text)[0];
    EXPECT_EQ(ended.exit_code, c.exit_code) << c.text;
    EXPECT_EQ(ended.signal, c.signal) << c.text;
    EXPECT_EQ(ended.out, c.out) << c.text;
    EXPECT_EQ(ended.err, c.err) << c.text;
    EXPECT_FALSE(ended.timed_out) << c.text;
    EXPECT_EQ(ended.error, "") << c.text;
  }
}

/// Another run's pipes, held by one that lives longer, would never end.
TEST(Commands, InheritNothingOfOtherRuns) {
  const char* const count = "ls /proc/self/fd | wc -l";
  std::string alone;
  FILE* const shell = ::popen(count, "r");
  for (int c = std::fgetc(shell); c != EOF; c = std::fgetc(shell)) alone += static_cast<char>(c);
  ::pclose(shell);
  for (const Ended& ended : run(std::string(count) + "; sleep 0.05", milliseconds(20'000), 9, 3)) {
    EXPECT_EQ(ended.out, alone);
  }
}

TEST(Commands, KillTheWholeGroupWhenTheTimeIsOver) {
  const Ended ended = run("sleep 1000 & echo $!; wait", milliseconds(200))[0];
  EXPECT_TRUE(ended.timed_out);
  const pid_t grandchild = static_cast<pid_t>(std::stol(ended.out));
  for (int i = 0; i < 500 && ::kill(grandchild, 0) == 0; ++i) {
    std::ifstream status("/proc/" + std::to_string(grandchild) + "/stat");
    std::string line;
    if (!std::getline(status, line) || line.find(") Z") != std::string::npos) return;  // its new parent has yet to look
    ::usleep(10'000);
  }
  EXPECT_NE(::kill(grandchild, 0), 0);
}

TEST(Commands, DoNotWaitForWhatARunLeavesBehind) {
  const Ended ended = run("sleep 1000 & echo done")[0];  // it holds the pipe
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.out, "done\n");
  EXPECT_FALSE(ended.timed_out);
}

TEST(Commands, KeepTheBeginningAndTheEndOfOutput) {
  const Ended ended = run("echo first; head -c 5000000 /dev/zero; echo last")[0];
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_LE(ended.out.size(), output_bytes_max / 2);
  EXPECT_TRUE(ended.out.starts_with("first\n"));
  EXPECT_TRUE(ended.out.ends_with("last\n"));
}

TEST(Commands, OneThatWritesForEverHangs) {
  const Ended ended = run("yes", milliseconds(300))[0];
  EXPECT_TRUE(ended.timed_out);
  EXPECT_TRUE(ended.out.starts_with("y\ny\n"));
  EXPECT_LE(ended.out.size(), output_bytes_max / 2);
}

TEST(Commands, RunSideBySideAndTellEachByItsNumber) {
  Commands commands({"/bin/sh", "-c", "exit $CODE"}, milliseconds(20'000), 4);
  std::vector<int> codes(50, -1);
  size_t started = 0, ended_count = 0, most = 0;
  commands.run(
      [&](size_t number) -> std::optional<Commands::Environment> {
        if (number >= codes.size()) return std::nullopt;
        most = std::max(most, ++started - ended_count);
        return Commands::Environment{"CODE=" + std::to_string(number)};
      },
      [&](size_t number, const Ended& ended) {
        codes[number] = ended.exit_code;
        ++ended_count;
      });
  for (size_t i = 0; i < codes.size(); ++i) EXPECT_EQ(codes[i], static_cast<int>(i));
  EXPECT_EQ(most, 4u);
}

TEST(Commands, SayWhyACommandCannotBeStarted) {
  for (const char* path : {"/nowhere/at/all", "/"}) {
    Commands commands({path}, milliseconds(1000), 1);
    std::string error;
    commands.run([](size_t number) { return number == 0 ? std::optional(environment) : std::nullopt; },
                 [&](size_t, const Ended& ended) { error = ended.error; });
    EXPECT_THAT(error, testing::AnyOf("No such file or directory", "Permission denied")) << path;
  }
}

TEST(Commands, AnInterruptEndsWhatRunsAndNothingMoreBegins) {
  Commands commands({"/bin/sh", "-c", "kill -INT $PPID; sleep 1000"}, milliseconds(60'000), 2);
  size_t started = 0, ended = 0;
  commands.run(
      [&](size_t) {
        ++started;
        return std::optional(environment);
      },
      [&](size_t, const Ended&) { ++ended; });
  EXPECT_TRUE(commands.interrupted());
  EXPECT_LE(started, 2u);
  EXPECT_EQ(ended, 0u);
}

}  // namespace
}  // namespace counterpart::fuzz::client
