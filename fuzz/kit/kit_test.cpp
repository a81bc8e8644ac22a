#include "fuzz/kit/kit.h"

#include <map>
#include <set>

#include "fuzz/kit/message_text.h"
#include "fuzz/responses/differences.h"
#include "fuzz/responses/test_answers.h"

namespace counterpart::fuzz {
namespace {

std::unique_ptr<Kit> kit_of(const std::string& folder) {
  document::Diagnostics diagnostics;
  auto kit = Kit::load(folder, diagnostics);
  EXPECT_EQ(diagnostics.render(false), "");
  return kit;
}

const std::string keyauth = COUNTERPART_SOURCE_DIR "/scenarios/keyauth-seller";

TEST(Kit, WritesAndReadsEveryAnswer) {
  const auto kit = kit_of(keyauth);
  for (const Variant& documented : kit->mutator().documented()) {
    const Variant read = kit->read(write_message(documented));
    EXPECT_TRUE(is_same_answer(read.answer, documented.answer)) << name_of(documented);
    EXPECT_EQ(name_of(read), name_of(documented));
    EXPECT_EQ(read.legality, Legality::legal);
  }
}

TEST(Kit, TakesAnyBytesForSomeAnswer) {
  const auto kit = kit_of(keyauth);
  struct Case {
    std::string bytes;
    std::string name;
    int status;
    size_t headers;
    std::string body;
  };
  const Case cases[] = {
      {"", "killSession/killed", 200, 1, ""},
      {"{}", "killSession/killed", 200, 1, "{}"},
      {"HTTP/1.1 404 fetchAllSessions/retrieved\r\nA: b\r\n\r\nx\ny", "fetchAllSessions/retrieved", 404, 1, "x\ny"},
      {"HTTP/1.1 200 no/such\n\n{}", "killSession/killed", 200, 0, "{}"},
      {"HTTP/1.1 200\n", "killSession/killed", 200, 0, ""},
      {"HTTP/1.1 99999 killSession/killed\n\n", "killSession/killed", 0, 0, ""},
      {"HTTP/1.1 200 killSession/killed\nno colon\nA:  b \nB:", "killSession/killed", 200, 2, ""},
      {"HTTP/1.1 200 killSession/killed", "killSession/killed", 200, 1, "HTTP/1.1 200 killSession/killed"},
  };
  for (const Case& one : cases) {
    const Variant read = kit->read(one.bytes);
    EXPECT_EQ(name_of(read), one.name) << one.bytes;
    EXPECT_EQ(read.answer.status, one.status) << one.bytes;
    EXPECT_EQ(read.answer.headers.size(), one.headers) << one.bytes;
    EXPECT_EQ(read.answer.body, one.body) << one.bytes;
  }
  std::string many = "HTTP/1.1 200 killSession/killed\n";
  for (int i = 0; i < 1'000; ++i) many += "A: b\n";
  many += "\n" + std::string(2 * Variant::body_bytes_max, 'x');
  EXPECT_EQ(kit->read(many).answer.headers.size(), headers_max);
  EXPECT_EQ(kit->read(many).answer.body.size(), Variant::body_bytes_max);
}

TEST(Kit, MutatesRepeatablyWithinItsBounds) {
  const auto kit = kit_of(keyauth), other = kit_of(keyauth);
  std::map<Legality, std::set<std::string>> seen;
  std::string bytes;
  for (uint64_t seed = 0; seed < 900; ++seed) {
    const size_t size_max = seed % 7 == 0 ? 40 : 4'096;
    const std::string next = kit->mutate(bytes, size_max, seed, {});
    ASSERT_EQ(next, other->mutate(bytes, size_max, seed, {}));
    ASSERT_LE(next.size(), size_max);
    const Variant variant = kit->read(next);
    seen[variant.legality].insert(name_of(variant));
    EXPECT_LE(kit->cross_over(bytes, next, 100, seed).size(), 100u);
    EXPECT_EQ(kit->cross_over(bytes, next, 4'096, seed), other->cross_over(bytes, next, 4'096, seed));
    bytes = seed % 50 == 0 ? "" : next;
  }
  ASSERT_EQ(seen.size(), 3u);
  for (const auto& [legality, names] : seen) EXPECT_EQ(names.size(), 14u) << name_of(legality);
}

TEST(Kit, LetsTheFuzzerChangeBytesOfTheBody) {
  const auto kit = kit_of(keyauth);
  const std::string from = write_message(kit->mutator().documented().front());
  bool asked = false;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    bool now = false;
    const std::string next = kit->mutate(from, 4'096, seed, [&](uint8_t* bytes, size_t size, size_t size_max) {
      EXPECT_GT(size_max, size);
      bytes[size] = '!';
      return now = asked = true, size + 1;
    });
    EXPECT_TRUE(!now || next.ends_with("!")) << next;
  }
  EXPECT_TRUE(asked);
}

}  // namespace
}  // namespace counterpart::fuzz
