#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "conformance/target_file.h"

namespace counterpart::conformance {
namespace {

const KnownFailure a{"literal-body", "kill/not-found", "", "old", {}};
const KnownFailure b{"status", "list/ok", "status 200, not 201", "says: \"no\" # since 2023", {}};
const KnownFailure c{"c", "o", "", "r", {}};

constexpr const char* entry_a = "  - check: literal-body\n    on: kill/not-found\n    reason: old\n";
constexpr const char* entry_b =
    "  - check: status\n    on: list/ok\n    message: \"status 200, not 201\"\n"
    "    reason: \"says: \\\"no\\\" # since 2023\"\n";

struct RewriteCase {
  const char* name;
  std::string before;
  std::vector<KnownFailure> known;
  std::string after;
};

class KnownFailuresTest : public testing::TestWithParam<RewriteCase> {};

TEST_P(KnownFailuresTest, ChangesTheBlockOnly) {
  const auto& [name, before, known, after] = GetParam();
  EXPECT_EQ(with_known_failures(before, known), after);
  EXPECT_EQ(with_known_failures(after, known), after) << "not stable";
}

const std::string head = "target: x  # the name\n\nurl: http://h\n";
const std::string key = "known-failures:\n";

const RewriteCase rewrite_cases[] = {
    {"appended", head, {a, b}, head + key + entry_a + entry_b},
    {"appended_to_no_line_end", "target: x\nurl: http://h", {a}, "target: x\nurl: http://h\n" + key + entry_a},
    {"appended_with_crlf",
     "target: x\r\nurl: http://h\r\n",
     {c},
     "target: x\r\nurl: http://h\r\nknown-failures:\r\n  - check: c\r\n    on: o\r\n    reason: r\r\n"},
    {"appended_before_the_end_of_the_document",
     "---\n" + head + "...\n",
     {a},
     "---\n" + head + key + entry_a + "...\n"},
    {"appended_to_an_indented_map",
     "  target: x\n  url: http://h\n",
     {c},
     "  target: x\n  url: http://h\n  known-failures:\n    - check: c\n      on: o\n      reason: r\n"},
    {"nothing_to_do", head, {}, head},
    {"all_kept",
     "known-failures:\n  - { reason: \"old\",  on: kill/not-found, check: literal-body }  # c\n" + head,
     {a},
     "known-failures:\n  - { reason: \"old\",  on: kill/not-found, check: literal-body }  # c\n" + head},
    {"one_goes_and_comments_stay",
     head + "# what we know\nknown-failures:  # indeed\n  # first\n" + entry_a + "  # second\n" + entry_b +
         "# trailing\n\nstate: unknown\n",
     {b},
     head + "# what we know\nknown-failures:  # indeed\n  # first\n  # second\n" + entry_b +
         "# trailing\n\nstate: unknown\n"},
    {"one_comes",
     head + key + entry_a + "\n# trailing\nstate: unknown # s\n",
     {b, a},
     head + key + entry_a + entry_b + "\n# trailing\nstate: unknown # s\n"},
    {"dashes_below_the_key",
     head + key + "- check: c\n  on: o\n  reason: r\nstate: unknown\n",
     {c, a},
     head + key + "- check: c\n  on: o\n  reason: r\n- check: literal-body\n  on: kill/not-found\n  reason: old\n" +
         "state: unknown\n"},
    {"a_message_changes_in_place",
     head + key + "  - check: status\n    on: list/ok\n    message: other  # m\n    reason: r\n" + entry_a,
     {a, b},
     head + key + entry_b + entry_a},
    {"all_go",
     head + key + entry_a + "# trailing\nstate: unknown\n",
     {},
     head + "known-failures: []\n# trailing\nstate: unknown\n"},
    {"the_last_line_has_no_end",
     head + key + "  - { check: c, on: o, reason: r }",
     {c, a},
     head + key + "  - { check: c, on: o, reason: r }\n" + entry_a},
    {"none_yet", head + "known-failures: []\nstate: unknown\n", {a}, head + key + entry_a + "state: unknown\n"},
    {"null", head + "known-failures:\nstate: unknown\n", {a}, head + key + entry_a + "state: unknown\n"},
    {"in_brackets",
     head + "known-failures: [ { check: c, on: o, reason: \"]\" } ]  # f\nstate: unknown\n",
     {c},
     head + "known-failures: [\n    { check: c, on: o, reason: r }\n  ]  # f\nstate: unknown\n"},
    {"in_braces",
     "{ target: x, url: \"http://h\" }\n",
     {c},
     "{ target: x, url: \"http://h\" , known-failures: [\n    { check: c, on: o, reason: r }\n  ] }\n"},
    {"in_braces_with_others",
     "{ target: x, known-failures: [{ check: o }], url: \"http://h\" }\n",
     {},
     "{ target: x, known-failures: [], url: \"http://h\" }\n"},
    {"a_text_that_looks_like_a_comment",
     head + key + "  - check: c\n    on: o\n    reason: |-\n      r\n      # not a comment\n",
     {c, a},
     head + key + "  - check: c\n    on: o\n    reason: r\n" + entry_a},
    {"kept_text_that_looks_like_a_comment",
     head + key + "  - check: c\n    on: o\n    reason: |-\n      r\n      # not a comment\n",
     {{"c", "o", "", "r\n# not a comment", {}}, a},
     head + key + "  - check: c\n    on: o\n    reason: |-\n      r\n      # not a comment\n" + entry_a},
    {"a_dash_on_a_line_of_its_own",
     head + key + "  -\n    check: c\n    on: o\n    reason: r\n",
     {c, a},
     head + key + "  - check: c\n    on: o\n    reason: r\n" + entry_a},
    {"an_alias",
     "target: &t x\nurl: http://h\n" + key + "  - check: *t\n    on: o\n    reason: r\n",
     {a},
     "target: &t x\nurl: http://h\n" + key + entry_a},
};

INSTANTIATE_TEST_SUITE_P(Cases, KnownFailuresTest, testing::ValuesIn(rewrite_cases),
                         [](const auto& one) { return one.param.name; });

TEST(KnownFailures, AnyTextIsQuotedSafely) {
  std::vector<KnownFailure> known;
  for (const char* text : {"true",
                           "null",
                           "~",
                           "5",
                           "1e5",
                           "- a",
                           "a: b",
                           "a #b",
                           "# a",
                           "'",
                           "\"",
                           "\\",
                           "${env.NONE}",
                           "$${x}",
                           "$$${",
                           " a ",
                           "a\nb\r\n\tc",
                           "\x7f\x01\x1b",
                           "\u0085\u009f\u00a0\u2028\u2029\uFEFF",
                           "ä \U0001F600",
                           "[a",
                           "{a",
                           "*a",
                           "&a",
                           "!a",
                           "%a",
                           "@a",
                           "`a",
                           "? a",
                           "---",
                           "...",
                           "<<",
                           "=",
                           "Yes",
                           ".nan",
                           "0x1f",
                           "2024-01-01",
                           "a,b",
                           "//a",
                           "a/"}) {
    known.push_back({"check", std::string("on/") + text, text, text, {}});
    known.push_back({text, text, text, text, {}});
  }
  const std::string befores[] = {head, "{ target: x, url: \"http://h\" }",
                                 head + "known-failures: [{check: a, on: b, reason: c}]"};
  for (const std::string& before : befores) {
    const std::string after = with_known_failures(before, known);
    const std::string file = testing::TempDir() + "quoted.target.yaml";
    std::ofstream(file, std::ios::binary) << after;
    document::Diagnostics diagnostics;
    const auto settings = load_target(file, diagnostics);
    ASSERT_EQ(diagnostics.render(false), "");
    ASSERT_EQ(settings->known_failures.size(), known.size());
    for (size_t i = 0; i < known.size(); ++i) {
      EXPECT_EQ(settings->known_failures[i].check, known[i].check);
      EXPECT_EQ(settings->known_failures[i].on, known[i].on);
      EXPECT_EQ(settings->known_failures[i].message, known[i].message);
      EXPECT_EQ(settings->known_failures[i].reason, known[i].reason);
    }
  }
}

TEST(KnownFailures, WhatAFileCannotHoldIsReplaced) {
  const std::string after = with_known_failures(head, {{"c", "o", std::string("\0\xff", 2), "", {}}, c, c});
  EXPECT_EQ(after, head + key +
                       "  - check: c\n    on: o\n    message: \"\uFFFD\uFFFD\"\n    reason: \"to be explained\"\n"
                       "  - check: c\n    on: o\n    reason: r\n");
}

TEST(KnownFailures, SomeFilesAreRefused) {
  for (const char* text : {"", "- a", "a: [", "known-failures: &k [{check: a, on: b, reason: c}]\nvariables: *k\n"}) {
    EXPECT_THROW(with_known_failures(text, {a}), std::runtime_error) << text;
  }
}

}  // namespace
}  // namespace counterpart::conformance
