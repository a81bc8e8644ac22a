#include "engine/contract/loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "engine/contract/load_parts.h"
#include "engine/document/yaml.h"
#include "engine/initial_state.h"
#include "engine/state/time_text.h"

namespace counterpart::contract {

using document::Kind;
using document::Member;
using document::Node;

namespace {

void load_clock(Loading& loading, const Node* node) {
  if (node == nullptr) return;
  loading.contract.clock_is_real = node->text == "real";
  if (loading.contract.clock_is_real) return;
  loading.contract.clock_ms = state::from_iso(node->text);
  if (!loading.contract.clock_ms) {
    loading.reading.error(node->at, "the clock must be an RFC 3339 date-time or \"real\"",
                          "for example 2024-03-15T14:30:00Z", std::max<size_t>(node->text.size(), 1));
  }
}

void load_shared_responses(Loading& loading, const std::vector<Member>& members) {
  for (const Member& member : members) {
    check_plain_name(loading.reading, member.key_at, "the response", member.key);
    loading.shared_responses[member.key] =
        std::make_shared<const Response>(load_response(loading, member.key, member.value));
  }
}

void load_root(Loading& loading) {
  Contract& contract = loading.contract;
  Fields fields(loading.root, "the contract", loading.reading);
  if (!fields.good()) return;
  if (const Node* version = fields.require("counterpart");
      version != nullptr && version->text != std::to_string(format_version)) {
    loading.reading.error(
        version->at, fmt::format("this program reads format {}, the contract says {}", format_version, version->text),
        {}, std::max<size_t>(version->text.size(), 1));
  }
  contract.name = fields.required_text("name");
  if (const Node* name = fields.find("name"); name != nullptr && !contract.name.empty()) {
    check_plain_name(loading.reading, name->at, "the contract's name", contract.name);
  }
  contract.title = one_line(fields.text("title", contract.name));
  contract.source_document = fields.text("source");
  contract.servers = fields.texts("servers");
  load_clock(loading, fields.find("clock"));
  for (const Member& member : fields.map("variables")) contract.variables[member.key] = member.value.to_json();
  load_security(loading, fields.map("security"));
  const size_t errors_before_state = loading.reading.diagnostics.errors();
  load_state(loading, fields.map("state"));
  loading.state_is_good = loading.reading.diagnostics.errors() == errors_before_state;
  loading.world_end = static_cast<expression::SnippetId>(contract.program.size());
  load_lets(loading, fields.map("let"));
  loading.schemas.compile_all(fields.map("schemas"));
  load_shared_responses(loading, fields.map("responses"));
  loading.shared_rules = load_rules(loading, fields.list("rules"));
  const auto& operations = fields.map("operations");
  contract.operations.reserve(operations.size());
  for (const Member& member : operations) load_operation(loading, member.key, member.key_at, member.value);
  if (fields.require("operations") != nullptr && operations.empty()) {
    loading.reading.error(fields.at(), "the contract has no operations");
  }
  fields.finish();
}

KnownNames known_names(const Loading& loading) {
  KnownNames known;
  known.world = {"variables", "now"};
  known.world_end = loading.world_end;
  known.lets = loading.contract.lets;
  known.all = scope_names();
  std::erase(known.all, "response");  // a scenario's, and what `observe` looks at
  for (const Operation& operation : loading.contract.operations) {
    if (operation.observe) known.observers.insert(*operation.observe);
  }
  // As written: a collection or let with an error of its own is not unknown as well.
  for (const char* key : {"state", "let"}) {
    const Node* node = loading.root.find(key);
    if (node == nullptr) continue;
    for (const Member& member : node->members) known.all.push_back(member.key);
  }
  return known;
}

/// Whether an error stands in one of the first `end` snippets: to run those would only repeat it.
bool is_reported(const expression::Program& program, expression::SnippetId end,
                 const document::Diagnostics& diagnostics) {
  for (expression::SnippetId id = 0; id < end; ++id) {
    const expression::Snippet& snippet = program.at(id);
    const int first = snippet.where.at.line;
    const int last = first + static_cast<int>(std::count(snippet.code.begin(), snippet.code.end(), '\n'));
    const bool found = std::any_of(diagnostics.all().begin(), diagnostics.all().end(), [&](const auto& diagnostic) {
      return diagnostic.where.source == snippet.where.source && diagnostic.where.at.line >= first &&
             diagnostic.where.at.line <= last;
    });
    if (found) return true;
  }
  return false;
}

std::shared_ptr<const Router> route(const Contract& contract, const Reading& reading) {
  auto router = std::make_shared<Router>();
  for (size_t i = 0; i < contract.operations.size(); ++i) {
    const Operation& operation = contract.operations[i];
    if (operation.method.empty() || operation.segments.empty()) continue;  // reported already
    const auto tie = router->add(operation, i);
    if (!tie) continue;
    const Operation& other = contract.operations[*tie];
    reading.error(operation.where.at,
                  fmt::format("operation \"{}\" answers the same requests as \"{}\" (line {}): {} {}", operation.id,
                              other.id, other.where.at.line, operation.method, operation.path),
                  "tell them apart by a parameter with `const`", operation.id.size());
  }
  router->finish();
  return router;
}

}  // namespace

std::string one_line(std::string text) {
  const auto byte = [&text](size_t at) { return static_cast<unsigned char>(text[at]); };
  for (size_t i = 0; i < text.size(); ++i) {
    if (byte(i) < ' ' || byte(i) == 127) text[i] = ' ';
    // U+0080 to U+009F in UTF-8: terminals take some of them for the beginning of a command.
    if (byte(i) == 0xc2 && i + 1 < text.size() && byte(i + 1) < 0xa0) text[i] = text[i + 1] = ' ';
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

void check_plain_name(const Reading& reading, document::Position at, std::string_view what, std::string_view name) {
  const bool good = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
  if (good) return;
  reading.error(at, fmt::format("{} \"{}\" is no name", what, name), "letters, digits, \".\", \"_\" and \"-\" make one",
                std::max<size_t>(name.size(), 1));
}

const std::vector<std::string>& scope_names() {
  static const std::vector<std::string> names{"path",    "query",     "headers", "cookies", "body",    "credential",
                                              "invalid", "variables", "now",     "request", "response"};
  return names;
}

void check_expressions(const expression::Program& program, const KnownNames& known, const Reading& reading) {
  expression::Interpreter interpreter(program);
  std::set<expression::SnippetId> broken;
  for (expression::SnippetId id = 0; id < program.size(); ++id) {
    try {
      interpreter.compile(id);
    } catch (const expression::Error& error) {
      broken.insert(id);
      const expression::Snippet& snippet = program.at(id);
      const size_t width = snippet.code.find('\n') == std::string::npos ? snippet.code.size() : 1;
      reading.error(error.where().at, fmt::format("this is not Lua: {}", error.what()), {}, std::max<size_t>(width, 1));
    }
  }
  check_names(program, broken, known, reading);
}

Loaded load(const std::shared_ptr<const document::Source>& source, const std::string& folder,
            document::Diagnostics& diagnostics, const LoadOptions& options) {
  const auto root = document::parse_yaml(source, diagnostics);
  return root ? load(*root, source, folder, diagnostics, options) : Loaded{};
}

Loaded load(const Node& root, const std::shared_ptr<const document::Source>& source, const std::string& folder,
            document::Diagnostics& diagnostics, const LoadOptions& options) {
  const size_t errors_before = diagnostics.errors();
  auto contract = std::make_shared<Contract>();
  contract->folder = folder;
  contract->source = source;
  if (root.is(Kind::null) && root.text.empty()) {
    diagnostics.error({source, {}}, "the file is empty");
    return {};
  }
  const Reading reading{source, diagnostics};
  schema::Library schemas(root, source, diagnostics);
  Loading loading{*contract, reading, root, schemas, {}, {}, 0, false};
  load_root(loading);
  if (options.variables) contract->variables = *options.variables;
  check_expressions(contract->program, known_names(loading), reading);
  auto router = route(*contract, reading);
  if (diagnostics.errors() > errors_before) {
    // Where all is well, whoever makes the first space is told of them.
    if (loading.state_is_good && !is_reported(contract->program, loading.world_end, diagnostics)) {
      engine::check_items(*contract, diagnostics);
    }
    return {};
  }
  return {std::move(contract), std::move(router)};
}

Loaded load(const std::string& folder, document::Diagnostics& diagnostics, const LoadOptions& options) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const bool is_file = fs::is_regular_file(folder, ignored);
  const fs::path home = is_file ? fs::path(folder).parent_path() : fs::path(folder);
  if (!is_file && !fs::is_directory(folder, ignored)) {
    diagnostics.error({std::make_shared<document::Source>(document::Source{folder, {}}), {}}, "there is no such folder",
                      fmt::format("a contract is a folder with a {} in it", contract_file));
    return {};
  }
  const fs::path file = is_file ? fs::path(folder) : home / contract_file;
  const auto source = document::read_source(file.string(), diagnostics);
  return source == nullptr ? Loaded{} : load(source, home.string(), diagnostics, options);
}

}  // namespace counterpart::contract
