#include "conformance/target_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace counterpart::conformance {
namespace {

/// A file in a folder of its own, and an environment.
class TargetFileTest : public testing::Test {
 protected:
  TargetFileTest() {
    std::string folder = testing::TempDir() + "target-XXXXXX";
    folder_ = mkdtemp(folder.data());
    setenv("COUNTERPART_TEST_KEY", "s3cret", 1);
    setenv("COUNTERPART_TEST_TRICKY", "${ms} $${ \"", 1);
    setenv("COUNTERPART_TEST_NUMBER", "12", 1);
    unsetenv("COUNTERPART_TEST_UNSET");
  }
  ~TargetFileTest() override { std::filesystem::remove_all(folder_); }

  std::optional<TargetSettings> load(const std::string& text) {
    file_ = folder_ + "/x.target.yaml";
    std::ofstream(file_, std::ios::binary) << text;
    return load_target(file_, diagnostics_);
  }

  /// The diagnostics, with the folder left out.
  std::string errors() const {
    std::string text = diagnostics_.render(false);
    for (size_t at = 0; (at = text.find(folder_ + "/")) != std::string::npos;) text.erase(at, folder_.size() + 1);
    return text;
  }

  std::string folder_;
  std::string file_;
  document::Diagnostics diagnostics_;
};

TEST_F(TargetFileTest, ReadsEverything) {
  const auto settings = load(R"(target: staging
contract: keyauth-seller
url: http://${env.COUNTERPART_TEST_KEY}.example:8080/api/
headers: { X-Team: contracts, X-Number: 5, "X-Key": "key ${env.COUNTERPART_TEST_KEY}; $${not.this}" }
variables: { key: "${env.COUNTERPART_TEST_KEY}", deep: [{ n: 5, text: "$5 ${env.COUNTERPART_TEST_NUMBER}" }] }
state: as-contract
tls: { client-certificate: me.pem, client-key: /etc/me.key, authorities: ../ca.pem, insecure: true }
limits: { requests-per-second: 0.5, timeout: 2s, concurrency: "${env.COUNTERPART_TEST_NUMBER}", wait: 1m, retries: 3 }
hooks:
  before-run: { run: "echo ${HOME} $$ ${env.COUNTERPART_TEST_KEY} $${env.X}" }
  before-scenario:
    request:
      method: PUT
      url: /reset?name=${scenario}
      headers: { Authorization: "${env.COUNTERPART_TEST_KEY}" }
      body: { to: "${scenario}", odd: "${env.COUNTERPART_TEST_TRICKY}", as-is: "$${ms}" }
  after-run: { request: { url: "https://other.example/done?x=1" } }
  advance-clock: { request: { url: /clock, body: { ms: "${ms}" } } }
known-failures:
  - check: literal-body
    on: killSession/seller-key-not-found
    reason: says "No application found" since 2023
  - { check: c, on: o, message: m, reason: r }
)");
  ASSERT_EQ(errors(), "");
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->name, "staging");
  EXPECT_EQ(settings->contract, "keyauth-seller");
  EXPECT_EQ(settings->url, "http://s3cret.example:8080/api/");
  const std::vector<std::pair<std::string, std::string>> headers{
      {"X-Team", "contracts"}, {"X-Number", "5"}, {"X-Key", "key s3cret; ${not.this}"}};
  EXPECT_EQ(settings->headers, headers);
  EXPECT_EQ(settings->variables.value().dump(), R"({"key":"s3cret","deep":[{"n":5,"text":"$5 12"}]})");
  EXPECT_TRUE(settings->starts_as_contract);
  EXPECT_EQ(settings->client_certificate, folder_ + "/me.pem");
  EXPECT_EQ(settings->client_key, "/etc/me.key");
  EXPECT_EQ(settings->authorities, folder_ + "/../ca.pem");
  EXPECT_TRUE(settings->insecure);
  EXPECT_EQ(settings->limits.requests_per_second, 0.5);
  EXPECT_EQ(settings->limits.timeout_ms, 2'000);
  EXPECT_EQ(settings->limits.concurrency, 12);
  EXPECT_EQ(settings->limits.wait_ms, 60'000);
  EXPECT_EQ(settings->limits.retries, 3);
  const Hooks& hooks = settings->hooks;
  EXPECT_EQ(hooks.before_run.value().run, "echo ${HOME} $$ s3cret ${env.X}");
  EXPECT_EQ(hooks.before_scenario.value().method, "PUT");
  EXPECT_EQ(hooks.before_scenario->url, "/reset?name=${scenario}");
  EXPECT_EQ(hooks.before_scenario->headers.at(0).second, "s3cret");
  EXPECT_EQ(hooks.before_scenario->body.value().dump(),
            R"({"to":"${scenario}","odd":"$${ms} $$${ \"","as-is":"$${ms}"})");
  EXPECT_EQ(hooks.before_scenario->where.line, 12);
  EXPECT_EQ(hooks.after_run.value().method, "POST");
  EXPECT_EQ(hooks.advance_clock.value().body.value().dump(), R"({"ms":"${ms}"})");
  ASSERT_EQ(settings->known_failures.size(), 2u);
  EXPECT_EQ(settings->known_failures[0].reason, "says \"No application found\" since 2023");
  EXPECT_EQ(settings->known_failures[0].where.line, 20);
  EXPECT_EQ(settings->known_failures[1].message, "m");
  EXPECT_EQ(settings->file, file_);
}

TEST_F(TargetFileTest, ReadsTheLeast) {
  const auto settings = load("target: x\nurl: http://localhost\n");
  ASSERT_EQ(errors(), "");
  EXPECT_FALSE(settings.value().starts_as_contract);
  EXPECT_FALSE(settings->variables);
  EXPECT_FALSE(settings->hooks.before_scenario);
  EXPECT_EQ(settings->limits.timeout_ms, 10'000);
  EXPECT_EQ(settings->limits.retries, 0);
}

struct ErrorCase {
  const char* name;
  const char* text;
  const char* errors;  ///< "": any, but there must be some
};

class TargetErrorTest : public TargetFileTest, public testing::WithParamInterface<ErrorCase> {};

TEST_P(TargetErrorTest, IsReportedWhereItStands) {
  EXPECT_FALSE(load(GetParam().text));
  EXPECT_EQ(errors(), GetParam().errors);
}

const ErrorCase error_cases[] = {
    {"unset", "target: x\nurl: \"http://${env.COUNTERPART_TEST_UNSET}/\"\nlimts: {}\n",
     "x.target.yaml:2:14: error: the environment variable COUNTERPART_TEST_UNSET is not set\n"
     "   2 | url: \"http://${env.COUNTERPART_TEST_UNSET}/\"\n"
     "     |              ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
     "x.target.yaml:3:1: error: unknown key \"limts\" in a target\n"
     "   3 | limts: {}\n"
     "     | ^~~~~\n"
     "     = hint: did you mean \"limits\"?\n"},
    {"placeholder_outside_of_hooks", "target: x\nurl: http://h\nheaders: { A: \"b ${ms}\" }\n",
     "x.target.yaml:3:18: error: \"ms\" is not known here\n"
     "   3 | headers: { A: \"b ${ms}\" }\n"
     "     |                  ^~~~~\n"
     "     = hint: expected ${env.NAME}; $${ for the characters themselves\n"},
    {"unclosed", "target: x\nurl: http://h/${env.A\n",
     "x.target.yaml:2:15: error: a ${ that no } closes\n"
     "   2 | url: http://h/${env.A\n"
     "     |               ^~\n"
     "     = hint: write $${ for the characters themselves\n"},
    {"no_name", "target: x\nurl: http://h/${env.1}\n",
     "x.target.yaml:2:15: error: \"1\" is no name of an environment variable\n"
     "   2 | url: http://h/${env.1}\n"
     "     |               ^~~~~~~~\n"
     "     = hint: for example ${env.API_KEY}\n"},
    {"in_a_block_text",
     "target: x\nurl: http://h\nhooks:\n  after-run:\n    run: |\n      echo\n      ${env.COUNTERPART_TEST_UNSET}\n",
     "x.target.yaml:7: error: the environment variable COUNTERPART_TEST_UNSET is not set\n"
     "   7 |       ${env.COUNTERPART_TEST_UNSET}\n"},
    {"no_url", "target: x\n",
     "x.target.yaml:1:1: error: a target needs \"url\"\n"
     "   1 | target: x\n"
     "     | ^\n"},
    {"bad_url", "target: x\nurl: ftp://h\n",
     "x.target.yaml:2:6: error: a target's URL begins with http:// or https://\n"
     "   2 | url: ftp://h\n"
     "     |      ^~~~~~~\n"
     "     = hint: for example http://localhost:8080/api\n"},
    {"state", "target: x\nurl: http://h\nstate: as-contrakt\n",
     "x.target.yaml:3:8: error: expected unknown or as-contract for \"state\"\n"
     "   3 | state: as-contrakt\n"
     "     |        ^~~~~~~~~~~\n"
     "     = hint: did you mean \"as-contract\"?\n"},
    {"limits",
     "target: x\nurl: http://h\nlimits: { timeout: 5 , wait: 2h, retries: -1, concurrency: a, requests-per-second: 0 "
     "}\n",
     "x.target.yaml:3:20: error: expected a duration\n"
     "   3 | limits: { timeout: 5 , wait: 2h, retries: -1, concurrency: a, requests-per-second: 0 }\n"
     "     |                    ^\n"
     "     = hint: for example 250ms, 5s, 2m, 1h or 30d\n"
     "x.target.yaml:3:30: error: expected a duration from 0ms to 1h\n"
     "   3 | limits: { timeout: 5 , wait: 2h, retries: -1, concurrency: a, requests-per-second: 0 }\n"
     "     |                              ^~\n"
     "     = hint: for example 250ms, 5s, 2m, 1h or 30d\n"
     "x.target.yaml:3:43: error: expected an integer from 0 to 10\n"
     "   3 | limits: { timeout: 5 , wait: 2h, retries: -1, concurrency: a, requests-per-second: 0 }\n"
     "     |                                           ^~\n"
     "x.target.yaml:3:60: error: expected an integer from 1 to 256\n"
     "   3 | limits: { timeout: 5 , wait: 2h, retries: -1, concurrency: a, requests-per-second: 0 }\n"
     "     |                                                            ^\n"
     "x.target.yaml:3:84: error: expected a number from 0.001 to 1000000\n"
     "   3 | limits: { timeout: 5 , wait: 2h, retries: -1, concurrency: a, requests-per-second: 0 }\n"
     "     |                                                                                    ^\n"},
    {"headers", "target: x\nurl: http://h\nheaders:\n  a b: c\n  Connection: close\n  D: \"e\\nf\"\n  G: []\n",
     "x.target.yaml:4:3: error: a header's name has letters, digits and !#$%&'*+-.^_`|~ only\n"
     "   4 |   a b: c\n"
     "     |   ^~~\n"
     "x.target.yaml:5:3: error: the header Connection is set by the program itself\n"
     "   5 |   Connection: close\n"
     "     |   ^~~~~~~~~~\n"
     "x.target.yaml:6:6: error: a header's value is one line, without control characters\n"
     "   6 |   D: \"e\\nf\"\n"
     "     |      ^\n"
     "x.target.yaml:7:6: error: expected text, found a list\n"
     "   7 |   G: []\n"
     "     |      ^\n"},
    {"tls", "target: x\nurl: http://h\ntls: { client-key: a }\n",
     "x.target.yaml:3:6: error: \"client-certificate\" and \"client-key\" go together\n"
     "   3 | tls: { client-key: a }\n"
     "     |      ^\n"},
    {"hooks",
     "target: x\nurl: http://h\nhooks:\n  before-run: {}\n  after-run: { run: a, request: { url: ftp, method: a b, "
     "body: \"${s}\" } }\n",
     "x.target.yaml:4:15: error: a hook has either \"run\" or \"request\"\n"
     "   4 |   before-run: {}\n"
     "     |               ^\n"
     "x.target.yaml:5:65: error: \"s\" is not known here\n"
     "   5 |   after-run: { run: a, request: { url: ftp, method: a b, body: \"${s}\" } }\n"
     "     |                                                                 ^~~~\n"
     "     = hint: expected ${env.NAME}, ${scenario} or ${ms}; $${ for the characters themselves\n"},
    {"known_failures",
     "target: x\nurl: http://h\nknown-failures:\n  - { check: a, on: b, reason: c }\n  - { check: a, on: b, reason: d "
     "}\n  - { check: a }\n",
     "x.target.yaml:5:5: error: the same known failure is also in line 4\n"
     "   5 |   - { check: a, on: b, reason: d }\n"
     "     |     ^\n"
     "x.target.yaml:6:5: error: a known failure needs \"on\"\n"
     "   6 |   - { check: a }\n"
     "     |     ^\n"
     "x.target.yaml:6:5: error: a known failure needs \"reason\"\n"
     "   6 |   - { check: a }\n"
     "     |     ^\n"},
    {"no_map", "- a\n",
     "x.target.yaml:1:1: error: a target must be a map, this is a list\n"
     "   1 | - a\n"
     "     | ^\n"},
};

INSTANTIATE_TEST_SUITE_P(Cases, TargetErrorTest, testing::ValuesIn(error_cases),
                         [](const auto& one) { return one.param.name; });

TEST_F(TargetFileTest, AFileThatIsNotThere) {
  EXPECT_FALSE(load_target(folder_ + "/none.target.yaml", diagnostics_));
  EXPECT_TRUE(diagnostics_.has_errors());
}

struct UrlCase {
  const char* url;
  const char* problem;
};

TEST(TargetOfUrl, TakesUrlsApart) {
  const UrlCase cases[] = {
      {"http://localhost", ""},
      {"HTTPS://a.example:8443/base/", ""},
      {"http://[::1]:8080/x", ""},
      {"", "the URL is empty"},
      {"localhost:8080",
       "a target's URL begins with http:// or https://; a target file is named *.yaml, and \"engine\" is the contract "
       "itself"},
      {"http://", "the URL has no host"},
      {"http://:80", "the URL has no host"},
      {"http://h:0", "the URL's port must be 1 to 65535"},
      {"http://h:65536", "the URL's port must be 1 to 65535"},
      {"http://h:8x", "the URL's port must be 1 to 65535"},
      {"http://[::1", "the URL's [ has no ]"},
      {"http://[::1]x", "only a port may follow the URL's ]"},
      {"http://[]", "the URL has no host"},
      {"http://[a.example]", "the URL's host is no name and no address"},
      {"http://a%b", "the URL's host is no name and no address"},
      {"http://me:pw@h", "credentials do not belong into the URL: put them into headers"},
      {"http://h/?a", "a target's URL has no query and no fragment"},
      {"http://h/#a", "a target's URL has no query and no fragment"},
      {"http://h/a b", "a URL has no spaces, control characters or letters past ASCII"},
      {"http://h/\n", "a URL has no spaces, control characters or letters past ASCII"},
  };
  for (const auto& [url, expected] : cases) {
    std::string problem;
    const auto settings = target_of_url(url, problem);
    EXPECT_EQ(problem, expected) << url;
    EXPECT_EQ(settings.has_value(), problem.empty()) << url;
    if (settings) {
      EXPECT_EQ(settings->url, url);
    }
  }
  std::string problem;
  EXPECT_FALSE(target_of_url("http://h/" + std::string(5'000, 'a'), problem));
  EXPECT_EQ(problem, "the URL is longer than 4096 bytes");
}

}  // namespace
}  // namespace counterpart::conformance
