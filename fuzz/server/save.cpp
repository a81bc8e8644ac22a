#include "fuzz/server/save.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "conformance/oracle.h"
#include "conformance/plan.h"
#include "conformance/reports/text.h"
#include "conformance/reproduce.h"
#include "conformance/request_writer.h"
#include "engine/document/json.h"

namespace counterpart::fuzz::server {

namespace {

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

void write_file(const std::string& name, const std::string& text) {
  std::ofstream file(name, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw std::runtime_error(name + " cannot be written");
}

std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
  return word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:") ==
                 std::string::npos
             ? word
             : text + "'";
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

std::string bytes_of(const conformance::Suite& suite, const Found& found, const conformance::TargetUrl* url) {
  if (found.sent.empty()) return found.bytes;
  std::string bytes;
  for (const conformance::Sent& one : found.sent) {
    http::Request request = conformance::request_of(suite, one.call);
    if (url != nullptr) {
      request.target = url->base + request.target;
      request.headers.set("Host", url->authority);
    }
    std::string problem;
    bytes += conformance::write_request(request, problem);
  }
  return bytes;
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

Folder::Folder(std::string path) : path_(std::move(path)) {
  std::error_code failed;
  std::filesystem::create_directories(path_, failed);
  if (failed) throw std::runtime_error(fmt::format("{}: {}", path_, failed.message()));
  const std::string probe = fmt::format("{}/.probe-{}", path_, ::getpid());
  write_file(probe, "x");
  std::filesystem::remove(probe, failed);
}

std::string Folder::next_name() {
  for (;;) {
    const std::string name = fmt::format("found-{}", next_++);
    std::error_code failed;
    const auto is_there = [&](const char* suffix) {
      return std::filesystem::exists(fmt::format("{}/{}{}", path_, name, suffix), failed);
    };
    if (!is_there(".scenario.yaml") && !is_there(".http")) return name;
  }
}

Saved Folder::save(const conformance::Suite& suite, const Found& found, const conformance::TargetUrl* url,
                   const std::string& target) {
  const std::string name = next_name();
  if (const std::string text = scenario_of(suite, found, name); !text.empty()) {
    const std::string file = fmt::format("{}/{}.scenario.yaml", path_, name);
    write_file(file, text);
    return {file, fmt::format("counterpart check {} --target {} --scenario {} --filter scenario/{}",
                              quoted(suite.contract().folder), quoted(target), quoted(file), name)};
  }
  const std::string file = fmt::format("{}/{}.http", path_, name);
  write_file(file, bytes_of(suite, found, url));
  if (url == nullptr) return {file, ""};
  const std::string peer = url->tls ? fmt::format("openssl s_client -quiet -connect {}", url->place())
                                    : fmt::format("nc -N {} {}", url->host, url->port);
  return {file, fmt::format("{} < {}", peer, quoted(file))};
}

}  // namespace counterpart::fuzz::server
