#include "fuzz/server/allowed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace counterpart::fuzz::server {

namespace {

TEST(Allowed, OnlyThisMachine) {
  struct Case {
    const char* host;
    bool is_loopback;
    const char* problem;
  };
  for (const auto& [host, wanted, sentence] : {
           Case{"127.0.0.1", true, ""},
           Case{"127.9.9.9", true, ""},
           Case{"::1", true, ""},
           Case{"::ffff:127.0.0.1", true, ""},
           Case{"localhost", true, ""},
           Case{"::ffff:192.0.2.1", false, "another machine"},
           Case{"192.0.2.1", false, "192.0.2.1 is another machine; --i-am-allowed says"},
           Case{"0.0.0.0", false, "another machine"},
           Case{"2001:db8::1", false, "another machine"},
           Case{"no-such-name.invalid", false, "cannot be resolved"},
       }) {
    std::string problem;
    EXPECT_EQ(is_loopback(host, problem), wanted) << host;
    EXPECT_THAT(problem, testing::HasSubstr(sentence)) << host;
  }
}

}  // namespace

}  // namespace counterpart::fuzz::server
