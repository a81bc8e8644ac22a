/// Writes fixture reports, hostile texts among them, in every format that has a schema: report_files FOLDER, for
/// report_formats_test.sh.
#include <cstdio>
#include <fstream>
#include <string>

#include "conformance/reports/har.h"
#include "conformance/reports/junit.h"
#include "conformance/reports/sarif.h"
#include "conformance/reports/test_report.h"

namespace {

using namespace counterpart::conformance;
using namespace counterpart::conformance::reports;

bool write(const std::string& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) std::fprintf(stderr, "%s cannot be written\n", file.c_str());
  return !out.fail();
}

Report void_report() {
  Report report = small_report();
  report.environment_error = "nobody listens: " + std::string(hostile_terminal);
  return report;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string folder = std::string(argv[1]) + "/";
  bool good = true;
  for (const auto& [name, report] : {std::pair<const char*, Report>{"full", test_report()},
                                     {"small", small_report()},
                                     {"empty", Report{}},
                                     {"void", void_report()}}) {
    good = write(folder + name + ".junit.xml", write_junit(report)) && good;
    good = write(folder + name + ".har", write_har(report)) && good;
    good = write(folder + name + ".sarif", write_sarif(report)) && good;
  }
  return good ? 0 : 1;
}
