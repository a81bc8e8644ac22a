#pragma once
/// For tests: a small contract as a suite, and targets that get something wrong.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "conformance/engine_target.h"
#include "conformance/play.h"
#include "conformance/runner.h"

namespace counterpart::conformance {

/// A folder with a contract and scenarios in it; gone with the object.
class ContractFolder {
 public:
  explicit ContractFolder(const std::string& contract, const std::vector<std::string>& scenarios = {}) {
    std::string pattern = (std::filesystem::temp_directory_path() / "counterpart-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
    write("contract.yaml", contract);
    for (size_t i = 0; i < scenarios.size(); ++i) write(std::to_string(i) + ".scenario.yaml", scenarios[i]);
  }
  ~ContractFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ContractFolder(const ContractFolder&) = delete;
  ContractFolder& operator=(const ContractFolder&) = delete;

  const std::string& path() const { return path_; }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path_ + "/" + name) << text; }

 private:
  std::string path_;
};

inline constexpr const char* shop_contract = R"yaml(counterpart: 1
name: shop
variables: { key: owner, other: guest, nobody: stranger }
clock: 2024-01-01T00:00:00Z
security: { user: { type: apiKey, in: query, name: key, credential: "${variables.key}" } }
state:
  users: { key: key, items: [{ key: "${variables.key}" }, { key: "${variables.other}" }] }
  things:
    key: id
    index: [key]
    items:
      - { id: 1, name: one, key: "${variables.key}" }
      - { id: 2, name: two, key: "${variables.key}" }
      - { id: 3, name: three, key: "${variables.other}" }
let: { thing: "things[query.id]" }
rules:
  - { when: "not users[credential]", respond: unknown-user }
responses:
  unknown-user: { status: 403, body: { error: unknown user } }
operations:
  list:
    security: user
    request: { method: GET, path: /things, query: { limit: { type: integer, minimum: 1, maximum: 10, default: 5 } } }
    rules: [{ when: "#invalid > 0", respond: bad-limit }, { respond: listed }]
    responses:
      listed:
        status: 200
        description: The user's things
        headers: { X-Kind: things }
        body:
          kind: things
          items: { $map: "page(things:where{ key = credential }, 1, query.limit)", each(t): { id: "${t.id}", name: "${t.name}" } }
      bad-limit: { status: 400, description: limit is out of range, body: { error: limit } }
      unknown-user: { $ref: '#/responses/unknown-user' }
  remove:
    security: user
    request: { method: DELETE, path: /things, query: { id: { type: integer, required: true } } }
    rules:
      - { when: not thing or thing.key ~= credential, respond: missing }
      - { do: "things:remove(query.id)", respond: removed }
    responses:
      removed: { status: 200, body: { removed: true } }
      missing: { status: 404, body: { error: no such thing } }
      unknown-user: { $ref: '#/responses/unknown-user' }
)yaml";

inline constexpr const char* removed_scenario = R"yaml(scenario: removed-is-gone
steps:
  - { call: list, expect: listed, capture: { before: "#response.body.items" } }
  - { call: remove, with: { id: 1 }, expect: removed }
  - { call: list, expect: listed, assert: "#response.body.items == before - 1" }
  - { call: list, as: "${variables.other}", expect: listed, assert: "#response.body.items == 1" }
  - { call: list, as: "${variables.nobody}", expect: unknown-user }
)yaml";

inline std::unique_ptr<Suite> suite_of(const ContractFolder& folder, bool exact = true,
                                       const Json* variables = nullptr) {
  document::Diagnostics diagnostics;
  SuiteOptions options;
  options.exact = exact;
  options.variables = variables;
  auto suite = load_suite(folder.path(), options, diagnostics);
  EXPECT_EQ(diagnostics.render(false), "");
  return suite;
}

/// The engine of a contract's text, as a target.
inline std::unique_ptr<Target> target_of(const std::string& contract) {
  document::Diagnostics diagnostics;
  const auto source = std::make_shared<const document::Source>(document::Source{"wrong.yaml", contract});
  auto engine = std::make_shared<const engine::Engine>(contract::load(source, ".", diagnostics));
  EXPECT_EQ(diagnostics.render(false), "");
  return make_engine_target(engine, diagnostics);
}

inline std::string replaced(std::string text, const std::string& from, const std::string& by) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), by);
}

}  // namespace counterpart::conformance
