#include "conformance/reports/sarif.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "conformance/reports/finding_text.h"
#include "conformance/reports/sha256.h"
#include "conformance/reports/text.h"
#include "engine/state/time_text.h"

namespace counterpart::conformance::reports {

namespace {

constexpr size_t columns = 100;

/// A path as a URI reference: relative as it is, absolute with a scheme.
std::string uri_of(std::string_view file) {
  while (file.size() > 2 && file.substr(0, 2) == "./") file.remove_prefix(2);
  std::string result = !file.empty() && file.front() == '/' ? "file://" : "";
  for (const char c : file) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    result += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

Json locations_json(const Place& where) {
  if (where.file.empty()) return Json::array();
  Json location = {{"artifactLocation", {{"uri", uri_of(where.file)}}}};
  if (where.line > 0) location["region"] = {{"startLine", where.line}};
  if (where.line > 0 && where.column > 0) location["region"]["startColumn"] = where.column;
  return Json::array({{{"physicalLocation", std::move(location)}}});
}

/// "literal-body" -> "Literal body"
std::string in_words(std::string id) {
  for (char& c : id) {
    if (c == '-' || c == '_') c = ' ';
  }
  if (!id.empty() && id[0] >= 'a' && id[0] <= 'z') id[0] = static_cast<char>(id[0] - 'a' + 'A');
  return id;
}

class Rules {
 public:
  size_t index_of(const std::string& check) {
    const auto [place, is_new] = index_.try_emplace(check, rules_.size());
    if (is_new) {
      const std::string id = one_line(check);
      rules_.push_back({{"id", id}, {"shortDescription", {{"text", in_words(id)}}}});
    }
    return place->second;
  }
  Json take() { return std::move(rules_); }

 private:
  std::map<std::string, size_t> index_;
  Json rules_ = Json::array();
};

Json result_json(const Finding& finding, Rules& rules) {
  std::string text = fmt::format("{}: {}", one_line(finding.subject), one_line(finding.message));
  Json result = {
      {"ruleId", one_line(finding.check)},
      {"ruleIndex", rules.index_of(finding.check)},
      {"level", finding.level == Level::documented ? "error" : "warning"},
      {"message", {{"text", text + "\n\n" + finding_text(finding, "", columns, false)}}},
      {"locations", locations_json(finding.where)},
      {"occurrenceCount", std::max<size_t>(finding.count, 1)},
      {"partialFingerprints",
       {{"counterpartCause/v1", sha256_hex(finding.check + '\0' + finding.subject + '\0' + finding.message)}}}};
  if (!finding.known.empty())
    result["suppressions"] = Json::array({{{"kind", "external"}, {"justification", one_line(finding.known)}}});
  return result;
}

/// An entry of the known failures that must go is something to be mended, in the target's file.
Json stale_json(const StaleKnown& entry, Rules& rules) {
  constexpr const char* check = "stale-known-failure";
  return {
      {"ruleId", check},
      {"ruleIndex", rules.index_of(check)},
      {"level", "error"},
      {"message", {{"text", one_line(fmt::format("{} on {}: {}", entry.check, entry.on, entry.problem))}}},
      {"locations", locations_json(entry.where)},
      {"partialFingerprints",
       {{"counterpartCause/v1", sha256_hex(check + ('\0' + entry.check) + '\0' + entry.on + '\0' + entry.problem)}}}};
}

}  // namespace

std::string write_sarif(const Report& report) {
  Rules rules;
  Json results = Json::array();
  for (const Finding& finding : report.findings) results.push_back(result_json(finding, rules));
  for (const StaleKnown& entry : report.stale) results.push_back(stale_json(entry, rules));
  Json invocation = {{"executionSuccessful", report.environment_error.empty()},
                     {"startTimeUtc", state::to_iso(report.started_ms)},
                     {"endTimeUtc", state::to_iso(report.started_ms + report.microseconds / 1000)}};
  if (!report.environment_error.empty()) {
    invocation["toolExecutionNotifications"] =
        Json::array({{{"level", "error"}, {"message", {{"text", one_line(report.environment_error)}}}}});
  }
  Json driver = {{"name", "Counterpart"}, {"rules", rules.take()}};
  if (!report.version.empty()) driver["version"] = one_line(report.version);
  Json run = {
      {"tool", {{"driver", std::move(driver)}}},
      {"automationDetails", {{"id", "counterpart/" + one_line(report.contract) + "/"}}},
      {"invocations", Json::array({std::move(invocation)})},
      {"columnKind", "unicodeCodePoints"},
      {"results", std::move(results)},
      {"properties", {{"target", one_line(report.target)}, {"seed", report.seed}, {"summary", closing_line(report)}}}};
  const Json log = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                    {"version", "2.1.0"},
                    {"runs", Json::array({std::move(run)})}};
  return log.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace counterpart::conformance::reports
