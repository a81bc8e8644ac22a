#include "fuzz/server/save.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "conformance/oracle.h"
#include "conformance/plan.h"
#include "conformance/reports/text.h"
#include "conformance/reproduce.h"
#include "engine/document/json.h"
#include "fuzz/server/danger.h"

namespace counterpart::fuzz::server {

namespace {

constexpr const char* raw_suffix = ".http";
constexpr const char* sequence_suffix = ".json";

/// The sequence with what the contract itself answers to it from its own state.
std::vector<conformance::Sent> foretold(const conformance::Suite& suite, std::vector<conformance::Sent> sent) {
  conformance::Oracle oracle(suite, true);
  for (conformance::Sent& one : sent) {
    const engine::Answer answer = oracle.answer(conformance::request_of(suite, one.call));
    const bool is_meant = answer.documented != nullptr && answer.operation == one.call.operation;
    one.expected = is_meant ? answer.documented->name : "";
  }
  return sent;
}

/// Whether nothing of the text was left out: reading takes what it knows.
bool is_all_of(const std::string& text, const Sequence& sequence) {
  const auto written = document::parse_json(text);
  const auto read = document::parse_json(write_sequence(sequence));
  if (!written || !read || written->size() != read->size()) return false;
  const auto count = [](const document::Json& call, const char* key) {
    const auto found = call.find(key);
    return found == call.end() ? size_t{0} : found->size();
  };
  for (size_t i = 0; i < read->size(); ++i) {
    for (const char* key : {"with", "tricks"}) {
      if (count((*written)[i], key) != count((*read)[i], key)) return false;
    }
  }
  return true;
}

}  // namespace

std::string scenario_of(const conformance::Suite& suite, const Found& found, const std::string& name) {
  if (found.sent.empty()) return "";
  const auto sent = foretold(suite, found.sent);
  const auto is_open = [](const conformance::Sent& one) { return one.expected.empty(); };
  if (std::any_of(sent.begin(), sent.end(), is_open)) return "";  // the contract has no answer to play
  std::string text = conformance::scenario_text(suite, name, found.finding, sent, nullptr);
  if (text.empty()) return "";
  document::Diagnostics diagnostics;
  const auto source = std::make_shared<const document::Source>(document::Source{name, text});
  const auto scenario = scenario::load_scenario(source, suite.contract(), diagnostics);
  return scenario != nullptr && diagnostics.errors() == 0 ? text : "";
}

std::vector<std::string> oddities_of(const Found& found) {
  constexpr size_t shown_bytes = 80;
  std::vector<std::string> lines;
  for (size_t i = 0; i + 1 < found.sent.size(); ++i) {
    const conformance::Call& call = found.sent[i].call;
    const auto add = [&](const std::string& what, const std::string& text) {
      lines.push_back(fmt::format("request {} has: {}, {}: {}", i + 1, what,
                                  conformance::reports::counted(text.size(), "byte"),
                                  conformance::reports::one_line(text.substr(0, shown_bytes), shown_bytes)));
    };
    for (const conformance::Trick& trick : call.tricks) {
      const std::string name = trick.name.empty() ? "" : " " + conformance::reports::one_line(trick.name, shown_bytes);
      const std::string times = trick.count == 1 ? "" : fmt::format(" ×{}", trick.count);
      add(fmt::format("trick {}{}{}", conformance::name_of(trick.kind), name, times), trick.text);
    }
    if (call.raw_body) {
      add("body " + call.raw_body->content_type, call.raw_body->text);
    } else if (call.parts.body) {
      add("body", document::write_json(*call.parts.body));
    }
  }
  return lines;
}

Saved save(FindingsFolder& folder, const conformance::Suite& suite, const Found& found, const std::string& target) {
  using conformance::shell_argument;
  const std::string name = folder.next_name();
  const bool is_assumed = found.finding.level == conformance::Level::assumed;
  const std::string at = fmt::format("{} --target {}{}", shell_argument(suite.contract().folder),
                                     shell_argument(target), is_assumed ? " --level assumed" : "");
  if (const std::string text = scenario_of(suite, found, name); !text.empty()) {
    const std::string file = folder.write(name, scenario::scenario_suffix, text);
    return {file,
            fmt::format("counterpart check {} --scenario {} --filter scenario/{}", at, shell_argument(file), name)};
  }
  Sequence calls;
  for (const conformance::Sent& one : found.sent) calls.push_back(one.call);
  const std::string file = calls.empty() ? folder.write(name, raw_suffix, found.bytes)
                                         : folder.write(name, sequence_suffix, write_sequence(calls) + "\n");
  const bool is_destructive =
      std::any_of(calls.begin(), calls.end(), [](const auto& call) { return call.operation->destructive; }) ||
      (calls.empty() && may_destroy(suite, found.bytes));
  return {file, fmt::format("counterpart fuzz server {} --replay {}{}", at, shell_argument(file),
                            is_destructive ? " --allow-destructive" : "")};
}

std::optional<Replay> load_replay(const conformance::Suite& suite, const std::string& file, std::string& problem) {
  const auto fail = [&](const std::string& why) {
    problem = file + ": " + why;
    return std::nullopt;
  };
  if (file.ends_with(scenario::scenario_suffix)) return fail("is a scenario; `check --scenario` plays it");
  std::error_code unread;
  if (!std::filesystem::is_regular_file(file, unread)) return fail("cannot be read");
  std::ifstream in(file, std::ios::binary);
  Replay replay{file, {}, {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}};
  if (!in) return fail("cannot be read");
  if (file.ends_with(raw_suffix)) return replay.bytes.empty() ? fail("is empty") : std::optional(std::move(replay));
  auto sequence = read_sequence(suite, replay.bytes);
  if (!sequence || sequence->empty()) return fail("has no calls of this contract");
  if (!is_all_of(replay.bytes, *sequence))
    return fail("has calls, parameters or tricks that this contract does not know");
  replay.sequence = *std::move(sequence);
  return replay;
}

}  // namespace counterpart::fuzz::server
