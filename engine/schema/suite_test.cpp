// The official JSON Schema test suite, as data that is not part of this repository: each file is a test. Where it is
// looked for: see the two environment variables below. Its remote documents are put into a Registry.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/document/json.h"
#include "engine/document/yaml.h"
#include "engine/schema/registry.h"
#include "engine/schema/schema.h"

namespace counterpart::schema {
namespace {

namespace fs = std::filesystem;
using document::Diagnostics;
using document::Node;
using ::testing::IsEmpty;

struct Draft {
  std::string name;  ///< of its folder
  std::string variable;
  std::string otherwise;  ///< where the suite is, unless the variable says

  fs::path folder() const {
    const char* chosen = std::getenv(variable.c_str());
    return chosen != nullptr ? chosen : otherwise;
  }
};

const Draft draft_2020{"draft2020-12", "COUNTERPART_JSON_SCHEMA_SUITE",
                       COUNTERPART_SOURCE_DIR "/../shared/json-schema-test-suite"};
const Draft draft_7{"draft7", "COUNTERPART_JSON_SCHEMA_SUITE_DRAFT7", "/usr/share/json-schema-test-suite"};

struct File {
  Draft draft;
  std::string path;  ///< below the draft's folder, without ".json"; "" when there is no suite
};

void PrintTo(const File& file, std::ostream* out) { *out << file.draft.name << "/" << file.path; }

std::vector<File> files_of(const Draft& draft) {
  const fs::path folder = draft.folder() / "tests" / draft.name;
  std::vector<File> files;
  std::error_code absent;
  for (fs::recursive_directory_iterator entry(folder, absent), end; entry != end; entry.increment(absent)) {
    if (entry->path().extension() != ".json") continue;
    files.push_back({draft, fs::relative(entry->path(), folder).replace_extension().generic_string()});
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.path < b.path; });
  if (files.empty()) files.push_back({draft, {}});
  return files;
}

std::string test_name(const ::testing::TestParamInfo<File>& info) {
  std::string name = info.param.path.empty() ? "absent" : info.param.path;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
}

Json read_json(const fs::path& path) {
  std::ifstream file(path);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  std::string error;
  const auto json = document::parse_json(text, &error);
  EXPECT_TRUE(json) << path << ": " << error;
  return json.value_or(Json());
}

/// What the suite serves at this address.
const Registry& remotes(const Draft& draft) {
  static std::map<std::string, Registry> known;
  const auto [entry, is_new] = known.try_emplace(draft.name);
  if (!is_new) return entry->second;
  const fs::path folder = draft.folder() / "remotes";
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    if (file.path().extension() != ".json") continue;
    entry->second.add("http://localhost:1234/" + fs::relative(file.path(), folder).generic_string(),
                      read_json(file.path()));
  }
  return entry->second;
}

/// A name for a group, or for one of its tests.
std::string key(const std::string& file, const std::string& group, const std::string& test) {
  return file + " / " + group + (test.empty() ? "" : " / " + test);
}

/// What is known not to pass, as a list of maps.
Node exceptions() {
  Diagnostics diagnostics;
  const auto source = document::read_source(COUNTERPART_SOURCE_DIR "/engine/schema/suite_exceptions.yaml", diagnostics);
  const auto list = document::parse_yaml(source, diagnostics);
  EXPECT_EQ(diagnostics.render(false), "");
  return *list;
}

/// The cases of this file among them.
std::set<std::string> exceptions_of(const std::string& file) {
  std::set<std::string> keys;
  for (const Node& entry : exceptions().items) {
    EXPECT_TRUE(entry.find("reason") != nullptr && !entry.find("reason")->text.empty()) << entry.at.line;
    if (entry.find("file")->text != file) continue;
    const Node* test = entry.find("test");
    keys.insert(key(file, entry.find("group")->text, test == nullptr ? "" : test->text));
  }
  return keys;
}

/// The schema as if somebody had written it into a file.
Schema compile(const Json& schema, const Options& options, Diagnostics& diagnostics) {
  Registry self;
  self.add("", schema);
  return Schema::compile(self.find("")->node, self.find("")->source, diagnostics, options);
}

class Suite : public ::testing::TestWithParam<File> {};

TEST_P(Suite, Passes) {
  const auto& [draft, path] = GetParam();
  if (path.empty()) GTEST_SKIP() << "no test suite at " << draft.folder() << "; " << draft.variable << " names another";
  const std::string file = draft.name + "/" + path + ".json";
  Options options;
  options.strict = false;
  options.formats = path.starts_with("optional/format/") || path == "optional/ecmascript-regex";
  options.registry = &remotes(draft);

  const auto listed = exceptions_of(file);
  std::set<std::string> failed;
  Json groups = read_json(draft.folder() / "tests" / file);
  for (Json& group : groups) {
    const auto group_name = group["description"].get<std::string>();
    if (draft.name == "draft7" && group["schema"].is_object() && !group["schema"].contains("$schema")) {
      group["schema"]["$schema"] = "http://json-schema.org/draft-07/schema#";
    }
    Diagnostics diagnostics;
    const Schema schema = compile(group["schema"], options, diagnostics);
    for (const Json& test : group["tests"]) {
      const auto test_name = test["description"].get<std::string>();
      const auto violations = schema.validate(test["data"]);
      if (diagnostics.errors() == 0 && violations.empty() == test["valid"].get<bool>()) continue;
      failed.insert(key(file, group_name, ""));
      failed.insert(key(file, group_name, test_name));
      if (listed.contains(key(file, group_name, "")) || listed.contains(key(file, group_name, test_name))) continue;
      ADD_FAILURE() << key(file, group_name, test_name) << "\nschema " << group["schema"] << "\nvalue " << test["data"]
                    << "\nmust be " << (test["valid"] ? "valid" : "invalid") << "\n"
                    << diagnostics.render(false) << (violations.empty() ? "" : violations[0].text());
    }
  }
  std::set<std::string> stale;
  std::set_difference(listed.begin(), listed.end(), failed.begin(), failed.end(), std::inserter(stale, stale.end()));
  EXPECT_THAT(stale, IsEmpty()) << "these are listed as exceptions and pass, or are not in the suite";
}

INSTANTIATE_TEST_SUITE_P(draft2020_12, Suite, ::testing::ValuesIn(files_of(draft_2020)), test_name);
INSTANTIATE_TEST_SUITE_P(draft7, Suite, ::testing::ValuesIn(files_of(draft_7)), test_name);

/// Else an entry with a slip in its file's name would except nothing, and never be found stale.
TEST(SuiteExceptions, NameFilesOfTheSuites) {
  for (const Node& entry : exceptions().items) {
    const std::string file = entry.find("file")->text;
    const Draft& draft = file.starts_with(draft_7.name + "/") ? draft_7 : draft_2020;
    EXPECT_TRUE(file.starts_with(draft.name + "/")) << file;
    if (!fs::exists(draft.folder() / "tests")) continue;  // the suite's own tests say that they are skipped
    EXPECT_TRUE(fs::is_regular_file(draft.folder() / "tests" / file)) << file;
  }
}

}  // namespace
}  // namespace counterpart::schema
