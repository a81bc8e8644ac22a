#include "fuzz/client/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

namespace counterpart::fuzz::client {
namespace {

TEST(Verdict, JudgesByWhatTheUserNames) {
  const struct {
    std::vector<int> exit_codes;
    std::vector<std::string> patterns;
    Ended ended;
    const char* text;  ///< "": no finding
  } cases[] = {
      {{}, {}, {.exit_code = 0}, ""},
      {{}, {}, {.exit_code = 1}, ""},
      {{0}, {}, {.exit_code = 1}, "exit code 1"},
      {{0, 1}, {}, {.exit_code = 1}, ""},
      {{0}, {}, {.exit_code = 0}, ""},
      {{}, {}, {.signal = SIGSEGV}, "crash: SIGSEGV"},
      {{}, {}, {.exit_code = 139}, "crash: SIGSEGV"},  // as a shell says it
      {{139}, {}, {.exit_code = 139}, ""},
      {{}, {}, {.exit_code = 130}, ""},
      {{0}, {"x"}, {.timed_out = true, .err = "x"}, "hang"},
      {{}, {"panicked at"}, {.exit_code = 101, .err = "thread 'main' panicked at src/x.rs"}, "output: panicked at"},
      {{}, {"a", "^b+$"}, {.exit_code = 0, .out = "bbb"}, "output: ^b+$"},
      {{}, {"a"}, {.exit_code = 0, .out = "\xff\xfe a"}, "output: a"},  // no UTF-8
      {{}, {"a"}, {.exit_code = 0, .out = "b"}, ""},
      {{}, {}, {.exit_code = 1, .err = "ERROR: AddressSanitizer: heap-buffer-overflow"}, ""},
      {{}, {"a"}, {.signal = SIGABRT, .out = "a"}, "crash: SIGABRT"},
  };
  for (const auto& c : cases) {
    std::string error;
    const Verdict verdict(c.exit_codes, c.patterns, error);
    EXPECT_EQ(error, "");
    const auto failure = verdict.judge(c.ended);
    EXPECT_EQ(failure ? failure->text() : "", c.text);
  }
}

TEST(Verdict, RefusesWhatIsNoPattern) {
  std::string error;
  const Verdict verdict({}, {"fine", "(open"}, error);
  EXPECT_THAT(error, testing::StartsWith("\"(open\" is no regular expression: "));
  const Verdict of_nothing({}, {""}, error);
  EXPECT_EQ(error, "--fail-on-output: an empty pattern is found in every output");
}

TEST(Verdict, ACleanRunEndsWell) {
  std::string error;
  EXPECT_TRUE(Verdict({}, {}, error).is_good(0));
  EXPECT_FALSE(Verdict({}, {}, error).is_good(1));
  EXPECT_TRUE(Verdict({3}, {}, error).is_good(3));
  EXPECT_FALSE(Verdict({3}, {}, error).is_good(0));
}

TEST(Verdict, LastLineTellsCausesApart) {
  const struct {
    const char *text, *line;
  } cases[] = {
      {"", ""},
      {"\n \n", ""},
      {"one\ntwo", "two"},
      {"IndexError: list index 12 out of range\n", "IndexError: list index  out of range"},
      {"at 0x7ffe12aB: bad\n", "at : bad"},
      {"TypeError: x of undefined\n    at f (a.js:3:1)\n    at g (b.js:9:1)\n\nNode.js v18.19.0\n",
       "TypeError: x of undefined"},
      {"a\r\nb\r\n", "b"},
      {"0x", ""},
      {"==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x60\nSUMMARY: AddressSanitizer: "
       "heap-use-after-free "
       "a.cpp:12 in read_list\nShadow bytes around\n==7==ABORTING\n",
       "SUMMARY: AddressSanitizer: heap-use-after-free a.cpp: in read_list"},
      {"thread 'main' panicked at src/main.rs:4:5:\nindex out of bounds\nnote: run with `RUST_BACKTRACE=1` environment "
       "variable to display a backtrace\n",
       "index out of bounds"},
      {"SUMMARY: all well\nlast", "last"},
  };
  for (const auto& c : cases) EXPECT_EQ(last_line(c.text), c.line) << c.text;
  EXPECT_LE(last_line(std::string(1 << 20, 'x')).size(), 300u);
}

}  // namespace
}  // namespace counterpart::fuzz::client
