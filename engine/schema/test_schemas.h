#pragma once
/// What the tests of schemas share: schemas written in YAML, and tables of values that fit them or not.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/document/json.h"
#include "engine/document/yaml.h"
#include "engine/schema/schema.h"

namespace counterpart::schema {

using document::Diagnostics;
using ::testing::IsEmpty;

/// Compiles a schema written in YAML; what the compiler says is added to `diagnostics`.
inline Schema compiled(std::string_view yaml, Diagnostics& diagnostics, const Options& options = {}) {
  const auto source = std::make_shared<const document::Source>(document::Source{"s", std::string(yaml)});
  const auto node = document::parse_yaml(source, diagnostics);
  return node ? Schema::compile(*node, source, diagnostics, options) : Schema();
}

inline Schema compiled(std::string_view yaml, const Options& options = {}) {
  Diagnostics diagnostics;
  Schema schema = compiled(yaml, diagnostics, options);
  EXPECT_EQ(diagnostics.render(false), "");
  return schema;
}

inline std::vector<std::string> violations(const Schema& schema, std::string_view json) {
  const auto value = document::parse_json(json);
  EXPECT_TRUE(value) << json;
  std::vector<std::string> texts;
  for (const Violation& violation : schema.validate(value ? *value : Json())) texts.push_back(violation.text());
  return texts;
}

/// A schema, values that fit it, and one that does not with all that is said of it.
struct Case {
  std::string_view schema;
  std::vector<std::string_view> fit;
  std::string_view misfit;
  std::vector<std::string> violations;
};

inline void check(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    const Schema schema = compiled(c.schema);
    for (const std::string_view value : c.fit)
      EXPECT_THAT(violations(schema, value), IsEmpty()) << c.schema << " " << value;
    EXPECT_EQ(violations(schema, c.misfit), c.violations) << c.schema << " " << c.misfit;
  }
}

}  // namespace counterpart::schema
