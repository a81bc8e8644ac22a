#include "fuzz/server/feedback.h"

#include <gtest/gtest.h>

#include <string>

namespace counterpart::fuzz::server {

namespace {

struct Case {
  const char* a;
  const char* b;
  bool same;
};

TEST(Feedback, BodiesOfTheSameShape) {
  for (const auto& [a, b, same] : {
           Case{R"({"a":1,"b":"x"})", R"({ "b" : "yy" , "a" : -2.5e3 })", true},
           Case{R"({"a":1})", R"({"a":"1"})", false},
           Case{R"({"a":1})", R"({"b":1})", false},
           Case{R"({"a":null})", R"({"a":true})", false},
           Case{R"({"a":false})", R"({"a":true})", true},
           Case{R"([])", R"([1])", false},
           Case{R"([1])", R"([1,2])", false},
           Case{R"([1,2])", R"([1,2,3,4])", true},
           Case{R"([{"a":1},{"a":2}])", R"([{"a":1},{"a":2},{"a":3}])", true},
           Case{R"([{"a":1},{"a":2}])", R"([{"a":1},{"a":"2"}])", false},
           Case{R"({"a":{"b":1}})", R"({"a":1,"b":1})", false},
           Case{R"({"a":"x\"}"})", R"({"a":"y"})", true},
           Case{"", "", true},
           Case{"\"", "{\"a", false},
       }) {
    EXPECT_EQ(body_shape(a) == body_shape(b), same) << a << "\n" << b;
  }
}

TEST(Feedback, HostileBodiesAreBounded) {
  for (const std::string& body : {std::string(1 << 20, '['), std::string(1 << 20, '"'), std::string(1 << 20, '\\'),
                                  std::string(1 << 20, '}'), std::string("\"\\")}) {
    body_shape(body);
  }
}

TEST(Feedback, TuplesTellStatusesAndResponsesApart) {
  conformance::Exchange a;
  a.operation = "list";
  a.got = "listed";
  conformance::Exchange b = a;
  EXPECT_EQ(tuple_of(a), tuple_of(b));
  b.reply.response.status = 404;
  EXPECT_NE(tuple_of(a), tuple_of(b));
  b = a;
  b.got = "";
  EXPECT_NE(tuple_of(a), tuple_of(b));
  b = a;
  b.operation = "remove";
  EXPECT_NE(tuple_of(a), tuple_of(b));
  b = a;
  b.reply.kind = conformance::Reply::Kind::broken;
  EXPECT_NE(tuple_of(a), tuple_of(b));
}

}  // namespace

}  // namespace counterpart::fuzz::server
