#include "mock/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace counterpart::mock {
namespace {

JournalEntry entry(std::string_view target, std::string_view body = "") {
  JournalEntry made;
  made.method = "GET";
  made.target = target;
  made.status = 200;
  made.response_body = body;
  return made;
}

TEST(Journal, GivesBackWhatItWasGiven) {
  JournalEntry full;
  full.at_ms = -1;
  full.real_ms = INT64_MAX;
  full.microseconds = 7;
  full.delay_ms = 250;
  full.status = 409;
  full.violation = true;
  full.method = "POST";
  full.target = "/a?b=c";
  full.contract = "one";
  full.operation = "op";
  full.response = "ok";
  full.rule_file = "contract.yaml";
  full.rule_line = 7;
  full.fault = "truncate";
  full.nearest = "near";
  full.request_body = std::string_view("\0x", 2);
  full.response_body = "{}";
  full.request_headers = {{"Host", "h"}, {"X", ""}};
  full.response_headers = {{"Y", "z"}};
  full.differences = {"this", "that"};
  Journal journal({});
  journal.add(full);
  const JournalEntry back = journal.at(0);
  EXPECT_EQ(back.id, 1u);
  EXPECT_EQ(back.at_ms, -1);
  EXPECT_EQ(back.real_ms, INT64_MAX);
  EXPECT_EQ(back.microseconds, 7);
  EXPECT_EQ(back.delay_ms, 250);
  EXPECT_EQ(back.status, 409);
  EXPECT_TRUE(back.violation);
  EXPECT_EQ(back.method, "POST");
  EXPECT_EQ(back.target, "/a?b=c");
  EXPECT_EQ(back.contract, "one");
  EXPECT_EQ(back.operation, "op");
  EXPECT_EQ(back.response, "ok");
  EXPECT_EQ(back.rule_file, "contract.yaml");
  EXPECT_EQ(back.rule_line, 7);
  EXPECT_EQ(back.fault, "truncate");
  EXPECT_EQ(back.nearest, "near");
  EXPECT_EQ(back.request_body, full.request_body);
  EXPECT_EQ(back.response_body, "{}");
  EXPECT_EQ(back.request_headers, full.request_headers);
  EXPECT_EQ(back.response_headers, full.response_headers);
  EXPECT_EQ(back.differences, full.differences);
}

TEST(Journal, IsBoundedByEntries) {
  Journal journal({3, 1 << 20});
  for (const char* target : {"/1", "/2", "/3", "/4", "/5"}) journal.add(entry(target));
  ASSERT_EQ(journal.size(), 3u);
  EXPECT_EQ(journal.at(0).target, "/3");
  EXPECT_EQ(journal.at(0).id, 3u);
  EXPECT_EQ(journal.at(2).target, "/5");
  EXPECT_EQ(journal.dropped(), 2u);
}

TEST(Journal, IsBoundedByBytes) {
  Journal journal({1'000'000, 10'000});
  const std::string body(1'000, 'b');
  for (int i = 0; i < 1'000; ++i) journal.add(entry("/", body));
  EXPECT_LE(journal.bytes(), 10'000u);
  EXPECT_GE(journal.size(), 5u);
  EXPECT_EQ(journal.size() + journal.dropped(), 1'000u);
  journal.set_bytes_max(3'000);
  EXPECT_LE(journal.bytes(), 3'000u);
  EXPECT_EQ(journal.size() + journal.dropped(), 1'000u);
  journal.add(entry("/last"));
  EXPECT_LE(journal.bytes(), 3'000u);
  EXPECT_EQ(journal.at(journal.size() - 1).target, "/last");
}

TEST(Journal, KeepsTheLatestWithoutBodiesWhenItIsTooLarge) {
  Journal journal({10, 5'000});
  journal.add(entry("/1"));
  journal.add(entry("/" + std::string(100'000, 'x'), std::string(100'000, 'b')));
  ASSERT_EQ(journal.size(), 2u);
  EXPECT_EQ(journal.at(1).target.size(), 1024u);
  EXPECT_EQ(journal.at(1).response_body, "");
  EXPECT_LE(journal.bytes(), 5'000u);
}

TEST(Journal, KeepsTheBeginningOfLongBodies) {
  Journal journal({10, 1 << 20, 100});
  const std::string too_long(101, 'a'), just_fits(100, 'b'), large(16 << 20, 'c');
  JournalEntry full = entry("/1", too_long);
  full.request_body = "short";
  journal.add(full);
  full = entry("/2", just_fits);
  full.request_body = large;
  journal.add(full);
  ASSERT_EQ(journal.size(), 2u) << "one large body does not push out the others";
  EXPECT_EQ(journal.at(0).response_body, std::string(100, 'a'));
  EXPECT_EQ(journal.at(0).response_body_bytes, 101u);
  EXPECT_EQ(journal.at(0).request_body, "short");
  EXPECT_EQ(journal.at(0).request_body_bytes, 5u);
  EXPECT_FALSE(journal.at(0).is_cut());
  EXPECT_EQ(journal.at(1).response_body_bytes, 100u);
  EXPECT_EQ(journal.at(1).request_body, std::string(100, 'c'));
  EXPECT_EQ(journal.at(1).request_body_bytes, large.size());
  EXPECT_TRUE(journal.at(1).is_cut());
  EXPECT_LT(journal.bytes(), 2'000u);
}

TEST(Journal, MayBeOff) {
  Journal journal({0, 1 << 20});
  journal.add(entry("/1"));
  EXPECT_FALSE(journal.keeps());
  EXPECT_EQ(journal.size(), 0u);
}

TEST(Journal, ClearsButNumbersOn) {
  Journal journal({1, 1 << 20});
  journal.add(entry("/1"));
  journal.add(entry("/2"));
  journal.clear();
  EXPECT_EQ(journal.size(), 0u);
  EXPECT_EQ(journal.bytes(), 0u);
  EXPECT_EQ(journal.dropped(), 0u);
  journal.add(entry("/3"));
  EXPECT_EQ(journal.at(0).id, 3u);
}

}  // namespace
}  // namespace counterpart::mock
