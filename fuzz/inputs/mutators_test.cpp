#include "fuzz/inputs/mutators.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "engine/document/json.h"

namespace counterpart::fuzz {
namespace {

using Mutate = size_t (*)(uint8_t*, size_t, size_t, unsigned);

std::string mutated(Mutate mutate, const std::string& text, unsigned seed, size_t room = 100) {
  std::string copy = text;
  copy.resize(text.size() + room);
  copy.resize(mutate(reinterpret_cast<uint8_t*>(copy.data()), text.size(), copy.size(), seed));
  return copy;
}

TEST(FuzzMutators, RepeatStayWithinBoundsAndChangeSomething) {
  const std::string json = "200\n{\"a\":[1,{\"b\":null}],\"c\":\"text\"}";
  const std::string yaml = "a: 1\nb:\n  - c: 2\n  - d\n";
  for (const auto& [mutate, text] : {std::pair<Mutate, std::string>{mutate_json, json}, {mutate_lines, yaml}}) {
    std::set<std::string> all;
    for (unsigned seed = 0; seed < 300; ++seed) {
      all.insert(mutated(mutate, text, seed));
      EXPECT_EQ(mutated(mutate, text, seed), mutated(mutate, text, seed));
      EXPECT_LE(mutated(mutate, text, seed, 0).size(), text.size());
    }
    EXPECT_GT(all.size(), 50u) << text;
    for (unsigned seed = 0; seed < 50; ++seed) mutated(mutate, "", seed);
  }
}

TEST(FuzzMutators, JsonStaysJsonMostly) {
  size_t well_formed = 0;
  constexpr unsigned tries = 300;
  for (unsigned seed = 0; seed < tries; ++seed) {
    const std::string text = mutated(mutate_json, "{\"type\":\"object\"}\n---\n{\"a\":[1,2]}", seed);
    const size_t at = text.find("\n---\n");
    if (at == std::string::npos) continue;
    well_formed += document::parse_json(text.substr(0, at)) && document::parse_json(text.substr(at + 5)) ? 1 : 0;
  }
  EXPECT_GT(well_formed, tries * 3 / 4);
}

}  // namespace
}  // namespace counterpart::fuzz
