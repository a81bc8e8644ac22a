#include "conformance/reports/reports.h"

#include <fmt/format.h>

#include <set>

#include "conformance/reports/github.h"
#include "conformance/reports/har.h"
#include "conformance/reports/html.h"
#include "conformance/reports/json.h"
#include "conformance/reports/junit.h"
#include "conformance/reports/sarif.h"
#include "conformance/reports/text.h"
#include "engine/document/diagnostic.h"

namespace counterpart::conformance::reports {

namespace {

struct Kind {
  Format format;
  std::string_view name;
  std::string (*write)(const Report&);
  bool has_file;
};

constexpr Kind kinds[] = {
    {Format::json, "json", write_json, true},    {Format::junit, "junit", write_junit, true},
    {Format::html, "html", write_html, true},    {Format::har, "har", write_har, true},
    {Format::sarif, "sarif", write_sarif, true}, {Format::github, "github", write_github, false},
};

const Kind& kind_of(Format format) {
  for (const Kind& kind : kinds) {
    if (kind.format == format) return kind;
  }
  return kinds[0];
}

std::string unknown(const std::string& name) {
  std::vector<std::string> names;
  for (const Kind& kind : kinds) names.emplace_back(kind.name);
  return fmt::format("there is no report \"{}\"; {}", one_line(name, 100), document::suggestion(name, names));
}

std::optional<Destination> parse(const std::string& text, std::string& problem) {
  const size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  for (const Kind& kind : kinds) {
    if (kind.name != name) continue;
    const std::string file = equals == std::string::npos ? "" : text.substr(equals + 1);
    if (kind.has_file && file.empty()) {
      problem = fmt::format("the report {0} needs a file: {0}=FILE", name);
    } else if (!kind.has_file && equals != std::string::npos) {
      problem = fmt::format("the report {} goes to standard output and takes no file", name);
    } else {
      return Destination{kind.format, file};
    }
    return std::nullopt;
  }
  problem = unknown(name);
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Format format) { return kind_of(format).name; }

std::string write(Format format, const Report& report) { return kind_of(format).write(report); }

std::optional<std::vector<Destination>> parse_destinations(const std::vector<std::string>& texts,
                                                           std::string& problem) {
  std::vector<Destination> result;
  std::set<std::string> files;
  for (const std::string& text : texts) {
    auto destination = parse(text, problem);
    if (!destination) return std::nullopt;
    if (!files.insert(destination->file).second) {
      problem = destination->file.empty() ? fmt::format("the report {} is asked for twice", one_line(text))
                                          : fmt::format("two reports go to {}", one_line(destination->file));
      return std::nullopt;
    }
    result.push_back(*std::move(destination));
  }
  return result;
}

}  // namespace counterpart::conformance::reports
