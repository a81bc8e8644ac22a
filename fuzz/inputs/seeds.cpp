#include "fuzz/inputs/seeds.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "conformance/request_writer.h"
#include "conformance/suite.h"
#include "conformance/values.h"
#include "engine/document/json.h"
#include "engine/document/yaml.h"
#include "engine/scenario/given.h"
#include "engine/scenario/story.h"
#include "engine/schema/format.h"
#include "fuzz/inputs/schema_pairs.h"
#include "fuzz/inputs/sequence.h"

namespace counterpart::fuzz {

namespace fs = std::filesystem;
using document::Json;

namespace {

constexpr size_t input_bytes_max = 16 * 1024;
constexpr std::string_view part_separator = "\n---\n";

std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error(path.string() + " cannot be read");
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// Files below a folder with that suffix, sorted.
std::vector<fs::path> files(const fs::path& folder, std::string_view suffix) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().string().ends_with(suffix)) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// Collects the seeds of one shipped contract by playing its scenarios.
class Player {
 public:
  Player(Seeds& seeds, const conformance::Suite& suite, size_t contract)
      : seeds_(seeds), suite_(suite), contract_(contract) {}

  void play_all() {
    for (const auto& scenario : suite_.scenarios) play(*scenario);
    for (const auto& operation : suite_.contract().operations) {
      add_operation(operation);
      add_odd_requests(operation);
    }
    add_program(suite_.contract().program);
  }

 private:
  void add(const char* target, std::string input) {
    if (input.size() <= input_bytes_max) seeds_.inputs[target].insert(std::move(input));
  }

  void play(const scenario::Scenario& scenario) {
    document::Diagnostics diagnostics;
    const auto space = suite_.initial->fork(
        std::make_unique<state::VirtualClock>(scenario.clock_ms.value_or(suite_.initial->clock->now_ms())), 1);
    scenario::apply_given(scenario, *suite_.engine, *space, diagnostics);
    scenario::Story story(scenario, *suite_.engine, *space);
    std::vector<Sending> sendings;
    std::string bytes;
    for (const scenario::Step& step : scenario.steps) {
      space->clock->advance(step.after_ms);
      sendings.push_back({step.operation, story.parts(step), step.after_ms});
      const http::Request request = story.request(step);
      std::string problem;
      bytes += conformance::write_request(request, problem);
      add("url", request.target);
      const engine::Answer answer = suite_.engine->answer(request, *space);
      add_answer(answer.response);
      story.observe(answer.response);
      story.capture(step);
    }
    add("engine", write_sequence(contract_, own(sendings)));
    add("connection", bytes + '\x01');
    add_program(scenario.program);
  }

  /// The same operations of the contract that is built in.
  std::vector<Sending> own(std::vector<Sending> sendings) const {
    const auto& operations = shipped_contracts()[contract_].engine->contract().operations;
    for (Sending& sending : sendings) {
      sending.operation = &operations[suite_.contract().index_of(*sending.operation)];
    }
    return sendings;
  }

  void add_answer(const http::Response& response) {
    add(contract_ == 0 ? "keyauth_response" : "panel_response", fmt::format("{}\n{}", response.status, response.body));
    add("json", response.body);
    std::string text = fmt::format("HTTP/1.1 {} {}\r\n", response.status, http::reason_phrase(response.status));
    for (const http::Header& header : response.headers) {
      text += header.name + ": " + header.value + "\r\n";
      add("header", header.name + ": " + header.value);
      if (header.name == "Content-Type") add("media_type", header.value);
    }
    add("answer", fmt::format("{}Content-Length: {}\r\n\r\n{}", text, response.body.size(), response.body) + '\x02');
  }

  void add_operation(const contract::Operation& operation) {
    for (const contract::Parameter& parameter : operation.parameters) {
      std::string text = document::write_json(parameter.schema.source());
      for (const auto& probe : conformance::probes_of(parameter)) {
        text.append(part_separator).append(document::write_json(probe.value));
      }
      add("schema", text);
      seeds_.words["url"].insert(parameter.name + "=");
    }
  }

  /// Preferences, other methods, and what is slightly beside: nothing of it stands in a scenario.
  void add_odd_requests(const contract::Operation& operation) {
    const http::Request request =
        contract::build_request(suite_.contract(), operation, suite_.base_call(operation).parts);
    std::vector<Sending> sendings;
    const auto add_raw = [&](const http::Request& raw) { sendings.push_back({nullptr, {}, 0, raw}); };
    for (const auto& response : operation.responses) {
      for (const std::string& wish : {"example=" + response->name, fmt::format("code={}", response->status)}) {
        add_raw({request.method, request.target, {{"Prefer", wish}}, ""});
      }
    }
    for (const char* method : {"HEAD", "OPTIONS", "PUT", "get"}) add_raw({method, request.target, {}, ""});
    for (const char* suffix : {"x", "/", "&type=kil", "?page=a&limit=1&page=2", "%zz", "#f"}) {
      add_raw({request.method, request.target + suffix, {}, "{}"});
    }
    add_raw({request.method, "/api/sellr?type=kil", {{"Authorization", "Basic YTpi"}}, ""});
    add_raw({request.method, "/api/account/session/x", {{"Authorization", "bearer YOUR_API_KEY"}}, ""});
    add("engine", write_sequence(contract_, sendings));
  }

  void add_program(const expression::Program& program) {
    for (expression::SnippetId id = 0; id < program.size(); ++id) {
      const expression::Snippet& snippet = program.at(id);
      add("expression", snippet.statements ? snippet.code + std::string(part_separator) + "true" : snippet.code);
    }
  }

  Seeds& seeds_;
  const conformance::Suite& suite_;
  const size_t contract_;
};

/// The ```yaml blocks of a page: contracts get the two keys that the page leaves out.
void add_examples(Seeds& seeds, const std::string& page) {
  constexpr std::string_view fence = "```yaml\n";
  for (size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at)) {
    at += fence.size();
    const std::string block = page.substr(at, page.find("```", at) - at);
    seeds.inputs["yaml"].insert(block);
    if (block.starts_with("scenario:") || block.find("\nscenario:") != std::string::npos) {
      seeds.inputs["scenario"].insert(block);
    } else if (block.find("operations:") != std::string::npos) {
      const bool whole = block.find("counterpart: 1") != std::string::npos;
      const bool named = block.find("\nname:") != std::string::npos || block.starts_with("name:");
      seeds.inputs["contract"].insert((whole ? "" : "counterpart: 1\n") + std::string(named ? "" : "name: x\n") +
                                      block);
    }
  }
}

/// fuzz/seeds/<target>.txt: inputs with a line `%%` between each two. Of targets that read a wire, lines end as HTTP's do,
/// and a byte says how they are cut.
void add_written(Seeds& seeds, const fs::path& path) {
  const std::string target = path.stem().string();
  const bool is_wire = target == "connection" || target == "answer";
  const std::string text = read(path);
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view part = take_part(rest, "\n%%\n");
    std::string input;
    for (const char c : part) input += is_wire && c == '\n' ? "\r\n" : std::string(1, c);
    if (is_wire) input += '\0';
    seeds.inputs[target].insert(std::move(input));
  }
}

void add_pairs(Seeds& seeds) {
  constexpr int pairs = 150;
  constexpr size_t pair_bytes = 60;
  state::SeededRandom random(1);
  for (int i = 0; i < pairs; ++i) {
    std::string bytes;
    while (bytes.size() < pair_bytes) bytes += static_cast<char>(random.below(256));
    ByteReader reader(bytes);
    const SchemaPair pair = make_schema_pair(reader);
    seeds.inputs["schema_pair"].insert(bytes.substr(0, reader.offset()));
  }
}

/// Keys and plain words of YAML text.
void add_words(std::set<std::string>& words, const std::string& yaml) {
  document::Diagnostics diagnostics;
  const auto root =
      document::parse_yaml(std::make_shared<const document::Source>(document::Source{"", yaml}), diagnostics);
  if (!root) return;
  std::vector<const document::Node*> left{&*root};
  while (!left.empty()) {
    const document::Node* node = left.back();
    left.pop_back();
    for (const document::Member& member : node->members) {
      words.insert(member.key + ": ");
      left.push_back(&member.value);
    }
    for (const document::Node& item : node->items) left.push_back(&item);
  }
}

void add_dictionaries(Seeds& seeds) {
  for (const char* target : {"contract", "scenario", "schema"}) {
    for (const std::string& input : seeds.inputs[target]) {
      std::string_view rest = input;
      add_words(seeds.words[target], std::string(take_part(rest)));
    }
  }
  for (const std::string& format : schema::format_names()) seeds.words["schema"].insert("\"" + format + "\"");
  for (const std::string& name : expression::Interpreter::builtin_names()) seeds.words["expression"].insert(name);
  for (const char* word :
       {" and ", " or ", "not ", "function(x) ", "return ", "for i = 1, 3 do ", " end", "if ", " then ", "local ",
        ":where{", ":order_by(", ":insert{", "page(", "\n---\n", "query.", "sessions"}) {
    seeds.words["expression"].insert(word);
  }
  for (const char* word : {"HTTP/1.1", "HTTP/1.0", "\r\n", "\r\n\r\n", "Content-Length: ", "Transfer-Encoding: chunked",
                           "Host: a\r\n", "Connection: close", "Expect: 100-continue", "0\r\n\r\n", "Trailer: "}) {
    seeds.words["connection"].insert(word);
    seeds.words["answer"].insert(word);
  }
  for (const char* word : {"%2F", "%00", "%", "/../", "&", "=", "?", "#", "+"}) seeds.words["url"].insert(word);
}

}  // namespace

Seeds make_seeds(const std::string& root) {
  Seeds seeds;
  for (size_t i = 0; i < shipped_contracts().size(); ++i) {
    const fs::path folder = fs::path(root) / "scenarios" / shipped_contracts()[i].name;
    document::Diagnostics diagnostics;
    const auto suite = conformance::load_suite(folder.string(), {}, diagnostics);
    if (suite == nullptr) throw std::runtime_error(diagnostics.render(false));
    Player(seeds, *suite, i).play_all();
    seeds.inputs["contract"].insert(read(folder / "contract.yaml"));
    for (const fs::path& path : files(folder, ".scenario.yaml")) {
      seeds.inputs["yaml"].insert(read(path));
      if (i == 1) seeds.inputs["scenario"].insert(read(path));
    }
  }
  add_examples(seeds, read(fs::path(root) / "docs" / "format.md"));
  for (const fs::path& path : files(fs::path(root) / "fuzz" / "seeds", ".txt")) add_written(seeds, path);
  add_pairs(seeds);
  add_dictionaries(seeds);
  return seeds;
}

}  // namespace counterpart::fuzz
