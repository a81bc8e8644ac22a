#include "fuzz/server/save.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "conformance/oracle.h"
#include "conformance/plan.h"
#include "conformance/reproduce.h"
#include "conformance/request_writer.h"

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

Saved save(const conformance::Suite& suite, const Found& found, const std::string& folder, size_t number,
           const conformance::TargetUrl* url, const std::string& target) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw std::runtime_error(fmt::format("{}: {}", folder, failed.message()));
  const std::string name = fmt::format("found-{}", number);
  if (const std::string text = scenario_of(suite, found, name); !text.empty()) {
    const std::string file = fmt::format("{}/{}.scenario.yaml", folder, name);
    write_file(file, text);
    return {file, fmt::format("cp {} {}/ && counterpart check {} --target {} --filter scenario/{}", quoted(file),
                              quoted(suite.contract().folder), quoted(suite.contract().folder), quoted(target), name)};
  }
  const std::string file = fmt::format("{}/{}.http", folder, name);
  write_file(file, bytes_of(suite, found, url));
  if (url == nullptr) return {file, ""};
  const std::string peer = url->tls ? fmt::format("openssl s_client -quiet -connect {}", url->place())
                                    : fmt::format("nc -N {} {}", url->host, url->port);
  return {file, fmt::format("{} < {}", peer, quoted(file))};
}

}  // namespace counterpart::fuzz::server
