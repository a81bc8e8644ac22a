#include "fuzz/server/generator.h"

#include <map>
#include <set>

#include "conformance/oracle.h"
#include "conformance/plan.h"
#include "conformance/request_writer.h"
#include "fuzz/server/danger.h"
#include "fuzz/server/orders_test.h"
#include "fuzz/server/shipped_test.h"

namespace counterpart::fuzz::server {

namespace {

/// Sequences made anew and changed, as text.
std::vector<Sequence> some(const conformance::Suite& suite, bool allow_destructive, uint64_t seed, size_t count) {
  const Generator generator(suite, allow_destructive);
  state::SeededRandom random(seed);
  std::vector<Sequence> all;
  while (all.size() < count) {
    if (all.size() < 2 || random.below(2) == 0) {
      all.push_back(generator.make(*suite.initial, random));
    } else {
      all.push_back(generator.changed(all[random.below(all.size())], all.back(), *suite.initial, random));
    }
  }
  return all;
}

class GeneratorTest : public testing::TestWithParam<const char*> {
 protected:
  const std::unique_ptr<conformance::Suite> suite_ =
      std::string(GetParam()) == "orders" ? orders() : shipped(GetParam());
};

TEST_P(GeneratorTest, TheSameSeedMakesTheSame) {
  const auto a = some(*suite_, false, 7, 200), b = some(*suite_, false, 7, 200), c = some(*suite_, false, 8, 200);
  std::string text_a, text_b, text_c;
  for (const auto& one : a) text_a += write_sequence(one);
  for (const auto& one : b) text_b += write_sequence(one);
  for (const auto& one : c) text_c += write_sequence(one);
  EXPECT_EQ(text_a, text_b);
  EXPECT_NE(text_a, text_c);
}

TEST_P(GeneratorTest, NothingDestructiveUnlessItIsAllowed) {
  for (const Sequence& sequence : some(*suite_, false, 1, 2000)) {
    for (const auto& call : sequence) ASSERT_FALSE(may_destroy(*suite_, call)) << write_sequence({call});
  }
  size_t destructive = 0;
  for (const Sequence& sequence : some(*suite_, true, 1, 200)) {
    for (const auto& call : sequence) destructive += call.operation->destructive ? 1 : 0;
  }
  EXPECT_GT(destructive, 20u);
}

TEST_P(GeneratorTest, EveryRequestCanBeSent) {
  for (const Sequence& sequence : some(*suite_, true, 2, 2000)) {
    for (const auto& call : sequence) {
      std::string problem;
      conformance::write_request(conformance::request_of(*suite_, call), problem);
      ASSERT_EQ(problem, "") << write_sequence({call});
    }
  }
}

TEST_P(GeneratorTest, EveryKindOfTrickAndValueIsMade) {
  std::set<std::string> kinds;
  size_t odd = 0, probes = 0, legal = 0;
  for (const Sequence& sequence : some(*suite_, false, 3, 1000)) {
    EXPECT_LE(sequence.size(), sequence_calls_max);
    for (const auto& call : sequence) {
      for (const auto& trick : call.tricks) kinds.emplace(name_of(trick.kind));
      if (call.tricks.empty()) (call.bound.empty() ? legal : call.bound == odd_bound ? odd : probes) += 1;
      for (const auto& trick : call.tricks) EXPECT_FALSE(http::equal_ignoring_case(trick.name, "Prefer"));
    }
  }
  EXPECT_EQ(kinds, (std::set<std::string>{"path", "query", "repeat", "header", "body", "method"}));
  for (const size_t count : {odd, probes, legal}) EXPECT_GT(count, 100u);
}

TEST_P(GeneratorTest, SequencesReadBackAsTheyWereWritten) {
  for (const Sequence& sequence : some(*suite_, true, 4, 500)) {
    const std::string text = write_sequence(sequence);
    const auto back = read_sequence(*suite_, text);
    ASSERT_TRUE(back);
    ASSERT_EQ(write_sequence(*back), text);
    ASSERT_EQ(back->size(), sequence.size());
    for (size_t i = 0; i < sequence.size(); ++i) {
      const auto sent = conformance::request_of(*suite_, sequence[i]),
                 again = conformance::request_of(*suite_, (*back)[i]);
      ASSERT_EQ(sent.target + sent.method + sent.body, again.target + again.method + again.body) << text;
      ASSERT_EQ(sent.headers.find("Content-Type") == nullptr, again.headers.find("Content-Type") == nullptr);
      if (sent.headers.find("Content-Type") == nullptr) continue;
      ASSERT_EQ(*sent.headers.find("Content-Type"), *again.headers.find("Content-Type")) << text;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Contracts, GeneratorTest, testing::Values("keyauth-seller", "panel-sessions", "orders"));

/// What the calls of `place` that have no tricks send, and how often the contract accepts them.
std::map<std::string, size_t> placed(const std::vector<Sequence>& sequences, const conformance::Suite& suite) {
  std::map<std::string, size_t> count;
  const conformance::Oracle oracle(suite, true);
  for (const Sequence& sequence : sequences) {
    for (const auto& call : sequence) {
      if (call.operation->id != "place" || !call.tricks.empty()) continue;
      const auto answer = oracle.foresee(conformance::request_of(suite, call));
      const bool is_accepted = answer.operation == call.operation && answer.response.status == 201;
      ++count[is_accepted ? "accepted" : "refused"];
      ++count[call.bound.empty() ? is_accepted ? "plain" : "plain but refused" : call.bound];
      if (call.raw_body || !call.parts.body) continue;
      const conformance::Json::json_pointer width("/box/width");
      if (!call.parts.body->contains(width)) continue;
      for (const int at : {0, 1, 10, 11}) {
        count["width " + std::to_string(at)] += (*call.parts.body)[width] == at ? 1 : 0;
      }
    }
  }
  return count;
}

TEST(Generator, BodiesFitAndReachTheBoundsOfTheirMembers) {
  const auto suite = orders();
  const Generator generator(*suite, false);
  std::vector<Sequence> changed;
  state::SeededRandom random(6);
  conformance::Call bare;
  bare.operation = suite->contract().find_operation("place");
  while (changed.size() < 2000) changed.push_back(generator.changed({bare}, {}, *suite->initial, random));
  for (const auto& [sequences, least] : {std::pair(some(*suite, false, 5, 600), size_t{100}), {changed, 20}}) {
    const auto count = placed(sequences, *suite);
    const std::string counted = testing::PrintToString(count);
    for (const char* often : {"accepted", "refused", "plain"}) {
      EXPECT_GT(count.contains(often) ? count.at(often) : 0, least) << often << counted;
    }
    for (const char* some : {"width 0", "width 1", "width 10", "width 11", "left out", "wrong type", "not JSON",
                             "another content type", "a member more", odd_bound}) {
      EXPECT_GT(count.contains(some) ? count.at(some) : 0, 0u) << some << counted;
    }
  }
  EXPECT_FALSE(placed(some(*suite, false, 5, 300), *suite).contains("plain but refused"));
}

TEST(Sequence, WhatIsNoneIsRefusedOrLeftOut) {
  const auto suite = shipped("panel-sessions");
  for (const char* text : {"", "x", "{}", "\xFF", "null"}) EXPECT_FALSE(read_sequence(*suite, text)) << text;
  struct Case {
    const char* text;
    const char* read;
  };
  for (
      const auto& [text, read] : {
          Case{"[1,[],{},null,{\"call\":\"nobody\"},{\"call\":7}]", "[]"},
          Case{R"([{"call":"listSessions","with":{"page":1,"none":2},"without":[1,"a"],"tricks":7}])",
               R"([{"call":"listSessions","with":{"page":1},"without":["a"]}])"},
          Case{
              R"([{"call":"listSessions","tricks":[{"kind":"none"},{"kind":"path","at":-1,"count":"x","text":"\u00ff"}]}])",
              "[{\"call\":\"listSessions\",\"with\":{},\"tricks\":[{\"kind\":\"path\",\"text\":\"\xC3\xBF\"}]}]"},
      }) {
    const auto sequence = read_sequence(*suite, text);
    ASSERT_TRUE(sequence) << text;
    EXPECT_EQ(write_sequence(*sequence), read);
  }
  std::string many = "[";
  for (int i = 0; i < 1000; ++i) many += "{\"call\":\"listSessions\"},";
  EXPECT_EQ(read_sequence(*suite, many + "1]")->size(), sequence_calls_max);
}

}  // namespace

}  // namespace counterpart::fuzz::server
