#include "mock/player.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "mock/request_log.h"
#include "mock/test_stage.h"

namespace counterpart::mock {
namespace {

using testing::HasSubstr;

std::string contract(const std::string& name, const std::string& path) {
  return "counterpart: 1\nname: " + name + "\nstate: { things: { key: id, items: [] } }\noperations:\n  get_" + name +
         ":\n    request: { method: GET, path: \"" + path +
         "\" }\n    rules: [{ respond: ok }]\n    responses: { ok: { status: 200, body: " + name + " } }\n  add_" +
         name + ":\n    request: { method: POST, path: \"" + path +
         "\" }\n    rules: [{ do: 'things:insert{id = #things}', respond: ok }]\n"
         "    responses: { ok: { status: 200, body: \"${#things}\" } }\n";
}

class PlayerTest : public testing::Test {
 protected:
  http::Response ask(const std::string& method, const std::string& target, http::Headers headers = {}) {
    http::Request request{method, target, std::move(headers), ""};
    return player().answer(request).response;
  }

  Player& player() {
    if (!player_) {
      if (stage_ == nullptr) stage_ = stage_of({seat_of(contract("one", "/one"))});
      spaces_.emplace(spaces_options_, stage_);
      player_.emplace(options_, *spaces_, nullptr);
    }
    return *player_;
  }

  std::shared_ptr<Stage> stage_;
  SpacesOptions spaces_options_;
  PlayerOptions options_;
  std::optional<Spaces> spaces_;
  std::optional<Player> player_;
};

TEST_F(PlayerTest, FindsTheContractOfAPath) {
  stage_ = stage_of({seat_of(contract("one", "/one")), seat_of(contract("two", "/two/{id}"))});
  EXPECT_EQ(ask("GET", "/one").body, "one");
  EXPECT_EQ(ask("GET", "/two/7").body, "two");
  const http::Response unknown = ask("GET", "/tow/7");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_THAT(unknown.body, HasSubstr("path segment 1 is \\\"tow\\\", expected \\\"two\\\""));
}

TEST_F(PlayerTest, AddsCorsWhereAsked) {
  options_.cors = true;
  const http::Response simple = ask("GET", "/one", {{"Origin", "https://a.example"}});
  EXPECT_EQ(*simple.headers.find("access-control-allow-origin"), "*");
  EXPECT_EQ(simple.headers.find("access-control-allow-methods"), nullptr);
  const http::Headers asks = {{"Origin", "https://a.example"},
                              {"Access-Control-Request-Method", "PATCH"},
                              {"Access-Control-Request-Headers", "authorization"}};
  const http::Response preflight = ask("OPTIONS", "/one", asks);
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(*preflight.headers.find("access-control-allow-methods"), "GET, HEAD, POST, OPTIONS, PATCH");
  EXPECT_EQ(*preflight.headers.find("access-control-allow-headers"), "authorization");
  EXPECT_EQ(ask("OPTIONS", "/__counterpart/health", asks).headers.find("access-control-allow-origin"), nullptr);
  const http::Response of_unknown = ask("OPTIONS", "/nowhere", asks);
  EXPECT_EQ(of_unknown.status, 204);
  EXPECT_EQ(of_unknown.headers.find("content-type"), nullptr);
  EXPECT_EQ(of_unknown.body, "");
}

TEST_F(PlayerTest, TellsOfEveryExchange) {
  std::vector<std::string> lines;
  options_.on_exchange = [&](const Exchange& exchange) {
    const Exchange timed{exchange.request, exchange.played, exchange.space, 42};
    lines.push_back(log_line(timed, LogFormat::text, false));
    lines.push_back(log_line(timed, LogFormat::json, false));
    lines.push_back(log_line(timed, LogFormat::text, true));
  };
  ask("GET", "/one?a=\x01");
  ask("GET", "/~x/one?a=b");
  http::Response problem{408, {}, ""};
  player().refused({}, problem);
  ASSERT_EQ(lines.size(), 9u);
  EXPECT_EQ(lines[0], "GET     400  -                                        42 us  /one?a=?");
  EXPECT_EQ(lines[3], "GET     200  get_one/ok                               42 us  /~x/one?a=b");
  EXPECT_EQ(
      lines[4],
      R"({"event":"request","method":"GET","target":"/one?a=b","status":200,"operation":"get_one","response":"ok","contract":"one","space":"x","microseconds":42})");
  EXPECT_EQ(lines[5].substr(0, 26), "GET     \x1b[32m200\x1b[0m  get_");
  EXPECT_EQ(lines[6], "-       408  -                                        42 us  ");
}

TEST_F(PlayerTest, KeepsSpacesApart) {
  for (const char* expected : {"1", "2", "3"}) EXPECT_EQ(ask("POST", "/~first/one").body, expected);
  EXPECT_EQ(ask("POST", "/one", {{"Counterpart-Space", "second"}}).body, "1");
  EXPECT_EQ(ask("POST", "/one", {{"counterpart-space", "first"}}).body, "4");
  EXPECT_EQ(ask("POST", "/one").body, "1") << "the unnamed space";
  EXPECT_EQ(spaces_->names(), (std::vector<std::string>{"first", "second"}));
}

/// Whoever follows what an answer says stays in the space, and on TLS.
TEST_F(PlayerTest, UrlsLeadBackIntoTheSpace) {
  stage_ = stage_of({seat_of(R"(counterpart: 1
name: one
operations:
  move:
    request: { method: GET, path: /one, query: { to: { type: string } } }
    rules: [{ respond: moved }]
    responses:
      moved: { status: 302, headers: { Location: "${query.to}" }, body: "${request.url}" }
)")});
  options_.secure = true;
  const struct {
    const char *prefix, *to, *location;
  } cases[] = {{"", "/two", "/two"},
               {"/~a", "/two?x", "/~a/two?x"},
               {"/%7Ea", "/two", "/%7Ea/two"},
               {"/~a", "//elsewhere/two", "//elsewhere/two"},
               {"/~a", "https://elsewhere/two", "https://elsewhere/two"},
               {"/~a", "two", "two"}};
  for (const auto& row : cases) {
    const std::string target = std::string("/one?to=") + row.to;
    const http::Response response = ask("GET", row.prefix + target, {{"Host", "here:1"}});
    EXPECT_EQ(*response.headers.find("location"), row.location);
    EXPECT_EQ(response.body, std::string("https://here:1") + row.prefix + target);
  }
  EXPECT_EQ(ask("GET", "/one?to=/two", {{"Counterpart-Space", "a"}}).headers.find("location")->c_str(),
            std::string("/two"));
}

/// Journals of spaces that nobody asks any more count, too.
TEST_F(PlayerTest, JournalsShareTheirBytes) {
  spaces_options_.journal.bytes_max = 256 * 1024;
  const auto held = [&] {
    size_t bytes = 0;
    for (const std::string& name : spaces_->names()) {
      spaces_->use(name)->with_journal([&](Journal& journal) { bytes += journal.bytes(); });
    }
    return bytes;
  };
  const std::string target = "/one?" + std::string(2000, 'x');
  for (int space = 0; space < 12; ++space) {
    for (int i = 0; i < 200; ++i) ask("GET", "/~s" + std::to_string(space) + target);
    EXPECT_LE(held(), spaces_options_.journal.bytes_max) << space;
  }
  EXPECT_GT(held(), 128u * 1024);
}

TEST_F(PlayerTest, TakesTheSpaceOffTheTarget) {
  const struct {
    const char* target;
    int status;
  } cases[] = {{"/~a/one", 200},
               {"/~a/one?x=y", 200},
               {"/~a", 404},
               {"/~a?x", 404},
               {"/~/one", 400},
               {"/~a%20b/one", 400},
               {"/~a b/one", 400},
               {"/~a//one", 404},
               // Percent-encoded it means the same.
               {"/%7Ea/one", 200},
               {"/%7ea/one", 200},
               {"/~%61/one", 200},
               {"/%7E%61", 404},
               {"/%7Ea?x", 404},
               {"/%7E/one", 400},
               {"/~a%/one", 400},
               {"/~a%2Fone", 400},
               {"/%7F/one", 404}};
  for (const auto& test : cases) EXPECT_EQ(ask("GET", test.target).status, test.status) << test.target;
  EXPECT_EQ(ask("GET", "/~" + std::string(65, 'a') + "/one").status, 400);
  EXPECT_EQ(ask("GET", "/one", {{"Counterpart-Space", "../x"}}).status, 400);
  EXPECT_EQ(spaces_->names(), std::vector<std::string>{"a"});
}

TEST_F(PlayerTest, SaysWhyThereIsNoAdminApi) {
  options_.no_admin = "there is none";
  for (const char* target : {"/__counterpart/health", "/~a/__counterpart/requests", "/__counterpart/"}) {
    const http::Response response = ask("GET", target);
    EXPECT_EQ(response.status, 403) << target;
    EXPECT_THAT(response.body, HasSubstr(R"("detail":"there is none")"));
  }
}

/// Also what no contract answers came at some time of the contracts' clock.
TEST_F(PlayerTest, EveryEntryOfTheJournalHasTheContractsTime) {
  stage_ = stage_of({seat_of("clock: 2024-01-01T00:00:00Z\n" + contract("one", "/one")),
                     seat_of("clock: 2024-01-01T00:00:00Z\n" + contract("two", "/two"))});
  ask("GET", "/one");
  ask("GET", "/nowhere");
  ask("OPTIONS", "*");
  http::Response problem{408, {}, ""};
  player().refused({}, problem);
  spaces_->use("")->with_journal([](Journal& journal) {
    ASSERT_EQ(journal.size(), 4u);
    for (size_t i = 0; i < journal.size(); ++i) EXPECT_EQ(journal.at(i).at_ms, 1'704'067'200'000) << i;
  });
}

TEST_F(PlayerTest, MakesPlaceForSpacesOnlyWhereOneIsIdle) {
  spaces_options_.spaces_max = 2;
  spaces_options_.idle_ms = 1'000'000;
  EXPECT_EQ(ask("POST", "/~a/one").status, 200);
  EXPECT_EQ(ask("POST", "/~b/one").status, 200);
  EXPECT_EQ(ask("POST", "/~c/one").status, 503);
  EXPECT_EQ(ask("POST", "/~a/one").body, "2");
}

TEST_F(PlayerTest, ForgetsTheSpaceThatWasNotUsedForTheLongestTime) {
  spaces_options_.spaces_max = 2;
  spaces_options_.idle_ms = 0;
  for (const char* target : {"/~a/one", "/~b/one"}) {
    EXPECT_EQ(ask("POST", target).status, 200);
    spaces_->use(target[2] == 'a' ? "a" : "b")->used_ms = target[2] == 'a' ? -20 : -10;
  }
  EXPECT_EQ(ask("POST", "/~c/one").status, 200);
  EXPECT_EQ(spaces_->names(), (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(spaces_->total().requests, 3u) << "what was counted is not forgotten";
}

/// A client that names its space wrongly is no reason for a run to look as if nobody had asked.
TEST_F(PlayerTest, RecordsWhatNoSpaceAnswers) {
  spaces_options_.spaces_max = 1;
  spaces_options_.idle_ms = 1'000'000;
  EXPECT_EQ(ask("GET", "/~a/one").status, 200);
  EXPECT_EQ(ask("GET", "/~a b/one?x=y").status, 400);
  EXPECT_EQ(ask("GET", "/~b/two").status, 503);
  spaces_->use("")->with_journal([](Journal& journal) {
    ASSERT_EQ(journal.size(), 2u);
    EXPECT_EQ(journal.at(0).status, 400);
    EXPECT_TRUE(journal.at(0).unmatched);
    EXPECT_EQ(journal.at(0).target, "/~a b/one?x=y");
    EXPECT_EQ(journal.at(1).status, 503);
    EXPECT_TRUE(journal.at(1).unmatched);
  });
  EXPECT_EQ(spaces_->total().requests, 3u);
  EXPECT_EQ(spaces_->total().unmatched, 2u);
}

/// What is due is due, also where the space is gone.
TEST_F(PlayerTest, RemembersStrictScenariosOfSpacesThatAreGone) {
  stage_ = stage_of({seat_of(contract("one", "/one"), {"scenario: s\nsteps: [{ call: get_one, expect: ok }]\n"})},
                    {{"s"}, true});
  EXPECT_EQ(ask("GET", "/~done/one").status, 200);
  EXPECT_EQ(ask("POST", "/~open/one").status, 409);
  spaces_->use("idle");
  for (const char* name : {"done", "open", "idle"}) EXPECT_TRUE(spaces_->remove(name));
  ASSERT_EQ(spaces_->left_strict().size(), 1u);
  EXPECT_EQ(spaces_->left_strict()[0].first, "open");
  EXPECT_EQ(spaces_->left_strict()[0].second.steps, 1u);
}

}  // namespace
}  // namespace counterpart::mock
