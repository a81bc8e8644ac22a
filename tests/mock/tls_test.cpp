/// --tls, spoken to by curl: its certificate is to be trusted, and faults are the same under TLS.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/mock/client.h"
#include "tests/mock/program.h"
#include "tests/mock/running_mock.h"

namespace counterpart::tests {
namespace {

using testing::HasSubstr;

const std::string json = R"({"numbers":[1,2,3],"word":"abc"})";

class Tls : public testing::Test {
 protected:
  void SetUp() override {
    if (!is_installed("curl")) GTEST_SKIP() << "curl is not installed";
    const std::vector<std::string> lines = mock_.wait_for_lines(2);
    const std::string& line = lines.back();
    constexpr std::string_view before = R"({"event":"certificate","value":")";
    ASSERT_EQ(line.substr(0, before.size()), before);
    certificate_ = line.substr(before.size(), line.size() - before.size() - 2);
    EXPECT_THAT(lines.front(), HasSubstr(fmt::format(R"("certificate":"{}")", certificate_)));
  }

  Ended curl(const std::string& target) const {
    return run_program({"curl", "--silent", "--show-error", "--noproxy", "*", "--cacert", certificate_,
                        fmt::format("https://127.0.0.1:{}{}", mock_.port(), target)});
  }

  RunningMock mock_{{fixture("faults"), "--scenario", "every-fault", "--tls", "--quiet"}};
  std::string certificate_;
};

TEST_F(Tls, ACertificateForThisRun) {
  const Ended trusted = curl("/json");
  EXPECT_EQ(trusted.exit_code, 0) << trusted.err;
  EXPECT_EQ(trusted.out, json);
  const Ended unknown = run_program({"curl", "--silent", fmt::format("https://127.0.0.1:{}/json", mock_.port())});
  EXPECT_EQ(unknown.exit_code, 60) << "without the certificate curl does not trust it";
  mock_.stop();
  EXPECT_FALSE(std::filesystem::exists(certificate_));
}

/// What curl makes of a fault: its exit code says how the connection ended (curl(1), "EXIT CODES").
struct Seen {
  const char* fault;
  int exit_code;
  std::string out;
};

TEST_F(Tls, FaultsAreTheSame) {
  constexpr int partial_file = 18, empty_reply = 52, receive_failed = 56, no_http = 1;
  const std::vector<Seen> rows{
      {"truncate-percent", partial_file, json.substr(0, 12)},
      {"connection-reset", receive_failed, ""},
      {"empty-response", empty_reply, ""},
      {"longer-length", partial_file, json},
      {"shorter-length", 0, json.substr(0, 27)},
      {"malformed-chunk", receive_failed, json.substr(0, 16)},
      {"garbage", no_http, ""},
      {"invalid-json", 0, json.substr(0, 31)},
      {"split", 0, json},
      {"stall", 0, json},
      {"trickle", 0, json},
  };
  for (const auto& [fault, exit_code, out] : rows) {
    SCOPED_TRACE(fault);
    const Ended ended = curl(fmt::format("/json?fault={}", fault));
    EXPECT_EQ(ended.exit_code, exit_code) << ended.err;
    EXPECT_EQ(ended.out, out);
  }
  EXPECT_THAT(curl("/json?fault=connection-reset").err, HasSubstr("reset"));
}

TEST_F(Tls, PlainHttpIsToldWhatThisIs) {
  const Response answer = ask(mock_.port(), "GET", "/json");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("This port speaks TLS"));
}

}  // namespace
}  // namespace counterpart::tests
