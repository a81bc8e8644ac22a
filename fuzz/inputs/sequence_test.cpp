#include "fuzz/inputs/sequence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fuzz/inputs/answer_check.h"
#include "fuzz/inputs/mutators.h"

namespace counterpart::fuzz {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const contract::Operation& operation(size_t contract, std::string_view id) {
  return *shipped_contracts()[contract].engine->contract().find_operation(id);
}

std::vector<std::string> requests_of(std::string_view bytes) {
  std::vector<std::string> requests;
  SequenceReader reader(bytes);
  while (const auto step = reader.next()) {
    std::string text = step->request.method + " " + step->request.target;
    if (step->clock_moves_ms > 0) text += " after " + std::to_string(step->clock_moves_ms);
    if (!step->request.body.empty()) text += " " + step->request.body;
    requests.push_back(std::move(text));
  }
  return requests;
}

TEST(FuzzSequence, WhatIsWrittenIsRead) {
  const std::string bytes =
      write_sequence(1, {{&operation(1, "listSessions"), {{{"page", 2}, {"limit", 7}}, {}, {}, "YOUR_API_KEY"}, 0},
                         {&operation(1, "revokeSession"), {{{"token", "a/b c"}}, {}, {}, {}}, 3'600'000},
                         {&operation(1, "revokeAllSessions"), {{}, {}, "body", {}}, 0}});
  EXPECT_THAT(requests_of(bytes),
              ElementsAre("GET /api/account/sessions?page=2&limit=7",
                          "DELETE /api/account/sessions/a%2Fb%20c after 3600000", "DELETE /api/account/sessions body"));
}

TEST(FuzzSequence, ConstantsCanBeLeftOut) {
  const auto& kill = operation(0, "killSession");
  const std::string bytes = write_sequence(0, {{&kill, {{{"sessid", "x"}}, {"type"}, {}, "sellerkeyhere"}, 0},
                                               {&kill, {{{"sessid", "x"}}, {}, {}, "sellerkeyhere"}, 0}});
  EXPECT_THAT(requests_of(bytes), ElementsAre("GET /api/seller?sellerkey=sellerkeyhere&sessid=x",
                                              "GET /api/seller?sellerkey=sellerkeyhere&type=kill&sessid=x"));
}

TEST(FuzzSequence, RequestsCanBeWrittenOut) {
  Sending raw;
  raw.raw = {"OPTIONS", "/x?y", {{"Prefer", "code=404"}}, "body"};
  const std::string bytes = write_sequence(0, {raw, raw});
  EXPECT_THAT(requests_of(bytes), ElementsAre("OPTIONS /x?y body", "OPTIONS /x?y body"));
  const auto step = SequenceReader(bytes).next();
  ASSERT_NE(step->request.headers.find("prefer"), nullptr);
  EXPECT_EQ(*step->request.headers.find("prefer"), "code=404");
}

TEST(FuzzSequence, HasAnEnd) {
  EXPECT_THAT(requests_of(""), IsEmpty());
  EXPECT_EQ(requests_of(std::string(100'000, '\0')).size(), SequenceReader::requests_max);
}

TEST(FuzzSequence, MutationsKeepTheFormAndRepeat) {
  const std::string bytes =
      write_sequence(0, {{&operation(0, "killSession"), {{{"sessid", "x"}}, {}, {}, "sellerkeyhere"}, 0},
                         {&operation(0, "fetchAllSessions"), {{}, {}, {}, "sellerkeyhere"}, 0}});
  size_t fewer = 0, more = 0;
  for (unsigned seed = 0; seed < 200; ++seed) {
    const auto mutated = [&] {
      std::string copy = bytes;
      copy.resize(1000);
      copy.resize(mutate_sequence(reinterpret_cast<uint8_t*>(copy.data()), bytes.size(), copy.size(), seed));
      return copy;
    };
    const std::string once = mutated();
    EXPECT_EQ(once, mutated()) << seed;
    fewer += requests_of(once).size() < 2 ? 1 : 0;
    more += requests_of(once).size() > 2 ? 1 : 0;
  }
  EXPECT_GT(fewer, 5u);
  EXPECT_GT(more, 5u);
}

TEST(FuzzAnswerCheck, FindsWhatIsWrong) {
  const ShippedContract& contract = shipped_contracts()[0];
  const auto space = contract.new_space();
  const http::Request request = contract::build_request(contract.engine->contract(), operation(0, "fetchAllSessions"),
                                                        {{}, {}, {}, "sellerkeyhere"});
  const engine::Answer good = contract.engine->answer(request, *space);
  ASSERT_EQ(complaint(contract, good), "");
  const auto with = [&](auto change) {
    engine::Answer answer = good;
    change(answer);
    return complaint(contract, answer);
  };
  EXPECT_EQ(with([](auto& answer) { answer.response.status = 201; }), "another status");
  EXPECT_EQ(with([](auto& answer) { answer.response.body += "x"; }).substr(0, 20), "the body is not JSON");
  EXPECT_EQ(with([](auto& answer) { answer.response.body = "{}"; }), "/success is not a field");
  EXPECT_EQ(with([](auto& answer) { answer.response.headers.set("Content-Type", "a/b"); }), "another content type");
  EXPECT_EQ(with([](auto& answer) { answer.is_documented = false; }), "documented, and then not");
  EXPECT_EQ(with([&](auto& answer) { answer.operation = &operation(0, "killSession"); }),
            "a response of another operation");
  EXPECT_EQ(with([](auto& answer) { answer.documented = nullptr; }), "no response of the contract, and no problem");
}

}  // namespace
}  // namespace counterpart::fuzz
