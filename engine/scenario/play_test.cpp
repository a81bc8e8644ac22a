#include "engine/scenario/play.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/contract/loader.h"
#include "engine/document/yaml.h"

namespace counterpart::scenario {
namespace {

contract::Loaded shop() {
  document::Diagnostics diagnostics;
  const auto source = std::make_shared<const document::Source>(
      document::Source{"contract.yaml",
                       "counterpart: 1\nname: shop\noperations:\n"
                       "  buy: { request: { method: POST, path: /buy }, rules: [{ do: n = 1, respond: sold }],\n"
                       "         responses: { sold: { status: 200 }, gone: { status: 410 },\n"
                       "                      told: { status: 200, body: \"${n}\", example: \"1\" },\n"
                       "                      untold: { status: 200, body: { a: [\"${now} ${n}\"] } } } }\n"
                       "  look: { request: { method: GET, path: /look }, rules: [{ respond: seen }],\n"
                       "          responses: { seen: { status: 200 } } }\n"});
  contract::Loaded loaded = contract::load(source, ".", diagnostics);
  EXPECT_EQ(diagnostics.render(false), "");
  return loaded;
}

class PlayTest : public testing::Test {
 protected:
  std::shared_ptr<const Play> load(const std::string& text) {
    const auto source = std::make_shared<const document::Source>(document::Source{"p.yaml", text});
    const auto root = document::parse_yaml(source, diagnostics_);
    return root ? load_play(*root, source, *shop_.contract, diagnostics_) : nullptr;
  }

  const contract::Loaded shop_ = shop();
  document::Diagnostics diagnostics_;
};

TEST_F(PlayTest, ReadsEveryPart) {
  const auto play = load(
      "- { on: buy, when: query.n == 1, times: 2, chance: 0.5, respond: gone, delay: 250ms, fault: connection-reset }\n"
      "- { on: \"*\", delay: { uniform: [100ms, 2s] } }\n"
      "- { on: look, delay: { lognormal: { median: 80ms, sigma: 0.4 } }, fault: { truncate: { at: 40% } } }\n"
      "- { on: look, override: { status: 503, headers: { Retry-After: 1 }, body: { a: \"${query.x}\" } } }\n"
      "- { on: \"*\", respond: gone }\n"
      "- { on: buy, respond: told }\n");
  ASSERT_EQ(diagnostics_.render(false), "");
  ASSERT_EQ(play->entries.size(), 6u);
  const contract::Operation& buy = shop_.contract->operations[0];
  const contract::Operation& look = shop_.contract->operations[1];
  const Entry& first = play->entries[0];
  EXPECT_EQ(first.operation, &buy);
  EXPECT_TRUE(first.when.has_value());
  EXPECT_EQ(first.times, 2u);
  EXPECT_EQ(first.chance, 0.5);
  EXPECT_EQ(first.respond, "gone");
  EXPECT_EQ(first.delay.ms, 250);
  EXPECT_EQ(first.fault->text, "connection-reset");
  EXPECT_EQ(play->entries[1].operation, nullptr);
  EXPECT_EQ(play->entries[1].times, std::nullopt);
  EXPECT_EQ(play->entries[1].delay.ms_max, 2000);
  EXPECT_EQ(play->entries[2].delay.sigma, 0.4);
  EXPECT_EQ(play->entries[3].override_->status, 503);
  EXPECT_EQ(play->entries[3].override_->content_type, "application/json");
  EXPECT_TRUE(play->entries[1].is_for(buy) && play->entries[1].is_for(look));
  EXPECT_TRUE(play->entries[4].is_for(buy));
  EXPECT_FALSE(play->entries[4].is_for(look)) << "look has no response \"gone\"";
}

TEST_F(PlayTest, ReportsMistakes) {
  const struct {
    const char* text;
    const char* expected;
  } cases[] = {
      {"{}", "p.yaml:1:1: error: expected a list of entries, found a map"},
      {"- 1", "p.yaml:1:3: error: an entry of `play` must be a map, this is an integer"},
      {"- { on: bye, respond: gone }", "p.yaml:1:9: error: the contract has no operation \"bye\""},
      {"- { respond: gone }", "p.yaml:1:3: error: an entry of `play` needs \"on\""},
      {"- { on: buy }", "p.yaml:1:3: error: this entry does nothing"},
      {"- { on: look, respond: gone }", "p.yaml:1:24: error: operation \"look\" has no response \"gone\""},
      {"- { on: \"*\", respond: lost }", "p.yaml:1:23: error: no operation has response \"lost\""},
      {"- { on: buy, times: 0, respond: gone }", "p.yaml:1:21: error: `times` must be a positive integer"},
      {"- { on: buy, respond: untold }",
       "p.yaml:1:23: error: the response \"untold\" says n, which only a rule's `do` assigns, and it has no example"},
      {"- { on: \"*\", respond: untold }", "p.yaml:1:23: error: the response \"untold\" says n, which"},
      {"- { on: buy, chance: 1.5, respond: gone }", "p.yaml:1:22: error: `chance` must be a number from 0 to 1"},
      {"- { on: buy, chance: often, respond: gone }", "p.yaml:1:22: error: `chance` must be a number from 0 to 1"},
      {"- { on: buy, delay: soon }", "p.yaml:1:21: error: expected a duration"},
      {"- { on: buy, delay: 2h }", "p.yaml:1:21: error: a delay is at most 1h"},
      {"- { on: buy, delay: { uniform: [2s, 1s] } }",
       "p.yaml:1:32: error: the first duration must not be the longer one"},
      {"- { on: buy, delay: { uniform: [2s] } }", "p.yaml:1:32: error: uniform takes two durations: [from, to]"},
      {"- { on: buy, delay: { lognormal: { median: 1s, sigma: -1 } } }",
       "p.yaml:1:55: error: `sigma` must be a number from 0 to 10"},
      {"- { on: buy, delay: {} }", "p.yaml:1:21: error: a delay is a duration, {uniform: [from, to]} or"},
      {"- { on: buy, override: { status: 99 } }", "p.yaml:1:34: error: a status is a number from 200 to 599"},
      {"- { on: buy, override: { body-base64: Zg } }", "p.yaml:1:39: error: this is no base64"},
      {"- { on: buy, override: { body-base64: [Zg==] } }", "p.yaml:1:39: error: this is no base64"},
      {"- { on: buy, override: { body: x, body-base64: Zg== } }",
       "p.yaml:1:48: error: `body-base64` is there instead of `body`, not beside it"},
      {"- { on: buy, override: {} }", "p.yaml:1:24: error: this override changes nothing"},
      {"- { on: buy, override: 503 }", "p.yaml:1:24: error: `override` must be a map, this is an integer"},
      {"- { on: buy, override: { headers: { \"a b\": x } } }", "p.yaml:1:37: error: \"a b\" is no name of a header"},
      {"- { on: buy, override: { headers: { Content-Type: x } } }",
       "p.yaml:1:37: error: a response's media type is not among its headers"},
      {"- { on: buy, override: { headers: { content-length: 5 } } }",
       "p.yaml:1:37: error: the header \"content-length\" is the mock's own to send"},
      {"- { on: buy, override: { headers: { Counterpart-Operation: x } } }",
       "p.yaml:1:37: error: the header \"Counterpart-Operation\" is the mock's own to send"},
      {"- { on: buy, override: { status: 204, body: x } }", "p.yaml:1:45: error: a 204 has no body"},
      {"- { on: buy, override: { status: 304, body: { a: 1 } } }", "p.yaml:1:45: error: a 304 has no body"},
      {"- { on: buy, override: { status: 205, body-base64: Zg== } }", "p.yaml:1:52: error: a 205 has no body"},
      {"- { on: buy, override: { boddy: x } }", "p.yaml:1:26: error: unknown key \"boddy\""},
      {"- { on: buy, respond: gone, tiems: 2 }", "p.yaml:1:29: error: unknown key \"tiems\""},
      {"- { on: buy, when: \"1 +\", respond: gone }", "p.yaml:1:"},
  };
  for (const auto& test : cases) {
    diagnostics_ = {};
    load(test.text);
    EXPECT_TRUE(diagnostics_.has_errors()) << test.text;
    EXPECT_EQ(diagnostics_.render(false).substr(0, std::string(test.expected).size()), test.expected) << test.text;
  }
}

/// What a client must cope with may be wrong in itself.
TEST_F(PlayTest, OverridesMayBeWrongOnPurpose) {
  load(
      "- { on: buy, override: { content-type: application } }\n"
      "- { on: buy, override: { status: 204, body-base64: \"\" } }\n"
      "- { on: buy, override: { status: 204, headers: { X-Control: \"a\\x01\" } } }\n");
  EXPECT_EQ(diagnostics_.render(false), "");
}

TEST(Delay, SamplesAsItSays) {
  state::SeededRandom random(7);
  const auto sorted = [&](const Delay& delay) {
    std::vector<int64_t> samples;
    for (int i = 0; i < 10'001; ++i) samples.push_back(delay.sample(random));
    std::sort(samples.begin(), samples.end());
    return samples;
  };
  EXPECT_EQ(Delay{}.sample(random), 0);
  EXPECT_EQ((Delay{Delay::Kind::fixed, 250, 0, 0}).sample(random), 250);
  const auto uniform = sorted({Delay::Kind::uniform, 100, 103, 0});
  EXPECT_EQ(uniform.front(), 100);
  EXPECT_EQ(uniform.back(), 103);
  EXPECT_NEAR(static_cast<double>(std::count(uniform.begin(), uniform.end(), 102)), 2500, 250);
  const auto lognormal = sorted({Delay::Kind::lognormal, 1000, 0, 0.5});
  EXPECT_NEAR(static_cast<double>(lognormal[5000]), 1000, 30) << "the median";
  EXPECT_NEAR(static_cast<double>(lognormal[8413]), 1000 * std::exp(0.5), 60) << "a standard deviation above";
  const auto wild = sorted({Delay::Kind::lognormal, 3'600'000, 0, 10});
  EXPECT_EQ(wild.back(), Delay::delay_ms_max);
  EXPECT_GE(wild.front(), 0);
}

}  // namespace
}  // namespace counterpart::scenario
