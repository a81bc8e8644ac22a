#include "conformance/reports/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <re2/re2.h>

#include <set>

#include "conformance/reports/html_parts.h"
#include "conformance/reports/html_text.h"
#include "conformance/reports/sha256.h"
#include "conformance/reports/test_report.h"
#include "engine/document/base64.h"
#include "engine/document/utf8.h"

namespace counterpart::conformance::reports {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> all(const std::string& text, const char* pattern) {
  std::vector<std::string> result;
  re2::StringPiece rest(text);
  std::string match;
  while (RE2::FindAndConsume(&rest, pattern, &match)) result.push_back(match);
  return result;
}

TEST(Html, HoldsNoTagOfAServer) {
  const std::string page = write_html(test_report());
  const auto tags = all(page, "<([a-zA-Z]+)");
  const std::set<std::string> used(tags.begin(), tags.end());
  EXPECT_EQ(used.count("img"), 0u);
  EXPECT_EQ(all(page, "<(script)").size(), 1u);
  EXPECT_EQ(all(page, "</(script)").size(), 1u);
  EXPECT_EQ(all(page, "\\s(on[a-z]+|style|src)=\"").size(), 0u);
  EXPECT_THAT(page, HasSubstr("&lt;/script&gt;&lt;script&gt;window.hit=1"));
  EXPECT_EQ(document::utf8_find_invalid(page), std::string::npos);
  EXPECT_EQ(page.find_first_of("\x1b\x07\x7f\b\r"), std::string::npos);
}

TEST(Html, OnlyItsOwnStyleAndScriptMayRun) {
  const std::string page = write_html(test_report());
  const auto source = [](std::string_view text) { return "'sha256-" + document::base64(sha256(text)) + "'"; };
  EXPECT_THAT(page, HasSubstr("content=\"default-src 'none'; style-src " + source(html_style) + "; script-src " +
                              source(html_script) + "; base-uri 'none'; form-action 'none'\""));
  EXPECT_THAT(page, HasSubstr("<script>" + std::string(html_script) + "</script>"));
  EXPECT_THAT(page, HasSubstr("<style>" + std::string(html_style) + "</style>"));
  EXPECT_EQ(all(page, "(?:href|src)=\"([^#\"])").size(), 0u);  // nothing from elsewhere
}

TEST(Html, IdsAreOnceEach) {
  Report report = test_report();
  report.findings.push_back(report.findings[0]);
  std::set<std::string> seen;
  for (const std::string& id : all(write_html(report), "\\sid=\"([^\"]*)\"")) EXPECT_TRUE(seen.insert(id).second) << id;
  EXPECT_GT(seen.size(), 10u);
  for (const std::string& link : all(write_html(report), "href=\"#([^\"]*)\"")) EXPECT_EQ(seen.count(link), 1u) << link;
}

TEST(Html, IsBounded) {
  Report report = test_report();
  for (int i = 0; i < 20'000; ++i) {
    const std::string number = std::to_string(i);
    report.cases.push_back({"passed/" + number, "", Outcome::passed, "", {}, 1, 0, 1, {}});
    report.responses.push_back({"operation-" + number, "ok", 200, Level::documented, 1, "", {}});
    report.parameters.push_back({"operation-" + number, "p", "query", "valid", 1});
  }
  report.cases.push_back({"last/one", "", Outcome::failed, "", {0}, 1, 0, 1, {}});
  Finding finding = small_report().findings[0];
  report.findings.insert(report.findings.end(), 600, finding);
  const std::string page = write_html(report);
  EXPECT_EQ(all(page, "(<tr data-outcome)").size(), html_cases_max);
  EXPECT_THAT(page, HasSubstr("<code>last/one</code>"));
  EXPECT_THAT(page, HasSubstr("… 15008 cases not shown here"));
  EXPECT_THAT(page, HasSubstr("… 18003 more operations"));
  EXPECT_THAT(page, HasSubstr("… 18004 more parameters"));
  EXPECT_EQ(all(page, "(<th scope=\"row\">)").size(), html_cases_max + 2 * html_rows_max + report.stale.size());
  EXPECT_EQ(all(page, "(<article)").size(), html_findings_max);
  EXPECT_THAT(page, HasSubstr("… 103 more findings are not shown here"));
}

TEST(Html, AGoodRunAndAnEmptyOne) {
  Report report = small_report();
  report.findings.clear();
  for (CaseResult& result : report.cases) result.findings.clear();
  EXPECT_THAT(write_html(report), HasSubstr("<p class=\"verdict good\">"));
  EXPECT_THAT(write_html(small_report()), HasSubstr("<p class=\"verdict bad\">1 finding makes the run fail</p>"));
  EXPECT_THAT(write_html({}), HasSubstr("Nothing was counted."));
  report.environment_error = "<b>";
  EXPECT_THAT(write_html(report), HasSubstr("<p class=\"verdict bad\">The run is void: &lt;b&gt;</p>"));
}

TEST(EscapedHtml, EscapesAll) {
  EXPECT_EQ(escaped_html("<a b=\"c\" d='e'>&amp;"), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;");
}

}  // namespace
}  // namespace counterpart::conformance::reports
