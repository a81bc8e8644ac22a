#include "conformance/references.h"

#include <gtest/gtest.h>

namespace counterpart::conformance {

namespace {

struct Told {
  const char* name;
  const char* body;
  http::Headers headers;
  const char* text;
  const char* expression;
};

class ToldIn : public testing::TestWithParam<Told> {};

TEST_P(ToldIn, IsNamedByAnExpression) {
  http::Response response;
  response.body = GetParam().body;
  response.headers = GetParam().headers;
  EXPECT_EQ(told_in(response, GetParam().text), GetParam().expression);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ToldIn,
    testing::Values(Told{"member", R"({"a":"b","id":"x9"})", {}, "x9", "response.body.id"},
                    Told{"in_a_list", R"({"all":[{"id":"x8"},{"id":"x9"}]})", {}, "x9", "response.body.all[2].id"},
                    Told{"number", R"([5,7])", {}, "7", "response.body[2]"},
                    Told{"odd_names", R"({"end":{"a-b":"x9"}})", {}, "x9", R"(response.body["end"]["a-b"])"},
                    Told{"name_that_cannot_be_written", R"({"a\"b":"x9","c":"x9"})", {}, "x9", "response.body.c"},
                    Told{"part_of_a_text", R"({"id":"x99"})", {}, "x9", ""},
                    Told{"header", "", {{"X-Made", "x9"}}, "x9", R"(response.headers["x-made"])"},
                    Told{
                        "end_of_a_path", "", {{"Location", "/n/x9"}}, "x9", "string.sub(response.headers.location, 4)"},
                    Told{"end_of_a_url", "", {{"Location", "http://h:80/n/x9"}}, "x9", ""},
                    Told{"nowhere", R"({"id":"x8"})", {{"X-Made", "x8"}}, "x9", ""}),
    [](const auto& instance) { return instance.param.name; });

TEST(AsTemplate, NamesOnlyWhatWasMadeUp) {
  References references;
  references.names = {{"x9", "made_1"}, {"7", "made_2"}};
  const Json value = Json::parse(R"({"id":"x9","n":7,"page":7,"same":"x9","${t}":["${now}",null,true]})");
  Json first = value;
  first["id"] = "aaaa";
  first["n"] = 17;
  EXPECT_EQ(as_template(value, first, references).dump(),
            R"({"id":"${made_1}","n":"${made_2}","page":7,"same":"x9","$${t}":["$${now}",null,true]})");
}

}  // namespace

}  // namespace counterpart::conformance
