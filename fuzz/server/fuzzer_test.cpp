#include "fuzz/server/fuzzer.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "conformance/test_identity.h"
#include "conformance/test_peer.h"
#include "conformance/test_suite.h"
#include "fuzz/server/orders_test.h"
#include "fuzz/server/raw_requests.h"
#include "fuzz/server/save.h"

namespace counterpart::fuzz::server {

namespace {

using conformance::Conversation;
using conformance::PeerSocket;
using conformance::Reply;
using conformance::Target;
using conformance::TestPeer;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// A target that notes what it is asked, and fails where it is told to.
class Noting final : public Target {
 public:
  using Fails = std::function<Reply::Kind(const http::Request&)>;
  Noting(std::unique_ptr<Target> inner, Fails fails) : inner_(std::move(inner)), fails_(std::move(fails)) {}

  std::string description() const override { return inner_->description(); }
  bool is_isolated() const override { return true; }
  bool is_known() const override { return true; }
  std::unique_ptr<Conversation> open(const scenario::Scenario* scenario) override {
    return std::make_unique<Talk>(*this, inner_->open(scenario));
  }

  std::string log;

 private:
  class Talk final : public Conversation {
   public:
    Talk(Noting& target, std::unique_ptr<Conversation> inner) : target_(target), inner_(std::move(inner)) {
      is_fresh = true;
      has_given = true;
    }
    Reply send(const http::Request& request, bool may_repeat) override {
      EXPECT_FALSE(may_repeat);
      target_.log += request.method + " " + request.target + "\n" + request.body;
      for (const auto& field : request.headers) target_.log += field.name + ":" + field.value + "\n";
      Reply reply;
      reply.kind = target_.fails_ ? target_.fails_(request) : Reply::Kind::answered;
      return reply.kind == Reply::Kind::answered ? inner_->send(request, false) : reply;
    }
    std::string url(const std::string&) const override { return ""; }
    std::string advance(int64_t ms) override { return inner_->advance(ms); }

   private:
    Noting& target_;
    const std::unique_ptr<Conversation> inner_;
  };

  const std::unique_ptr<Target> inner_;
  const Fails fails_;
};

class FuzzerTest : public testing::Test {
 protected:
  FuzzerTest() {
    options_.seed = 5;
    options_.requests_max = 3000;
    options_.time_max_ms = 600'000;
    options_.session.revival_ms = 50;
  }
  FuzzReport fuzz(Target& target, RawSender* raw = nullptr) { return fuzz_server(*suite_, target, raw, options_, {}); }
  FuzzReport fuzz_contract(const std::string& text) { return fuzz(*conformance::target_of(text)); }

  const conformance::ContractFolder folder_{conformance::shop_contract, {conformance::removed_scenario}};
  const std::unique_ptr<conformance::Suite> suite_ = conformance::suite_of(folder_);
  FuzzOptions options_;
};

std::vector<std::string> told(const FuzzReport& report) {
  std::vector<std::string> all;
  for (const Found& found : report.found) {
    all.push_back(found.finding.check + " " + found.finding.subject + ": " + found.finding.message);
  }
  return all;
}

TEST_F(FuzzerTest, FindsNothingWrongWithTheContractItself) {
  for (const auto level : {conformance::Level::documented, conformance::Level::assumed}) {
    options_.session.level = level;
    const FuzzReport report = fuzz_contract(conformance::shop_contract);
    EXPECT_THAT(told(report), IsEmpty());
    EXPECT_EQ(report.environment_error, "");
    EXPECT_GE(report.progress.requests, options_.requests_max);
    EXPECT_GE(report.responses_met, 6u);
    EXPECT_THAT(report.never_accepted, IsEmpty());
    EXPECT_THAT(report.corpus, Not(IsEmpty()));
  }
}

TEST_F(FuzzerTest, TheSameSeedSendsTheSame) {
  const auto log_of = [&](uint64_t seed) {
    options_.seed = seed;
    Noting target(conformance::target_of(conformance::shop_contract), {});
    fuzz(target);
    return target.log;
  };
  const std::string log = log_of(1);
  EXPECT_EQ(log, log_of(1));
  EXPECT_NE(log, log_of(2));
}

TEST_F(FuzzerTest, AWrongStateIsFoundAndShrunk) {
  const FuzzReport report = fuzz_contract(
      conformance::replaced(conformance::shop_contract, "do: \"things:remove(query.id)\"", "do: gone = true"));
  ASSERT_THAT(told(report), Contains(HasSubstr("state-agrees list/listed")));
  for (const Found& found : report.found) {
    if (found.finding.check != "state-agrees") continue;
    EXPECT_TRUE(found.shows_again);
    EXPECT_THAT(found.sent, SizeIs(2));
    EXPECT_GT(found.requests, 0u);
    const std::string text = scenario_of(*suite_, found, "found-1");
    EXPECT_THAT(text, HasSubstr("scenario: found-1"));
    EXPECT_THAT(text, HasSubstr("- call: remove\n"));
    EXPECT_THAT(text, HasSubstr("- call: list\n"));
  }
}

TEST(Fuzzer, BodiesShowWhatIsWrongWithThem) {
  struct Wrong {
    const char* from;
    const char* by;
    const char* told;  ///< nullptr: nothing is found
    std::vector<std::string> never_accepted;
  };
  const auto suite = orders();
  for (const auto& [from, by, what, never_accepted] : {
           Wrong{"clock", "clock", nullptr, {}},
           Wrong{"width: { type: integer, minimum: 1, maximum: 10 }",
                 "width: { type: integer, minimum: 1, maximum: 11 }",
                 "documented-response place/refused: placed (status 201) instead of refused (status 422)",
                 {}},
           Wrong{"required: [width]",
                 "required: []",
                 "documented-response place/refused: placed (status 201) instead of refused (status 422)",
                 {}},
           Wrong{"added = orders:insert{", "added = {", "state-agrees list/listed: ", {}},
           Wrong{"- { do: \"added",
                 "- { respond: refused }\n      - { do: \"added",
                 "documented-response place/placed: refused (status 422) instead of placed (status 201)",
                 {"place"}},
       }) {
    FuzzOptions options;
    options.requests_max = 1500;
    options.time_max_ms = 600'000;
    const auto target = conformance::target_of(conformance::replaced(orders_contract, from, by));
    const FuzzReport report = fuzz_server(*suite, *target, nullptr, options, {});
    EXPECT_EQ(report.never_accepted, never_accepted) << by;
    if (what == nullptr) {
      EXPECT_THAT(told(report), IsEmpty());
      continue;
    }
    ASSERT_THAT(told(report), Contains(HasSubstr(what))) << by;
    for (const Found& found : report.found) {
      EXPECT_TRUE(found.shows_again);
      EXPECT_LE(found.sent.size(), 2u);
      EXPECT_THAT(scenario_of(*suite, found, "found-1"), HasSubstr("- call: place\n"));
    }
  }
}

TEST_F(FuzzerTest, OneCauseIsOneFinding) {
  const auto no_ranges = [](const http::Request& request) {
    return request.headers.find("Range") == nullptr ? Reply::Kind::answered : Reply::Kind::broken;
  };
  Noting target(conformance::target_of(conformance::shop_contract), no_ranges);
  const FuzzReport report = fuzz(target);
  ASSERT_THAT(report.found, SizeIs(1)) << testing::PrintToString(told(report));
  const Found& found = report.found[0];
  EXPECT_GT(found.finding.count, 3u);
  ASSERT_THAT(found.sent, SizeIs(1));
  ASSERT_THAT(found.sent[0].call.tricks, SizeIs(1));
  EXPECT_EQ(found.sent[0].call.tricks[0].name, "Range");
  EXPECT_EQ(scenario_of(*suite_, found, "x"), "") << "a scenario has no headers";
}

TEST_F(FuzzerTest, WhatNoScenarioCanSayIsSavedAndSentAgain) {
  const auto target_of = [](bool is_wrong) {
    return std::make_unique<Noting>(conformance::target_of(conformance::shop_contract), [=](const auto& request) {
      return is_wrong && request.headers.find("Range") != nullptr ? Reply::Kind::broken : Reply::Kind::answered;
    });
  };
  const FuzzReport report = fuzz(*target_of(true));
  ASSERT_THAT(report.found, SizeIs(1)) << testing::PrintToString(told(report));
  FindingsFolder folder(folder_.path() + "/out");
  const Saved saved = save(folder, *suite_, report.found[0], {"http://x", true, true, 300});
  EXPECT_THAT(saved.file, testing::EndsWith("/out/found-1.json"));
  EXPECT_THAT(saved.repeat,
              testing::EndsWith(" --target http://x --insecure --timeout 300ms --i-am-allowed --replay " + saved.file));
  std::string problem;
  const auto read = load_replay(*suite_, saved.file, false, problem);
  ASSERT_TRUE(read) << problem;
  for (const bool is_wrong : {true, false}) {
    const auto target = target_of(is_wrong);
    const Replayed replayed = replay(*suite_, *target, nullptr, options_, {*read, *read});
    EXPECT_EQ(replayed.environment_error, "");
    EXPECT_THAT(replayed.found, ElementsAre(SizeIs(is_wrong ? 1 : 0), SizeIs(is_wrong ? 1 : 0))) << "each on its own";
    EXPECT_THAT(target->log, HasSubstr("Range:"));
  }
}

TEST_F(FuzzerTest, WhatCannotBeSentAgainIsTold) {
  folder_.write("a.json", "[{\"call\":\"nothing\"}]");
  folder_.write("b.json", "no JSON");
  folder_.write("c.http", "");
  folder_.write("e.json", R"([{"call":"list"},{"call":"nothing"}])");
  folder_.write("f.json", R"([{"call":"list","with":{"nothing":1}}])");
  folder_.write("g.http", "");
  std::filesystem::resize_file(folder_.path() + "/g.http", (size_t{64} << 20) + 1);  // no block of it is on the disk
  const std::pair<const char*, const char*> cases[] = {{"missing.json", "cannot be read"},
                                                       {"g.http", "is larger than 64 MiB"},
                                                       {"a.json", "has no calls of this contract"},
                                                       {"b.json", "has no calls of this contract"},
                                                       {"e.json", "has calls, parameters or tricks"},
                                                       {"f.json", "has calls, parameters or tricks"},
                                                       {".", "cannot be read"},
                                                       {"c.http", "is empty"},
                                                       {"d.scenario.yaml", "is a scenario"}};
  for (const auto& [name, why] : cases) {
    std::string problem;
    EXPECT_FALSE(load_replay(*suite_, folder_.path() + "/" + name, false, problem));
    EXPECT_THAT(problem, HasSubstr(std::string(name) + ": " + why));
  }
}

TEST_F(FuzzerTest, AnInterruptEndsShrinkingAndWaiting) {
  for (const auto kind : {Reply::Kind::broken, Reply::Kind::unreachable}) {
    std::atomic<bool> interrupted = false;
    size_t asked_after = 0;
    Noting target(conformance::target_of(conformance::shop_contract), [&](const http::Request& request) {
      asked_after += interrupted ? 1 : 0;
      if (request.headers.find("Range") == nullptr && !interrupted) return Reply::Kind::answered;
      interrupted = true;
      return kind;
    });
    options_.session.interrupted = &interrupted;
    options_.session.revival_ms = 600'000;
    const FuzzReport report = fuzz(target);
    EXPECT_EQ(asked_after, 0u);
    if (kind == Reply::Kind::unreachable) {
      EXPECT_THAT(told(report), IsEmpty()) << "that it was away is not known";
      continue;
    }
    ASSERT_THAT(report.found, SizeIs(1)) << testing::PrintToString(told(report));
    EXPECT_TRUE(report.found[0].is_interrupted);
  }
}

TEST_F(FuzzerTest, ATargetThatGoesForGoodIsAFindingToo) {
  bool is_gone = false;
  Noting target(conformance::target_of(conformance::shop_contract), [&](const http::Request& request) {
    const bool was_gone = is_gone;
    is_gone = is_gone || request.headers.find("Range") != nullptr;
    return was_gone ? Reply::Kind::unreachable : is_gone ? Reply::Kind::broken : Reply::Kind::answered;
  });
  const FuzzReport report = fuzz(target);
  EXPECT_THAT(told(report), Contains(HasSubstr("what came is no HTTP response")));
  EXPECT_LT(report.progress.requests, options_.requests_max);
}

/// A failure that did not show again hides nothing of what came of the rest.
TEST_F(FuzzerTest, ATargetThatGoesWithoutASignIsAFindingToo) {
  size_t asked = 0;
  Noting target(conformance::target_of(conformance::shop_contract), [&](const http::Request&) {
    ++asked;
    return asked == 5 ? Reply::Kind::broken : asked < 400 ? Reply::Kind::answered : Reply::Kind::unreachable;
  });
  const FuzzReport report = fuzz(target);
  ASSERT_THAT(report.found, SizeIs(2)) << testing::PrintToString(told(report));
  EXPECT_FALSE(report.found[0].shows_again);
  EXPECT_FALSE(report.found[0].is_gone);
  EXPECT_THAT(told(report)[1], HasSubstr("the target no longer takes connections"));
  EXPECT_TRUE(report.found[1].is_gone);
  EXPECT_THAT(report.found[1].sent, Not(IsEmpty()));
  EXPECT_NE(report.environment_error, "");
}

TEST_F(FuzzerTest, ATargetThatWasNeverThereIsNone) {
  Noting target(conformance::target_of(conformance::shop_contract),
                [](const http::Request&) { return Reply::Kind::unreachable; });
  const FuzzReport report = fuzz(target);
  EXPECT_THAT(told(report), IsEmpty());
  EXPECT_EQ(report.progress.requests, 1u);
}

TEST_F(FuzzerTest, KnownFailuresAreNone) {
  const auto wrong =
      conformance::replaced(conformance::shop_contract, "removed: { status: 200", "removed: { status: 202");
  options_.session.known_failures = {{"documented-status", "remove/removed", "", "known", {}}};
  options_.requests_max = 500;
  EXPECT_THAT(told(fuzz_contract(wrong)), IsEmpty());
  options_.session.known_failures.clear();
  EXPECT_THAT(told(fuzz_contract(wrong)), Contains(HasSubstr("documented-status remove/removed")));
}

TEST(Fuzzer, NothingDestructiveIsSentUnlessItIsAllowed) {
  const conformance::ContractFolder folder(
      conformance::replaced(conformance::shop_contract, "  remove:\n", "  remove:\n    destructive: true\n"),
      {conformance::removed_scenario});
  const auto suite = conformance::suite_of(folder);
  for (const bool allowed : {false, true}) {
    // It fails often enough that much is shrunk.
    Noting target(conformance::target_of(conformance::shop_contract), [](const http::Request& request) {
      return request.target.size() % 7 == 0 ? Reply::Kind::broken : Reply::Kind::answered;
    });
    FuzzOptions options;
    options.requests_max = 3000;
    options.session.allow_destructive = allowed;
    EXPECT_THAT(fuzz_server(*suite, target, nullptr, options, {}).found, Not(IsEmpty()));
    EXPECT_EQ(target.log.find("DELETE /") != std::string::npos, allowed);
  }
}

struct RawCase {
  const char* name;
  const char* answer;  ///< "": none; nullptr: none, and the connection stays
  const char* problem;
};

/// For what comes at once on a machine that is not kept from running.
constexpr int patience_ms = 30'000;

TEST(Raw, WhatAServerMayDoWithBytes) {
  for (const auto& [name, answer, problem] : {
           RawCase{"refusal", "HTTP/1.1 400 Bad Request\r\n\r\n", ""},
           RawCase{"unknown version", "HTTP/1.1 505 No\r\n\r\n", ""},
           RawCase{"close", "", ""},
           RawCase{"failure", "HTTP/1.1 500 No\r\n\r\n", "the server failed with status 500"},
           RawCase{"refusal after an interim answer", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 417 No\r\n\r\n", ""},
           RawCase{"failure after an interim answer", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 No\r\n\r\n",
                   "the server failed with status 500"},
           RawCase{"an interim answer alone", "HTTP/1.1 100 Continue\r\n\r\n", ""},
           RawCase{"silence", nullptr, "neither an answer nor an end of the connection"},
           RawCase{"as HTTP/0.9", "<html>", ""},
       }) {
    TestPeer peer([answer = answer](PeerSocket& socket, int) {
      if (answer == nullptr) return socket.wait_for_the_end_of_the_test();
      socket.read_request();
      socket.send(answer);
      socket.end_sending();
    });
    std::string unused;
    auto settings = conformance::target_of_url(peer.url(), unused);
    settings->limits.timeout_ms = answer == nullptr ? 200 : patience_ms;
    const char* request = "GET / HTTP/1.1\r\n\r\n";
    EXPECT_EQ(RawSender(*settings).send(request, request).problem, problem) << name;
  }
}

/// Nothing can say under TLS that no more bytes follow: a server may wait for them.
TEST(Raw, SilenceIsNoProblemUnderTls) {
  const conformance::Identity server("server", "IP:127.0.0.1");
  const auto context = server.server_context();
  TestPeer peer([](PeerSocket& socket, int) { socket.wait_for_the_end_of_the_test(); }, context.get());
  std::string unused;
  auto settings = conformance::target_of_url(peer.url("https"), unused);
  settings->insecure = true;
  settings->limits.timeout_ms = 2'000;  // the greeting, too
  const char* request = "GET / HTTP/1.1\r\n\r\n";
  const RawSender::Outcome outcome = RawSender(*settings).send(request, request);
  EXPECT_EQ(outcome.reply, "nothing");
  EXPECT_EQ(outcome.problem, "");
}

TEST(Raw, BytesAreShrunk) {
  std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\nX: evil\r\n\r\n";
  const auto shows = [](std::string_view text) { return text.find("evil") != std::string_view::npos; };
  EXPECT_EQ(shrunk_bytes(bytes, shows, 1000), "evil");
  size_t tries = 0;
  shrunk_bytes(
      bytes, [&](std::string_view) { return ++tries > 1000; }, 7);
  EXPECT_EQ(tries, 7u);
}

/// What becomes of a connection beside the one with bad bytes, at a server that crashes of them, or keeps none.
RawSender::Beside beside(bool crashes, bool keeps) {
  std::atomic<bool> has_crashed = false;
  TestPeer peer([&](PeerSocket& socket, int) {
    for (std::string request = socket.read_request(); !request.empty(); request = socket.read_request()) {
      if (request.starts_with("BAD")) has_crashed = crashes;
      if (has_crashed) return;
      socket.send(keeps ? "HTTP/1.1 204 No\r\n\r\n" : "HTTP/1.1 204 No\r\nConnection: close\r\n\r\n");
      if (!keeps) return;
    }
  });
  std::string unused;
  auto settings = conformance::target_of_url(peer.url(), unused);
  settings->limits.timeout_ms = patience_ms;
  return RawSender(*settings).send("BAD\r\n\r\n", "GET / HTTP/1.1\r\n\r\n").beside;
}

TEST(Raw, AnotherConnectionIsWatched) {
  EXPECT_EQ(beside(false, true), RawSender::Beside::kept);
  EXPECT_EQ(beside(true, true), RawSender::Beside::ended);
  EXPECT_EQ(beside(true, false), RawSender::Beside::unknown);
}

constexpr const char* good = "GET /a?b=c HTTP/1.1\r\nHost: a\r\n\r\n";

TEST(Raw, TheSameSeedMakesTheSame) {
  std::string texts[3];
  const uint64_t seeds[] = {1, 1, 2};
  for (size_t i = 0; i < 3; ++i) {
    state::SeededRandom random(seeds[i]);
    RawRequests requests(good, random);
    for (int j = 0; j < 400; ++j) texts[i] += requests.next().bytes;
  }
  EXPECT_EQ(texts[0], texts[1]);
  EXPECT_NE(texts[0], texts[2]);
}

TEST(Raw, EverythingListedComesBeforeAnythingTwice) {
  std::map<std::string_view, std::set<std::string>> first;
  for (const uint64_t seed : {1, 2, 3}) {
    state::SeededRandom random(seed);
    RawRequests requests(good, random);
    std::map<std::string_view, std::set<std::string>> all;
    size_t count = 0;
    for (; requests.is_first_time(); ++count) {
      const RawRequest raw = requests.next();
      const bool is_drawn = raw.what == "noise" || raw.what == "a damaged request";
      EXPECT_TRUE(all[raw.what].insert(is_drawn ? "" : raw.bytes).second || is_drawn) << raw.bytes;
      EXPECT_TRUE(count != 7 || all.size() == 8) << "the first round has one of each kind";
    }
    EXPECT_LT(count, 300u);
    EXPECT_THAT(all, SizeIs(8));
    EXPECT_TRUE(first.empty() || all == first) << "each seed has all that is listed";
    first = std::move(all);
  }
  EXPECT_THAT(first["a bad request line"], Contains(HasSubstr("HTTP/9.9")));
  EXPECT_THAT(first["half a request"], Contains("GET "));
}

}  // namespace

}  // namespace counterpart::fuzz::server
