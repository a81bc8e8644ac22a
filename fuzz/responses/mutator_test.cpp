#include "fuzz/responses/mutator.h"

#include <map>
#include <set>

#include "engine/http/media_type.h"
#include "fuzz/responses/changes.h"
#include "fuzz/responses/differences.h"
#include "fuzz/responses/test_answers.h"

namespace counterpart::fuzz {
namespace {

constexpr Legality classes[] = {Legality::legal, Legality::nearly_legal, Legality::broken};

TEST(Mutator, ReachesEveryClassFromEveryDocumentedResponse) {
  const conformance::ContractFolder types(types_contract);
  for (const auto& suite :
       {shipped_suite("keyauth-seller"), shipped_suite("panel-sessions"), conformance::suite_of(types)}) {
    ASSERT_NE(suite, nullptr);
    const Mutator mutator(*suite);
    state::SeededRandom random(1);
    for (const Variant& from : mutator.documented()) {
      for (const Legality wanted : classes) {
        std::set<std::string> bodies;
        const int tries = from.answer.body.size() > 8'000 ? 3 : 12;
        for (int i = 0; i < tries; ++i) {
          const Variant variant = mutator.mutate(from, wanted, random);
          EXPECT_EQ(name_of(variant.legality), name_of(wanted)) << name_of(from);
          EXPECT_EQ(variant.legality, mutator.judge().judge(variant));
          EXPECT_FALSE(variant.changes.empty());
          EXPECT_LE(variant.answer.body.size(), Variant::body_bytes_max);
          EXPECT_EQ(name_of(variant), name_of(from));
          EXPECT_FALSE(is_same_answer(variant.answer, from.answer) && wanted != Legality::legal);
          bodies.insert(variant.answer.body);
        }
        EXPECT_TRUE(bodies.size() > static_cast<size_t>(tries) / 4 || !http::is_json(from.response->content_type))
            << name_of(from) << ", " << name_of(wanted);
      }
    }
  }
}

TEST(Mutator, GoesOnFromWhatIsChangedAlready) {
  const auto suite = shipped_suite("panel-sessions");
  const Mutator mutator(*suite);
  for (uint64_t seed = 0; seed < 6; ++seed) {
    state::SeededRandom random(seed);
    Variant variant = mutator.documented()[seed % mutator.documented().size()];
    for (int i = 0; i < 30; ++i) {
      const auto wanted = static_cast<Legality>(random.below(3));
      variant = mutator.mutate(variant, wanted, random);
      ASSERT_EQ(name_of(variant.legality), name_of(wanted)) << "seed " << seed << ", step " << i;
      ASSERT_LE(variant.changes.size(), Variant::changes_max);
      ASSERT_LE(variant.answer.body.size(), Variant::body_bytes_max);
    }
  }
}

TEST(Mutator, GivesTheSameBytesForTheSameSeed) {
  const auto one = shipped_suite("panel-sessions");
  const auto other = shipped_suite("panel-sessions");
  const Mutator a(*one), b(*other);
  ASSERT_EQ(a.documented().size(), b.documented().size());
  std::set<std::string> seen;
  for (uint64_t seed = 0; seed < 90; ++seed) {
    state::SeededRandom first(seed), second(seed);
    const size_t from = seed % a.documented().size();
    const auto wanted = static_cast<Legality>(seed % 3);
    const Variant left = a.mutate(a.documented()[from], wanted, first);
    const Variant right = b.mutate(b.documented()[from], wanted, second);
    EXPECT_TRUE(is_same_answer(left.answer, right.answer)) << seed;
    EXPECT_EQ(left.changes, right.changes);
    seen.insert(left.answer.body);
  }
  EXPECT_GT(seen.size(), 60u);
}

TEST(Mutator, MakesEveryKindOfChange) {
  const auto suite = shipped_suite("panel-sessions");
  const Mutator mutator(*suite);
  std::vector<Variant> froms = mutator.documented();
  for (const auto& changes : {legal_changes(), nearly_legal_changes(), broken_changes()}) {
    for (size_t i = 0; i < changes.size(); ++i) {
      bool applied = false;
      for (uint64_t seed = 0; seed < 400 && !applied; ++seed) {
        state::SeededRandom random(seed);
        Variant variant = froms[seed % froms.size()];
        if (seed >= 200) variant.answer.body = "Hello";
        const Variant before = variant;
        Draft draft(variant, mutator.documented(), random, Variant::body_bytes_max);
        applied = !changes[i](draft).empty();
        if (applied) continue;
        EXPECT_TRUE(is_same_answer(before.answer, variant.answer)) << "change " << i;
      }
      EXPECT_TRUE(applied) << "change " << i;
    }
  }
}

/// Whatever is found, it becomes smaller until what shows it is left, in a number of steps that ends.
Variant shrunk(const Variant& documented, Variant found, const std::function<bool(const Variant&)>& shows) {
  size_t steps = 0;
  for (bool went_on = true; went_on && steps < 500; ++steps) {
    went_on = false;
    for (Variant& nearer : less_damaged(documented, found)) {
      EXPECT_LT(distance(documented, nearer), distance(documented, found));
      if (!shows(nearer)) continue;
      found = std::move(nearer);
      went_on = true;
      break;
    }
  }
  EXPECT_LT(steps, 500u);
  return found;
}

TEST(LessDamaged, LeavesWhatShowsTheFinding) {
  const auto suite = shipped_suite("panel-sessions");
  const Mutator mutator(*suite);
  const Variant documented = documented_answer(mutator, "listSessions/listed");
  struct Case {
    const char* what;
    void (*damage)(http::Response&);
    bool (*shows)(const Variant&);
    std::vector<std::string> left;
  };
  const Case cases[] = {
      {"a status among others",
       [](http::Response& a) {
         a.status = 500;
         a.headers.add("X-New", "1");
         a.body = "{}";
       },
       [](const Variant& v) { return v.answer.status == 500; },
       {"the status 500 instead of 200"}},
      {"a header among others",
       [](http::Response& a) {
         a.headers.add("X-New", "1");
         a.headers.add("X-Newer", "2");
         a.headers.set("Content-Type", "text/html");
       },
       [](const Variant& v) { return v.answer.headers.find("X-Newer") != nullptr; },
       {"the header X-Newer: 2"}},
      {"an empty list in another document",
       [](http::Response& a) { a.body = "{\"data\" : [ ],\"more\":[1,2,{}],\"currentToken\":17}"; },
       [](const Variant& v) {
         return v.answer.body.find("\"data\" : [ ]") != std::string::npos ||
                v.answer.body.find("\"data\":[]") != std::string::npos;
       },
       {}},
      {"a type",
       [](http::Response& a) {
         a.body.replace(a.body.find("\"page\":1"), 8, "\"page\":\"1\"");
         a.body.replace(a.body.find("\"isCurrent\":"), 16, "\"isCurrent\":null");
       },
       [](const Variant& v) { return v.answer.body.find("\"page\":\"1\"") != std::string::npos; },
       {"/pagination/page: \"1\" instead of 1"}},
      {"a byte",
       [](http::Response& a) {
         a.body[40] = '\xFF';
         a.body[50] = '\xFE';
         a.body.resize(90);
       },
       [](const Variant& v) { return v.answer.body.find('\xFF') != std::string::npos; },
       {}},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.what);
    Variant found = documented;
    one.damage(found.answer);
    ASSERT_TRUE(one.shows(found));
    const Variant least = shrunk(documented, found, one.shows);
    EXPECT_TRUE(one.shows(least));
    EXPECT_EQ(differences(documented, least).size(), 1u);
    if (one.left.empty()) continue;
    EXPECT_EQ(differences(documented, least), one.left) << least.answer.body;
  }
}

TEST(LessDamaged, FindsTheLatestCut) {
  const auto suite = shipped_suite("panel-sessions");
  const Mutator mutator(*suite);
  const Variant documented = documented_answer(mutator, "listSessions/listed");
  Variant found = documented;
  found.answer.body.resize(10);
  const size_t mark = documented.answer.body.find("\"pagination\"");
  const Variant least = shrunk(documented, found, [&](const Variant& variant) {
    return variant.answer.body.find("\"pagination\"") == std::string::npos;
  });
  EXPECT_EQ(least.answer.body.find("\"pagination\""), std::string::npos);
  EXPECT_GE(least.answer.body.size(), mark);
}

TEST(LessDamaged, EndsForWhateverTheMutatorMakes) {
  const auto suite = shipped_suite("keyauth-seller");
  const Mutator mutator(*suite);
  for (uint64_t seed = 0; seed < 18; ++seed) {
    state::SeededRandom random(seed);
    const Variant& documented = mutator.documented()[seed % mutator.documented().size()];
    const Variant found = mutator.mutate(documented, static_cast<Legality>(seed % 3), random);
    const Variant nearest = shrunk(documented, found, [](const Variant&) { return true; });
    EXPECT_TRUE(less_damaged(documented, nearest).empty());
    EXPECT_LE(differences(documented, nearest).size(), 1u) << seed;
    const Legality legality = found.legality;
    const Variant least =
        shrunk(documented, found, [&](const Variant& v) { return mutator.judge().judge(v) == legality; });
    EXPECT_EQ(mutator.judge().judge(least), legality);
  }
}

}  // namespace
}  // namespace counterpart::fuzz
