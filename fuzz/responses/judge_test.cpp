#include "fuzz/responses/judge.h"

#include "fuzz/responses/test_answers.h"

namespace counterpart::fuzz {
namespace {

class JudgeTest : public testing::Test {
 protected:
  JudgeTest() : folder_(types_contract), suite_(conformance::suite_of(folder_)), mutator_(*suite_) {}

  Legality judged(const std::string& name, const std::string& body) const {
    Variant variant = documented_answer(mutator_, name);
    variant.answer.body = body;
    return mutator_.judge().judge(variant);
  }

  conformance::ContractFolder folder_;
  std::unique_ptr<conformance::Suite> suite_;
  Mutator mutator_;
};

constexpr Legality legal = Legality::legal, nearly = Legality::nearly_legal, broken = Legality::broken;

TEST_F(JudgeTest, JudgesBodiesByShapeAndDocumentedTypes) {
  const auto item = [](const std::string& id, const std::string& name, const std::string& size,
                       const std::string& weight, const std::string& tags, const std::string& owner) {
    return "{\"kind\":\"things\",\"items\":[{\"id\":" + id + ",\"name\":" + name + ",\"size\":" + size +
           ",\"weight\":" + weight + ",\"tags\":" + tags + ",\"owner\":" + owner + "}]}";
  };
  const std::pair<std::string, Legality> cases[] = {
      {item("1", "\"x\"", "2", "1.5", "[]", "null"), legal},
      {item("-9223372036854775808", "\"\"", "2.0", "7", "[\"a\",\"b\"]", "\"ada\""), legal},
      {"\xEF\xBB\xBF{\"items\":[],\n\"k\\u0069nd\":\"things\"}", legal},
      {item("\"1\"", "\"x\"", "2", "1.5", "[]", "null"), nearly},       // a number as text
      {item("1", "null", "2", "1.5", "[]", "null"), nearly},            // null where none was
      {item("1", "\"x\"", "2.5", "1.5", "[]", "null"), nearly},         // a fraction where none was
      {item("1", "\"x\"", "2", "1.5", "[1]", "null"), nearly},          // another type in a list
      {item("1", "\"\\ud800\"", "2", "1.5", "[]", "null"), nearly},     // half of a surrogate pair
      {item("1", "\"x\"", "2", "1e999", "[]", "null"), nearly},         // past a double
      {item("1,\"id\":1", "\"x\"", "2", "1.5", "[]", "null"), nearly},  // a key twice
      {item("1,\"new\":1", "\"x\"", "2", "1.5", "[]", "null"), nearly},
      {"{\"kind\":\"thing\",\"items\":[]}", nearly},  // a printed literal
      {"{\"kind\":\"things\"}", nearly},
      {"[]", nearly},
      {"", broken},
      {"{\"kind\":\"things\",\"items\":[]", broken},
      {"{\"kind\":\"things\",\"items\":[]}x", broken},
      {"{\"kind\":\"things\",\"items\":[],}", broken},
      {"{\"kind\":\"things\",\"items\":[\"\xFF\"]}", broken},
      {"{\"kind\":\"things\",\"items\":[NaN]}", broken},
  };
  for (const auto& [body, expected] : cases) EXPECT_EQ(name_of(judged("list/listed", body)), name_of(expected)) << body;
}

TEST_F(JudgeTest, JudgesBodiesBySchemaWhereThereIsOne) {
  const std::pair<std::string, Legality> cases[] = {
      {R"({"id":5,"unknown":[{}]})", legal},
      {R"({"note":"x","id":0})", legal},
      {R"({"id":-1})", nearly},
      {R"({"note":null})", nearly},
      {R"({"id":1)", broken},
  };
  for (const auto& [body, expected] : cases) EXPECT_EQ(name_of(judged("read/got", body)), name_of(expected)) << body;
}

TEST_F(JudgeTest, JudgesWhatIsNoJson) {
  EXPECT_EQ(judged("page/shown", "Hello"), legal);
  EXPECT_EQ(judged("page/shown", "hello"), nearly);
  EXPECT_EQ(judged("page/shown", "Hello\xC3"), broken);
  EXPECT_EQ(judged("remove/removed", ""), legal);
  EXPECT_EQ(judged("remove/removed", "x"), broken);
}

TEST_F(JudgeTest, JudgesStatusAndHeaders) {
  using Change = void (*)(http::Response&);
  struct Case {
    const char* what;
    Change change;
    Legality expected;
  };
  const Case cases[] = {
      {"as documented", [](http::Response&) {}, legal},
      {"another header", [](http::Response& a) { a.headers.add("X-New", "1"); }, legal},
      {"a charset", [](http::Response& a) { a.headers.set("content-type", "application/json;charset=utf-8"); }, legal},
      {"an undocumented status", [](http::Response& a) { a.status = 418; }, nearly},
      {"a header with another value", [](http::Response& a) { a.headers.set("X-Kind", "x"); }, nearly},
      {"no headers",
       [](http::Response& a) {
         a.headers = {{"Content-Type", "application/json"}};
       },
       nearly},
      {"another type", [](http::Response& a) { a.headers.set("Content-Type", "text/html"); }, nearly},
      {"two types", [](http::Response& a) { a.headers.add("Content-Type", "text/html"); }, nearly},
      {"no status of HTTP", [](http::Response& a) { a.status = 99; }, broken},
      {"four digits", [](http::Response& a) { a.status = 1000; }, broken},
      {"no name of a header", [](http::Response& a) { a.headers.add("a b", "1"); }, broken},
      {"a control character", [](http::Response& a) { a.headers.add("X", "a\nb"); }, broken},
      {"a body behind 204", [](http::Response& a) { a.status = 204; }, broken},
      {"another status without a body",
       [](http::Response& a) {
         a = {304, a.headers, ""};
       },
       nearly},
  };
  for (const Case& one : cases) {
    Variant variant = documented_answer(mutator_, "list/listed");
    one.change(variant.answer);
    EXPECT_EQ(name_of(mutator_.judge().judge(variant)), name_of(one.expected)) << one.what;
  }
}

TEST_F(JudgeTest, CallsDeepJsonNearlyLegalHoweverDeep) {
  for (const size_t depth : {300u, 100'000u, 500'000u}) {
    const std::string deep = std::string(depth, '[') + std::string(depth, ']');
    EXPECT_EQ(judged("read/got", "{\"id\":1,\"x\":" + deep + "}"), nearly) << depth;
  }
  EXPECT_EQ(judged("read/got", "{\"id\":1,\"x\":" + std::string(250, '[') + std::string(250, ']') + "}"), legal);
}

TEST(Judge, FindsEveryDocumentedAnswerLegal) {
  for (const char* contract : {"keyauth-seller", "panel-sessions"}) {
    const auto suite = shipped_suite(contract);
    ASSERT_NE(suite, nullptr);
    const Judge judge(*suite);
    std::set<const contract::Response*> met;
    for (const Variant& variant : judge.documented()) {
      EXPECT_EQ(name_of(judge.judge(variant)), "legal") << name_of(variant) << "\n" << variant.answer.body;
      for (const http::Header& field : variant.answer.headers) EXPECT_FALSE(field.name.starts_with("Counterpart-"));
      met.insert(variant.response);
    }
    for (const contract::Operation& operation : suite->contract().operations) {
      for (const auto& response : operation.responses) {
        EXPECT_TRUE(met.contains(response.get())) << operation.id << "/" << response->name;
      }
    }
  }
}

}  // namespace
}  // namespace counterpart::fuzz
