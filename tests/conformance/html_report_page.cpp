/// Writes the HTML report of a fixture that is full of hostile texts to stdout, for html_report_test.sh.
#include <cstdio>

#include "conformance/reports/html.h"
#include "conformance/reports/test_report.h"

int main() {
  const std::string page =
      counterpart::conformance::reports::write_html(counterpart::conformance::reports::test_report());
  return std::fwrite(page.data(), 1, page.size(), stdout) == page.size() ? 0 : 1;
}
