#include "fuzz/server/session.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "conformance/test_suite.h"
#include "fuzz/server/corpus.h"
#include "fuzz/server/fuzzer.h"
#include "fuzz/server/save.h"

namespace counterpart::fuzz::server {

namespace {

using conformance::Call;
using conformance::Conversation;
using conformance::Reply;
using conformance::Target;
using conformance::Trick;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// The shop, whose list shows all that it has.
std::string observed_shop() {
  const std::string rules = "    rules: [{ when: \"#invalid";
  return conformance::replaced(
      conformance::shop_contract, rules,
      "    observe: \"if query.limit == 5 then things:replace(response.body.items, { key = credential }) end\"\n" +
          rules);
}

/// A server as its URL alone shows it: one state, nobody knows which. `wrong` spoils its answers.
class Running final : public Target {
 public:
  using Wrong = std::function<void(const http::Request&, bool follows_a_body, Reply&)>;
  Running(const std::string& contract, Wrong wrong)
      : inner_(conformance::target_of(contract)), state_(inner_->open(nullptr)), wrong_(std::move(wrong)) {}

  std::string description() const override { return "running"; }
  bool is_isolated() const override { return false; }
  bool is_known() const override { return false; }
  std::unique_ptr<Conversation> open(const scenario::Scenario*) override { return std::make_unique<Talk>(*this); }

  std::vector<std::string> log;

 private:
  class Talk final : public Conversation {
   public:
    explicit Talk(Running& target) : target_(target) {}
    Reply send(const http::Request& request, bool) override {
      target_.log.push_back(request.method + " " + request.target);
      Reply reply = target_.state_->send(request, false);
      target_.wrong_(request, has_unread_, reply);
      const auto* connection = request.headers.find("Connection");
      has_unread_ = !request.body.empty() && (connection == nullptr || *connection != "close");
      return reply;
    }
    std::string url(const std::string&) const override { return ""; }
    std::string advance(int64_t ms) override { return target_.state_->advance(ms); }

   private:
    Running& target_;
    bool has_unread_ = false;  ///< on this connection
  };

  const std::unique_ptr<Target> inner_;
  const std::unique_ptr<Conversation> state_;
  const Wrong wrong_;
};

class SessionTest : public testing::Test {
 protected:
  Call call(const char* operation, std::vector<std::pair<std::string, conformance::Json>> values = {},
            std::vector<Trick> tricks = {}) const {
    Call one = suite_->base_call(*suite_->contract().find_operation(operation));
    for (auto& [name, value] : values) set_value(one, name, value);
    one.tricks = std::move(tricks);
    return one;
  }

  static void set_value(Call& call, const std::string& name, const conformance::Json& value) {
    auto& parameters = call.parts.parameters;
    std::erase_if(parameters, [&](const auto& one) { return one.first == name; });
    parameters.emplace_back(name, value);
  }

  std::vector<std::string> told() const {
    std::vector<std::string> all;
    for (const Found& found : session_->found()) all.push_back(found.finding.check + " " + found.finding.subject);
    return all;
  }

  void begin(Running::Wrong wrong, const std::string& contract = observed_shop()) {
    target_.emplace(contract, std::move(wrong));
    session_.emplace(*suite_, *target_, options_);
  }

  const conformance::ContractFolder folder_{observed_shop(), {conformance::removed_scenario}};
  const std::unique_ptr<conformance::Suite> suite_ = conformance::suite_of(folder_);
  const Trick body_{Trick::Kind::body, "text/plain", "GET /x", "", 0, 0, 1};
  SessionOptions options_;
  std::optional<Running> target_;
  std::optional<Session> session_;
};

void wrong_list(const http::Request& request, bool, Reply& reply) {
  if (request.target.starts_with("/things") && request.method == "GET") reply.response.status = 203;
}

TEST_F(SessionTest, ALookThatFailsHidesNothing) {
  for (const bool is_known : {false, true}) {
    options_.known_failures.clear();
    if (is_known) options_.known_failures = {{"documented-status", "list", "", "known", {}}};
    begin([](const http::Request& request, bool has_unread, Reply& reply) {
      wrong_list(request, has_unread, reply);
      if (request.method == "DELETE" && request.target.find("id=77") != std::string::npos) reply.response.status = 500;
    });
    for (int i = 0; i < 200; ++i) session_->play({call("list"), call("remove", {{"id", 3}})});
    EXPECT_EQ(session_->planned(), 400u);
    EXPECT_EQ(session_->unsent(), 200u);
    const size_t before = target_->log.size();
    session_->play({call("remove", {{"id", 77}})});
    EXPECT_GT(target_->log.size(), before);
    EXPECT_THAT(told(), Contains("no-server-error remove")) << is_known;
    EXPECT_EQ(told().size(), is_known ? 1u : 2u);
    const auto looks = std::count_if(target_->log.begin(), target_->log.end(),
                                     [](const auto& line) { return line.find("key=guest") != std::string::npos; });
    EXPECT_GE(looks, 1);
    EXPECT_LE(looks, 20) << "what fails again and again is asked for seldom";
  }
}

TEST_F(SessionTest, WhatDoesNotNeedLooksIsShrunkWithoutThem) {
  begin([](const http::Request& request, bool, Reply& reply) {
    if (request.target.find("id=77") != std::string::npos) reply.response.status = 500;
  });
  session_->play({call("list"), call("remove", {{"id", 77}})});
  ASSERT_THAT(session_->found(), SizeIs(1));
  EXPECT_TRUE(session_->found()[0].shows_again);
  EXPECT_THAT(session_->found()[0].sent, SizeIs(1));
}

/// A busy machine is silent now and then; a server that is so again and again is not busy.
TEST_F(SessionTest, SilenceThatDoesNotShowAgainIsToldAtTheThirdTime) {
  const auto silent_at = [this](const std::set<size_t>& times) {
    begin([times, count = size_t{0}](const http::Request& request, bool, Reply& reply) mutable {
      if (request.target.find("id=77") == std::string::npos || !times.contains(++count)) return;
      reply.kind = Reply::Kind::timed_out;
      reply.error = "no answer came in time";
    });
    for (int i = 0; i < 9; ++i) session_->play({call("remove", {{"id", 77}})});
  };
  silent_at({1, 4});
  EXPECT_THAT(session_->found(), SizeIs(0));
  silent_at({1, 4, 7});
  ASSERT_THAT(session_->found(), SizeIs(1));
  EXPECT_FALSE(session_->found()[0].shows_again);
  silent_at({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20});
  ASSERT_THAT(session_->found(), SizeIs(1));
  EXPECT_TRUE(session_->found()[0].shows_again);
}

TEST_F(SessionTest, OfTheLooksThoseStayThatItNeeds) {
  begin([](const auto&, bool, Reply&) {},
        conformance::replaced(observed_shop(), "do: \"things:remove(query.id)\"", "do: gone = true"));
  session_->play({call("remove", {{"id", 1}}), call("list")});
  ASSERT_THAT(told(), ElementsAre("state-agrees list/listed"));
  const Found& found = session_->found()[0];
  EXPECT_TRUE(found.shows_again);
  std::vector<std::string> sent;
  for (const auto& one : found.sent) sent.push_back(one.call.operation->id);
  EXPECT_THAT(sent, ElementsAre("list", "remove", "list")) << "one look, of its own credential";
}

TEST_F(SessionTest, WhatTheConnectionCarriesOverIsTheCause) {
  const auto confused = [](int status) {
    return [status](const http::Request&, bool follows_a_body, Reply& reply) {
      if (follows_a_body) reply.response.status = status;
    };
  };
  for (const int status : {418, 500}) {
    begin(confused(status));
    session_->play({call("list", {}, {body_}), call("list")});
    session_->play({call("list", {}, {body_}), call("remove", {{"id", 77}})});
    session_->play({call("list", {}, {body_}), call("remove", {{"id", 77}}), call("list")});
    ASSERT_THAT(session_->found(), SizeIs(1)) << testing::PrintToString(told());
    const Found& found = session_->found()[0];
    EXPECT_THAT(found.carried, ElementsAre("trick body"));
    EXPECT_EQ(found.finding.count, 3u);
    EXPECT_THAT(found.finding.also, SizeIs(2));
    EXPECT_THAT(oddities_of(found), ElementsAre("request 1 has: trick body text/plain, 1 byte: G"));
    // The same without it is something else.
    begin([status](const http::Request& request, bool follows_a_body, Reply& reply) {
      if (follows_a_body || request.method == "DELETE") reply.response.status = status;
    });
    session_->play({call("list", {}, {body_}), call("list")});
    session_->play({call("list", {}, {body_}), call("remove", {{"id", 77}})});
    ASSERT_THAT(session_->found(), SizeIs(2)) << testing::PrintToString(told());
    EXPECT_THAT(session_->found()[1].carried, IsEmpty());
    for (const auto& one : session_->found()[1].sent) EXPECT_THAT(one.call.tricks, IsEmpty());
  }
}

TEST_F(SessionTest, WhatTheStateKeepsIsCarriedByNoConnection) {
  bool is_spoilt = false;
  begin([&](const http::Request& request, bool, Reply& reply) {
    if (is_spoilt && request.body.empty()) reply.response.status = 500;
    is_spoilt = !request.body.empty();
  });
  session_->play({call("list", {}, {body_}), call("list")});
  ASSERT_THAT(session_->found(), SizeIs(1));
  EXPECT_THAT(session_->found()[0].carried, IsEmpty());
}

class SavingTest : public SessionTest {
 protected:
  SavingTest() { begin(wrong_list); }
  const std::string out_ = folder_.path() + "/out";
};

TEST_F(SavingTest, WhatWasSavedStays) {
  session_->play({call("list")});
  const Found found = session_->found()[0];
  FindingsFolder first(out_);
  EXPECT_EQ(save(first, *suite_, found, {"t"}).file, out_ + "/found-1.scenario.yaml");
  EXPECT_EQ(save(first, *suite_, found, {"t"}).file, out_ + "/found-2.scenario.yaml");
  folder_.write("out/found-3.http", "");
  folder_.write("out/found-4.json", "");
  FindingsFolder second(out_);
  EXPECT_EQ(save(second, *suite_, found, {"t"}).file, out_ + "/found-5.scenario.yaml");
  folder_.write("file", "");
  EXPECT_THROW(FindingsFolder(folder_.path() + "/file/out"), std::runtime_error);
}

TEST_F(SavingTest, EachFindingIsToldWhenItIsSettled) {
  FuzzOptions options;
  options.requests_max = 200;
  std::vector<std::string> order;
  options.on_found = [&](const Found& found) {
    EXPECT_TRUE(found.shows_again);
    order.push_back("found");
    return std::string(order.size() > 8 ? "the disk is full" : "");
  };
  const FuzzReport report =
      fuzz_server(*suite_, *target_, nullptr, options, [&](const FuzzProgress&) { order.push_back("step"); });
  EXPECT_GT(report.planned, report.unsent);
  EXPECT_GT(report.unsent, 0u);
  const auto found = std::find(order.begin(), order.end(), "found");
  EXPECT_NE(found, order.end());
  EXPECT_NE(std::find(found, order.end(), "step"), order.end()) << "the run went on";
  options.on_found = [](const Found&) { return std::string("the disk is full"); };
  const FuzzReport ended = fuzz_server(*suite_, *target_, nullptr, options, {});
  EXPECT_EQ(ended.environment_error, "the disk is full");
  EXPECT_LT(ended.progress.requests, options.requests_max);
}

TEST_F(SavingTest, ACorpusIsWhatTheNextRunBeginsWith) {
  const std::vector<Sequence> corpus{{call("remove", {{"id", 4711}})}, {call("list"), call("list", {}, {body_})}};
  save_corpus(corpus, out_);
  save_corpus(corpus, out_);
  folder_.write("out/a.json", "[{\"call\":\"nothing\"}]");
  folder_.write("out/b.json", "no JSON");
  const auto loaded = load_corpus(*suite_, out_);
  ASSERT_THAT(loaded, SizeIs(2));
  EXPECT_EQ(load_corpus(*suite_, out_ + "/missing").size(), 0u);
  FuzzOptions options;
  options.requests_max = 30;
  options.corpus = loaded;
  begin([](const auto&, bool, Reply&) {});
  fuzz_server(*suite_, *target_, nullptr, options, {});
  EXPECT_THAT(target_->log, Contains(HasSubstr("id=4711")));
}

}  // namespace

}  // namespace counterpart::fuzz::server
