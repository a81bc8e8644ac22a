#include "conformance/aliases.h"

#include <gtest/gtest.h>

namespace counterpart::conformance {

namespace {

/// What two worlds answer, what the server answers, and what is then expected.
struct Settled {
  const char* name;
  const char* learned_from[3];  ///< an answer before it, of both worlds and the server; nullptr: none
  const char* now[3];
  const char* expected;
  bool changes_state = false;
};

class SettledAnswers : public testing::TestWithParam<Settled> {};

Json settle(Aliases& aliases, const char* const (&texts)[3], bool changes_state) {
  const Json first = Json::parse(texts[0]), second = Json::parse(texts[1]), came = Json::parse(texts[2]);
  aliases.begin_exchange(changes_state);
  return aliases.settled(first, second, &came, true);
}

TEST_P(SettledAnswers, AreExpectedAsTheServerSaysThem) {
  Aliases aliases;
  if (GetParam().learned_from[0] != nullptr) settle(aliases, GetParam().learned_from, true);
  EXPECT_EQ(settle(aliases, GetParam().now, GetParam().changes_state).dump(), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Table, SettledAnswers,
    testing::Values(
        Settled{"nothing_made_up", {}, {R"({"a":1})", R"({"a":1})", R"({"a":2})"}, R"({"a":1})"},
        Settled{"first_seen", {}, {R"({"id":"aa"})", R"({"id":"bb"})", R"({"id":"x9"})"}, R"({"id":"x9"})"},
        Settled{"seen_again", {R"("aa")", R"("bb")", R"("x9")"}, {R"(["aa"])", R"(["bb"])", R"(["x9"])"}, R"(["x9"])"},
        Settled{"changed_id", {R"("aa")", R"("bb")", R"("x9")"}, {R"(["aa"])", R"(["bb"])", R"(["y1"])"}, R"(["x9"])"},
        Settled{"changed_number", {"17", "23", "5"}, {"[17]", "[23]", "[6]"}, "[5]"},
        Settled{"another_type", {}, {R"("aa")", R"("bb")", "7"}, R"("aa")"},
        Settled{"number_for_text", {}, {"17", "23", R"("7")"}, "17"},
        Settled{"null_is_no_id", {}, {R"("aa")", R"("bb")", "null"}, R"("aa")"},
        Settled{"empty_is_no_id", {}, {R"("aa")", R"("bb")", R"("")"}, R"("aa")"},
        Settled{"missing_member", {}, {R"({"id":"aa"})", R"({"id":"bb"})", "{}"}, R"({"id":"aa"})"},
        Settled{"missing_item", {}, {R"(["aa",1])", R"(["bb",1])", "[1]"}, R"(["aa",1])"},
        Settled{"same_text_elsewhere", {"0", "1000", "5000"}, {"[0,0]", "[0,1000]", "[5000,5000]"}, "[0,5000]"},
        Settled{
            "in_a_path", {R"("aa")", R"("bb")", R"("x9")"}, {R"("/n/aa")", R"("/n/bb")", R"("/n/y1")"}, R"("/n/x9")"},
        Settled{
            "in_a_query", {"17", "23", "5"}, {R"("/n?id=17&a=1")", R"("/n?id=23&a=1")", R"("")"}, R"("/n?id=5&a=1")"},
        Settled{"learned_in_a_path",
                {R"("/n/aa")", R"("/n/bb")", R"("/n/x9")"},
                {R"("aa")", R"("bb")", R"("y1")"},
                R"("x9")"},
        Settled{"another_path", {}, {R"("/n/aa")", R"("/n/bb")", R"("/m/x9")"}, R"("/n/aa")"},
        Settled{"part_of_a_word", {R"("aa")", R"("bb")", R"("x9")"}, {R"("/aaa")", R"("/bba")", R"("/q")"}, R"("/q")"},
        Settled{"url_of_the_server",
                {R"("aa")", R"("bb")", R"("x9")"},
                {R"("http://one/n/aa")", R"("http://two/n/bb")", R"("http://host:80/n/y1")"},
                R"("http://host:80/n/x9")"},
        Settled{"clock_read_twice", {}, {"[5,5]", "[1005,1005]", "[70,71]"}, "[70,71]"},
        Settled{"id_read_twice", {}, {R"(["aa","aa"])", R"(["bb","bb"])", R"(["x9","y1"])"}, R"(["x9","x9"])"},
        Settled{"time_that_changes", {"5", "1005", "70"}, {"[5]", "[1005]", "[71]"}, "[70]"},
        Settled{"time_that_changes_while_changing", {"5", "1005", "70"}, {"[5]", "[1005]", "[71]"}, "[70]", true},
        Settled{"same_second_of_the_contract", {"5", "6", "70"}, {"[5]", "[6]", "[71]"}, "[71]", true},
        Settled{"second_that_changes_between_reads", {"5", "6", "70"}, {"[5]", "[6]", "[71]"}, "[70]"},
        Settled{"time_in_words",
                {},
                {R"("Mon, 01 Jan 2024 10:00:00 GMT")", R"("Mon, 01 Jan 2024 10:00:01 GMT")",
                 R"("Sun, 22 Nov 2026 15:52:38 GMT")"},
                R"("Sun, 22 Nov 2026 15:52:38 GMT")"},
        Settled{"true_by_chance", {}, {"true", "false", "false"}, "false"},
        Settled{"as_many_as_chance_has_it", {}, {R"([1])", R"([1,2])", R"([1,2,3])"}, "[1]"}),
    [](const auto& instance) { return instance.param.name; });

TEST(Aliases, AskEachWorldForItsOwn) {
  contract::Operation operation;
  contract::Parameter id;
  id.name = "id";
  id.in = contract::Place::path;
  operation.parameters.push_back(std::move(id));
  Aliases aliases;
  settle(aliases, {R"(["aaaaaaaa",17])", R"(["bbbbbbbb",23])", R"(["x9x9",5])"}, true);
  struct Asked {
    Json id, limit, body;
    const char* first;
  };
  const Asked table[]{
      {"x9x9", "x9x9", {{"id", "x9x9"}}, R"(["aaaaaaaa","aaaaaaaa",{"id":"aaaaaaaa"}])"},
      {"other", 5, {{"at", 5}}, R"(["other",5,{"at":5}])"},
      {5, "5", "5", R"([17,"5","5"])"},
      {"5", 1, "at /n/x9x9?a", R"(["17",1,"at /n/aaaaaaaa?a"])"},
      {"aaaaaaaa", 1, nullptr, R"(["x9x9",1,null])"},
  };
  for (const Asked& asked : table) {
    Call call;
    call.operation = &operation;
    call.parts.parameters = {{"id", asked.id}, {"limit", asked.limit}};
    call.parts.body = asked.body;
    const Call first = aliases.as_in(Aliases::World::first, call);
    const Json got =
        Json::array({first.parts.parameters[0].second, first.parts.parameters[1].second, *first.parts.body});
    EXPECT_EQ(got.dump(), asked.first);
  }
  Call call;
  call.operation = &operation;
  call.parts.credential = "x9x9";
  EXPECT_EQ(aliases.as_in(Aliases::World::second, call).parts.credential, "bbbbbbbb");
  EXPECT_EQ(aliases.as_at_server(aliases.as_in(Aliases::World::first, call)).parts.credential, "x9x9");
}

TEST(Aliases, AreForgotten) {
  const auto is_known = [](Aliases& aliases) { return aliases.chosen_for("aaaaaaaa") != nullptr; };
  Aliases aliases;
  settle(aliases, {R"("aaaaaaaa")", R"("bbbbbbbb")", R"("x9x9")"}, true);
  EXPECT_TRUE(is_known(aliases));
  aliases.begin_exchange(true);
  aliases.forget_exchange();
  EXPECT_TRUE(is_known(aliases)) << "it is of an exchange before";
  settle(aliases, {R"("cc")", R"("dd")", R"("y1y1")"}, true);
  aliases.forget_exchange();
  EXPECT_EQ(aliases.chosen_for("cc"), nullptr);
  for (int i = 0; i < 5000; ++i) {
    const std::string text = std::to_string(i), number = "\"f" + text + "\"", other = "\"s" + text + "\"";
    settle(aliases, {number.c_str(), other.c_str(), other.c_str()}, true);
  }
  EXPECT_FALSE(is_known(aliases)) << "there is an end to what is remembered";
  aliases.clear();
  EXPECT_EQ(aliases.chosen_for("f4999"), nullptr);
}

}  // namespace

}  // namespace counterpart::conformance
