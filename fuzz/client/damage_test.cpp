#include "fuzz/client/damage.h"

#include <gtest/gtest.h>

#include "fuzz/client/test_world.h"

namespace counterpart::fuzz::client {
namespace {

class DamageTest : public testing::Test {
 protected:
  /// The answer of `list` with another body.
  Damage with_body(const std::string& body, const std::string& type = "application/json") {
    Damage damage;
    damage.operation = &world_.operation("list");
    damage.respond = damage.operation->responses[0].get();
    damage.documented = documented_answer(*world_.mutator, "list/listed");
    damage.variant = damage.documented;
    damage.variant->answer.body = body;
    damage.variant->answer.headers.set("Content-Type", type);
    return damage;
  }

  TestWorld world_;
};

TEST_F(DamageTest, IsWrittenAsAPersonWould) {
  Damage plain;
  plain.operation = &world_.operation("list");
  Damage fault = plain;
  fault.fault = {"truncate", {{"at", 3}, {"from", "start"}}};
  Damage second = fault;
  second.call = 2;
  second.fault = {"connection-reset", Json::object()};
  Damage instead = plain;
  instead.respond = plain.operation->responses[0].get();
  instead.call = 1;
  Damage status = with_body(with_body("").documented->answer.body);
  status.variant->answer.status = 500;
  status.variant->answer.headers.set("X-Kind", "${1}");
  const struct {
    Damage damage;
    const char* text;
  } cases[] = {
      {plain, "- on: list\n  delay: 0ms\n"},
      {fault, "- on: list\n  fault: { truncate: { at: 3, from: start } }\n"},
      {second, "- on: list\n  times: 1\n  delay: 0ms\n- on: list\n  times: 1\n  fault: connection-reset\n"},
      {instead, "- on: list\n  times: 1\n  respond: listed\n"},
      {status, "- on: list\n  respond: listed\n  override:\n    status: 500\n    headers:\n      X-Kind: \"$${1}\"\n"},
      {with_body(R"({"items":[],"a":null})"),
       "- on: list\n  respond: listed\n  override:\n    body: { items: [], a: null }\n"},
      {with_body("[1", "application/json"),
       "- on: list\n  respond: listed\n  override:\n    # [1\n    body-base64: \"WzE=\"\n    content-type: "
       "application/json\n"},
      {with_body("hello ${x}", "text/plain"),
       "- on: list\n  respond: listed\n  override:\n    body: \"hello $${x}\"\n    content-type: text/plain\n"},
  };
  for (const auto& c : cases) EXPECT_EQ(play_text(c.damage), c.text);
}

/// What the scenario says is what the mock sends, byte for byte.
TEST_F(DamageTest, SaysBodiesByteForByte) {
  const std::string bodies[] = {"",
                                "{}",
                                "[]",
                                "null",
                                R"({"a":"${1}"})",
                                R"({"$map":1})",
                                R"x({"each(x)":1})x",
                                R"({"a":1,"a":2})",
                                R"({ "a": 1 })",
                                R"({"a":1.0,"b":1e5,"c":-0,"d":1E400})",
                                R"({"a":18446744073709551616})",
                                R"({"a":0.1,"b":123456789012})",
                                R"({"a":"\u0000\u001f\ud83d\ude00"})",
                                "{\"a\":\"\xc3\xa9\xe2\x80\xa8\xef\xbb\xbf\x7f\"}",
                                "{\"a\":\"\xff\"}",
                                "{\"a\":\"\xef\xbf\xbf\"}",
                                "\xef\xbb\xbf{}",
                                std::string("{}\0x", 4),
                                "[[[[[[[[[[1]]]]]]]]]]",
                                R"({"":"","yes":"no","~":"null","1":"0x1F","- a":"#x: y"})",
                                "{\"a\":\"\xc2\x85\"}",
                                R"({"a":" x ","b":"line\nline"})",
                                std::string(100, '[') + std::string(100, ']'),
                                "[" + std::string(200'000, ' ') + "]"};
  for (const std::string& body : bodies) {
    for (const char* type :
         {"application/json", "application/problem+json; charset=utf-8", "text/plain", "text/html"}) {
      for (const bool as_bytes : {false, true}) {
        Damage damage = with_body(body, type);
        damage.as_bytes = as_bytes;
        const mock::Played played = world_.answered(damage, "GET", "/things");
        EXPECT_EQ(played.answer.response.body, body) << type << "\n" << play_text(damage).substr(0, 500);
        const std::string* got = played.answer.response.headers.find("content-type");
        EXPECT_EQ(got == nullptr ? "" : *got, type);
        EXPECT_EQ(played.answer.response.status, 200);
      }
    }
  }
}

TEST_F(DamageTest, WhatCannotBeSaidIsAsDocumented) {
  const http::Response documented{200, {{"Content-Type", "a/b"}, {"X-Kind", "things"}}, "[]"};
  const struct {
    http::Response changed, said;
  } cases[] = {
      {{200, {{"X-Kind", "things"}}, "[]"}, documented},                           // without a header
      {{200, {{"content-type", "a/b"}, {"x-kind", "things"}}, "[]"}, documented},  // names in other case
      {{200, {{"Content-Type", "a/b"}, {"Content-Type", "c"}, {"X-Kind", "things"}}, "[]"}, documented},
      {{200, {{"Content-Type", ""}, {"X-Kind", "things"}}, "[]"}, documented},
      {{200, {{"Content-Type", "c"}, {"A", "1"}, {"A", "\x01\xff"}}, "{}"},
       {200, {{"Content-Type", "c"}, {"X-Kind", "things"}, {"A", " \uFFFD"}}, "{}"}},
      {{204, documented.headers, "[]"}, {204, documented.headers, ""}},
  };
  for (const auto& c : cases) {
    const http::Response said = sayable(documented, c.changed);
    EXPECT_EQ(said.status, c.said.status);
    EXPECT_EQ(said.body, c.said.body);
    ASSERT_EQ(said.headers.size(), c.said.headers.size());
    for (const http::Header& field : c.said.headers) {
      const std::string* found = said.headers.find(field.name);
      EXPECT_EQ(found == nullptr ? "none" : *found, field.value) << field.name;
    }
  }
}

TEST_F(DamageTest, OnlyTheNamedCallIsDamaged) {
  Damage damage = with_body("{}");
  damage.call = 3;
  document::Diagnostics diagnostics;
  const auto cues =
      mock::Cues::parse("play", play_text(damage), world_.spaces->stage()->seats()[0].engine->contract(), diagnostics);
  ASSERT_NE(cues, nullptr) << diagnostics.render(false);
  const auto space = world_.spaces->use("x");
  space->add_cues(0, cues);
  std::string seen;
  for (int i = 0; i < 5; ++i) {
    seen += space->play({"GET", "/things", {{"Host", "x"}}, ""}).answer.response.body == "{}" ? "d" : ".";
  }
  EXPECT_EQ(seen, "..d..");
}

TEST_F(DamageTest, EveryMutationIsAScenario) {
  state::SeededRandom random(3);
  for (const Variant& documented : world_.mutator->documented()) {
    for (int i = 0; i < 200; ++i) {
      Damage damage;
      damage.operation = documented.operation;
      damage.respond = documented.response;
      damage.documented = documented;
      damage.variant = world_.mutator->mutate(documented, static_cast<Legality>(i % 3), random);
      damage.variant->answer = sayable(documented.answer, damage.variant->answer);
      const std::string text = scenario_text(damage, "found-1", {"a remark\nof two lines"});
      document::Diagnostics diagnostics;
      const auto source = std::make_shared<const document::Source>(document::Source{"x", text});
      EXPECT_NE(scenario::load_scenario(source, world_.suite->contract(), diagnostics), nullptr)
          << diagnostics.render(false) << text.substr(0, 2000);
      const auto played = world_.answered(damage, documented.operation->method, documented.operation->path);
      EXPECT_EQ(played.answer.response.body, damage.variant->answer.body) << text.substr(0, 2000);
      EXPECT_EQ(played.answer.response.status, damage.variant->answer.status) << text.substr(0, 2000);
      for (const http::Header& field : damage.variant->answer.headers) {
        const std::string* sent = played.answer.response.headers.find(field.name);
        EXPECT_EQ(sent == nullptr ? "none" : *sent, field.value) << field.name << " of " << text.substr(0, 2000);
      }
    }
  }
}

}  // namespace
}  // namespace counterpart::fuzz::client
