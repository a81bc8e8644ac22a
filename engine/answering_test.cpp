/// Answers are the same whether a session evaluates what is plain itself or asks Lua for everything.
#include "engine/answering.h"

#include <gtest/gtest.h>

#include "engine/contract/loader.h"
#include "engine/document/yaml.h"

namespace counterpart::engine {
namespace {

std::unique_ptr<Engine> engine_of(const std::string& yaml) {
  document::Diagnostics diagnostics;
  auto loaded =
      contract::load(std::make_shared<document::Source>(document::Source{"contract.yaml", yaml}), ".", diagnostics);
  EXPECT_EQ(diagnostics.render(false), "");
  return std::make_unique<Engine>(std::move(loaded));
}

std::unique_ptr<state::Space> space_of(const Engine& engine) {
  document::Diagnostics diagnostics;
  return engine.make_space({1, 0, nullptr}, diagnostics);
}

std::string text_of(const Answer& answer) {
  std::string text = std::to_string(answer.response.status) + "\n";
  for (const http::Header& field : answer.response.headers) text += field.name + ": " + field.value + "\n";
  return text + answer.response.body;
}

using Texts = std::vector<std::string>;

/// The requests of an API in a random order, most of them wrong in some way.
class Requests {
 public:
  explicit Requests(uint64_t seed) : random_(seed) {}

  http::Request of_keyauth() {
    std::string target = "/api/seller?";
    target += one_of({"", "sellerkey=sellerkeyhere&", "sellerkey=sellerkeyhere&", "sellerkey=sellerkeyhere&",
                      "sellerkey=othersellerkey&", "sellerkey=freeplankey&", "sellerkey=nosuchkey&", "sellerkey=&"});
    target += one_of({"", "type=kill&", "type=kill&", "type=fetchallsessions&", "type=killall&", "type=&", "type=x&"});
    target += one_of({"", "sessid=iMdaoCGXWr", "sessid=oXuqIIhtz3", "sessid=Zk3vQp81Ld", "sessid=", "sessid=no"});
    return {"GET", target, {}, {}};
  }

  http::Request of_panel() {
    http::Request made{one_of({"GET", "GET", "DELETE"}), "/api/account/sessions", {}, {}};
    if (made.method == "DELETE") {
      made.target += one_of({"", "/", "/session_abc123xyz789", "/session_def456uvw012", "/session_busy_001",
                             "/session_old000old000", "/no%20such"});
    }
    made.target += one_of({"", "?page=2&limit=1", "?page=0", "?limit=x", "?includeCurrent=true", "?includeCurrent=no"});
    const std::string credential = one_of({"", "YOUR_API_KEY", "YOUR_API_KEY", "BUSY_API_KEY", "EMPTY_API_KEY", "NO"});
    if (!credential.empty()) made.headers.add("Authorization", "Bearer " + credential);
    return made;
  }

 private:
  std::string one_of(const Texts& texts) { return texts[static_cast<size_t>(random_.below(texts.size()))]; }

  state::SeededRandom random_;
};

TEST(Answering, IsTheSameWithAndWithoutLua) {
  const std::pair<const char*, http::Request (Requests::*)()> apis[] = {{"keyauth-seller", &Requests::of_keyauth},
                                                                        {"panel-sessions", &Requests::of_panel}};
  for (const auto& [folder, next] : apis) {
    document::Diagnostics diagnostics;
    const auto source = document::read_source(
        std::string(COUNTERPART_SOURCE_DIR "/scenarios/") + folder + "/contract.yaml", diagnostics);
    ASSERT_NE(source, nullptr);
    const auto usual = engine_of(source->text);
    std::string with_env = source->text;
    const size_t lets = with_env.find("\nlet:\n");
    ASSERT_NE(lets, std::string::npos);
    const auto all_lua = engine_of(with_env.insert(lets + 6, "  nothing_is_plain: _ENV\n"));
    const expression::Program& program = usual->contract().program;
    size_t plain = 0;
    for (expression::SnippetId id = 0; id < program.size(); ++id) {
      if (program.plain(id) != nullptr) ++plain;
      EXPECT_EQ(all_lua->contract().program.plain(id), nullptr);
    }
    EXPECT_GT(plain, 5u);
    std::map<int, int> seen;
    for (uint64_t seed = 1; seed <= 40; ++seed) {
      const auto space = space_of(*usual), other = space_of(*all_lua);
      Requests requests(seed);
      for (int i = 0; i < 30; ++i) {
        const http::Request request = (requests.*next)();
        const Answer answer = usual->answer(request, *space);
        ++seen[answer.response.status];
        ASSERT_EQ(text_of(answer), text_of(all_lua->answer(request, *other)))
            << request.method << " " << request.target;
      }
    }
    EXPECT_GE(seen.size(), 3u) << folder;
    EXPECT_EQ(seen[500], 0) << folder;
  }
}

}  // namespace
}  // namespace counterpart::engine
