#include "fuzz/server/save.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "conformance/oracle.h"
#include "conformance/plan.h"
#include "conformance/references.h"
#include "conformance/reports/text.h"
#include "conformance/reproduce.h"
#include "engine/document/json.h"
#include "fuzz/server/danger.h"

namespace counterpart::fuzz::server {

namespace {

constexpr const char* raw_suffix = ".http";
constexpr const char* sequence_suffix = ".json";
constexpr uintmax_t replay_bytes_max = uintmax_t{64} << 20;
constexpr const char* destructive = "calls what is marked destructive; --allow-destructive lets it be sent";

Sequence first_told(const conformance::Suite& suite, const Found& found) {
  return conformance::as_first_told(suite, found.sent, found.finding.exchanges, nullptr);
}

/// The sequence with what the contract itself answers to it from its own state.
std::vector<conformance::Sent> foretold(const conformance::Suite& suite, const Found& found) {
  conformance::Oracle oracle(suite, true);
  const auto calls = first_told(suite, found);
  auto sent = found.sent;
  for (size_t i = 0; i < sent.size(); ++i) {
    const engine::Answer answer = oracle.answer(conformance::request_of(suite, calls[i]));
    const bool is_meant = answer.documented != nullptr && answer.operation == calls[i].operation;
    sent[i].expected = is_meant ? answer.documented->name : "";
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
  if (found.sent.empty() || found.is_absence) return "";  // no step says that nobody listens
  const auto sent = foretold(suite, found);
  const auto is_open = [](const conformance::Sent& one) { return one.expected.empty(); };
  if (std::any_of(sent.begin(), sent.end(), is_open)) return "";  // the contract has no answer to play
  std::string text = conformance::reproducer_of(suite, name, found.finding, sent, nullptr).text;
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

Saved save(FindingsFolder& folder, const conformance::Suite& suite, const Found& found, const Reached& reached) {
  using conformance::shell_argument;
  const std::string name = folder.next_name();
  const bool is_assumed = found.finding.level == conformance::Level::assumed;
  const std::string at =
      fmt::format("{} --target {}{}{}", shell_argument(suite.contract().folder), shell_argument(reached.target),
                  reached.insecure ? " --insecure" : "", is_assumed ? " --level assumed" : "");
  if (const std::string text = scenario_of(suite, found, name); !text.empty()) {
    const std::string file = folder.write(name, scenario::scenario_suffix, text);
    return {file,
            fmt::format("counterpart check {} --scenario {} --filter scenario/{}", at, shell_argument(file), name)};
  }
  const Sequence calls = first_told(suite, found);
  const std::string file = calls.empty() ? folder.write(name, raw_suffix, found.bytes)
                                         : folder.write(name, sequence_suffix, write_sequence(calls) + "\n");
  const bool is_destructive = calls.empty() ? may_destroy(suite, found.bytes) : may_destroy(suite, calls);
  return {file, fmt::format("counterpart fuzz server {}{}{}{} --replay {}", at,
                            reached.timeout_ms == 0 ? "" : fmt::format(" --timeout {}ms", reached.timeout_ms),
                            reached.i_am_allowed ? " --i-am-allowed" : "", is_destructive ? " --allow-destructive" : "",
                            shell_argument(file))};
}

std::optional<Replay> load_replay(const conformance::Suite& suite, const std::string& file, bool allow_destructive,
                                  std::string& problem) {
  const auto fail = [&](const std::string& why) {
    problem = file + ": " + why;
    return std::nullopt;
  };
  if (file.ends_with(scenario::scenario_suffix)) return fail("is a scenario; `check --scenario` plays it");
  std::error_code unread;
  if (!std::filesystem::is_regular_file(file, unread)) return fail("cannot be read");
  if (std::filesystem::file_size(file, unread) > replay_bytes_max) return fail("is larger than 64 MiB");
  std::ifstream in(file, std::ios::binary);
  Replay replay{file, {}, {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}};
  if (!in) return fail("cannot be read");
  if (file.ends_with(raw_suffix)) {
    if (replay.bytes.empty()) return fail("is empty");
    if (!allow_destructive && may_destroy(suite, replay.bytes)) return fail(destructive);
    return replay;
  }
  auto sequence = read_sequence(suite, replay.bytes);
  if (!sequence || sequence->empty()) return fail("has no calls of this contract");
  if (!is_all_of(replay.bytes, *sequence))
    return fail("has calls, parameters or tricks that this contract does not know");
  if (!allow_destructive && may_destroy(suite, *sequence)) return fail(destructive);
  replay.sequence = *std::move(sequence);
  return replay;
}

}  // namespace counterpart::fuzz::server
