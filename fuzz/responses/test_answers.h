#pragma once
/// For tests: the shipped contracts and small ones as suites, and answers of them.

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "conformance/test_suite.h"
#include "fuzz/responses/mutator.h"

namespace counterpart::fuzz {

inline std::unique_ptr<conformance::Suite> shipped_suite(const std::string& contract) {
  document::Diagnostics diagnostics;
  conformance::SuiteOptions options;
  options.exact = true;
  auto suite = conformance::load_suite(COUNTERPART_SOURCE_DIR "/scenarios/" + contract, options, diagnostics);
  EXPECT_EQ(diagnostics.render(false), "");
  return suite;
}

/// Of responses with a schema, with holes of all types, with a header, without a body, that are no JSON.
inline constexpr const char* types_contract = R"yaml(counterpart: 1
name: types
clock: 2024-01-01T00:00:00Z
state:
  things:
    key: id
    items:
      - { id: 1, name: one, size: 2, weight: 1.5, tags: [a], owner: null }
      - { id: 2, name: two, size: 3, weight: 2, tags: [], owner: ada }
operations:
  list:
    request: { method: GET, path: /things }
    rules: [{ respond: listed }]
    responses:
      listed:
        status: 200
        headers: { X-Kind: things }
        body:
          kind: things
          items:
            $map: things
            each(t): { id: "${t.id}", name: "${t.name}", size: "${t.size}", weight: "${t.weight}", tags: "${t.tags}", owner: "${t.owner}" }
  read:
    request: { method: GET, path: /thing }
    rules: [{ respond: got }]
    responses:
      got:
        status: 200
        body: { id: 1, note: null }
        schema:
          type: object
          required: [id]
          properties: { id: { type: integer, minimum: 0 }, note: { type: [string, "null"] } }
  remove:
    request: { method: DELETE, path: /thing }
    rules: [{ respond: removed }]
    responses: { removed: { status: 204 } }
  page:
    request: { method: GET, path: /page }
    rules: [{ respond: shown }]
    responses: { shown: { status: 200, content-type: text/plain, body: Hello } }
)yaml";

/// The first documented answer of "operation/response".
inline Variant documented_answer(const Mutator& mutator, const std::string& name) {
  for (const Variant& variant : mutator.documented()) {
    if (name_of(variant) == name) return variant;
  }
  ADD_FAILURE() << "there is no " << name;
  return {};
}

}  // namespace counterpart::fuzz
