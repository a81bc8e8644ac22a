#include "fuzz/kit/project.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "fuzz/kit/project_folder.h"
#include "fuzz/responses/test_answers.h"

namespace counterpart::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr const char* keyauth = COUNTERPART_SOURCE_DIR "/scenarios/keyauth-seller";

std::unique_ptr<Kit> kit_of(const std::string& folder) {
  document::Diagnostics diagnostics;
  auto kit = Kit::load(folder, diagnostics);
  EXPECT_EQ(diagnostics.render(false), "");
  return kit;
}

using Files = std::map<std::string, std::string>;

Files files_of(const fs::path& folder) {
  Files files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    files[fs::relative(entry.path(), folder).string()] = text.str();
  }
  return files;
}

/// Writes a file, with the folders around it.
void put(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

/// What the kit writes of a contract's folder.
ProjectWritten write(const std::string& contract, const std::string& out, uint64_t seed = 1, bool force = true) {
  return write_project(*kit_of(contract), {contract, out, seed, 2, force});
}

TEST(KitProject, IsTheSameForTheSameSeed) {
  const conformance::ContractFolder contract(types_contract), here("");
  const auto kit = kit_of(contract.path());
  const auto written = [&](const std::string& name, uint64_t seed) {
    const ProjectWritten result = write(contract.path(), here.path() + name, seed, false);
    EXPECT_EQ(result.refusal, "");
    EXPECT_EQ(result.changed, result.documented * 6);
    EXPECT_TRUE(result.kept.empty());
    return files_of(here.path() + name);
  };
  const auto files = written("/a", 1);
  EXPECT_EQ(files, written("/b", 1));
  EXPECT_NE(files, written("/c", 2));
  for (const char* name : {"CMakeLists.txt", "README.md", "my_parser_fuzz.cpp", "my_parser_fuzz.dict",
                           "contract/contract.yaml", "corpus/list-listed-1-documented.txt"}) {
    EXPECT_TRUE(files.contains(name)) << name;
  }
  EXPECT_EQ(files.at("contract/contract.yaml"), types_contract);
  for (const auto& [name, text] : files) {
    if (!name.starts_with("corpus/")) continue;
    const auto is = [&name = name](const char* kind) { return name.find(kind) != std::string::npos; };
    const Legality expected = is("-broken-")         ? Legality::broken
                              : is("-nearly-legal-") ? Legality::nearly_legal
                                                     : Legality::legal;
    EXPECT_EQ(kit->read(text).legality, expected) << name;
  }
}

TEST(KitProject, CopiesWhatTheContractsFolderHolds) {
  const conformance::ContractFolder contract(types_contract), here("");
  put(contract.path() + "/bodies/deep/a.json", "{}");
  put(contract.path() + "/.git/config", "hidden");
  put(here.path() + "/elsewhere.json", "[]");
  fs::create_symlink(here.path() + "/elsewhere.json", contract.path() + "/bodies/link.json");
  fs::create_directory_symlink(here.path(), contract.path() + "/link");
  for (const char* slash : {"", "/", "/."}) {
    const std::string out = here.path() + "/out";
    EXPECT_EQ(write(contract.path() + slash, out).refusal, "");
    EXPECT_EQ(files_of(out + "/contract"),
              (Files{{"contract.yaml", types_contract}, {"bodies/deep/a.json", "{}"}, {"bodies/link.json", "[]"}}))
        << slash;
  }
}

/// An empty folder; gone with the object.
class Scratch {
 public:
  Scratch() { fs::remove(path() / "contract.yaml"); }
  fs::path path() const { return folder_.path(); }
  /// Without the folder's own path.
  std::string shortened(std::string text) const {
    const std::string prefix = folder_.path() + "/";
    for (size_t at; (at = text.find(prefix)) != std::string::npos;) text.erase(at, prefix.size());
    return text;
  }

 private:
  conformance::ContractFolder folder_{""};
};

TEST(KitProject, SaysWhyItRefuses) {
  struct Case {
    std::string contract, out;
    std::vector<std::string> files;  ///< that are there
    std::string link;                ///< to a folder elsewhere
    bool force;
    std::string refusal;
  };
  const Case cases[] = {
      {"api", "out", {}, "", false, ""},
      {"api", "a/b/c", {}, "", false, ""},
      {"api", "link", {}, "link", false, ""},
      {"api", "apis", {}, "", false, ""},
      {"api",
       "out",
       {"out/mine"},
       "",
       false,
       "out is not empty; with --force what was generated there is made anew, and all else stays"},
      {"api", "out", {"out/mine"}, "", true, ""},
      {"api", "out", {"out"}, "", true, "out is no folder"},
      {"api", "out", {"out/corpus"}, "", true, "out/corpus is no folder"},
      {"api", "out", {"out/contract"}, "", true, "out/contract is no folder"},
      {"api", "out", {"out/mine"}, "out/corpus", true, "out/corpus is a link, and links are not followed"},
      {"api", "out", {"out/mine"}, "out/contract", true, "out/contract is a link, and links are not followed"},
      {"api", "api", {}, "", true, "api is in the contract's folder api"},
      {"api", "api/out", {}, "", true, "api/out is in the contract's folder api"},
      {"api", "link/../api/out", {}, "link", true, "link/../api/out is in the contract's folder api"},
      {"out/api", "out", {}, "", true, ""},
      {"out/contract",
       "out",
       {},
       "",
       true,
       "the contract's folder out/contract is in out/contract, which is made anew"},
      {"out/corpus/api",
       "out",
       {},
       "",
       true,
       "the contract's folder out/corpus/api is in out/corpus, which is made anew"},
  };
  for (const Case& one : cases) {
    const Scratch here;
    put(here.path() / one.contract / "contract.yaml", types_contract);
    fs::create_directory(here.path() / "elsewhere");
    for (const std::string& name : one.files) put(here.path() / name, "x");
    if (!one.link.empty()) fs::create_directory_symlink(here.path() / "elsewhere", here.path() / one.link);
    const Files before = files_of(here.path());
    const ProjectWritten written = write(here.path() / one.contract, here.path() / one.out, 1, one.force);
    EXPECT_EQ(here.shortened(written.refusal), one.refusal) << one.contract << " " << one.out;
    EXPECT_EQ(files_of(here.path()) == before, !one.refusal.empty()) << one.contract << " " << one.out;
  }
}

TEST(KitProject, SaysWhatCannotBeWritten) {
  struct Case {
    std::string out;
    std::string folder;  ///< that is there
    std::string link;    ///< to a folder elsewhere
    std::string problem;
  };
  const Case cases[] = {
      {"elsewhere/a.json/out", "", "", "elsewhere/a.json/out cannot be written: Not a directory"},
      {"/proc/nope", "", "", "/proc/nope cannot be written: No such file or directory"},
      {"out", "out/my_parser_fuzz.dict", "", "out/my_parser_fuzz.dict cannot be written: Is a directory"},
      {"out", "out/.counterpart-kit/x", "", "out/.counterpart-kit cannot be written: Is a directory"},
      {"out", "out/contract/contract.yaml", "", "out/contract/contract.yaml cannot be written: Is a directory"},
      {"out", "out/contract", "out/contract/bodies", "out/contract/bodies cannot be written: Not a directory"},
  };
  for (const Case& one : cases) {
    const Scratch here;
    put(here.path() / "api/contract.yaml", types_contract);
    put(here.path() / "api/bodies/a.json", "{}");
    put(here.path() / "elsewhere/a.json", "mine");
    if (!one.folder.empty()) fs::create_directories(here.path() / one.folder);
    if (!one.link.empty()) fs::create_directory_symlink(here.path() / "elsewhere", here.path() / one.link);
    std::string problem;
    try {
      write(here.path() / "api", here.path() / one.out);
    } catch (const std::runtime_error& error) {
      problem = here.shortened(error.what());
    }
    EXPECT_TRUE(problem.starts_with(one.problem)) << problem << "\nis not: " << one.problem;
    EXPECT_EQ(files_of(here.path() / "elsewhere"), (Files{{"a.json", "mine"}})) << one.problem;
  }
}

/// Another contract, with fewer answers.
std::string smaller_contract() {
  const std::string text = types_contract;
  return text.substr(0, text.find("  page:"));
}

TEST(KitProject, MakesAnewWhatItGeneratedAndNothingElse) {
  const Scratch here;
  const std::string out = here.path() / "out";
  put(here.path() / "old/contract.yaml", types_contract);
  put(here.path() / "old/bodies/deep/a.json", "{}");
  put(here.path() / "new/contract.yaml", smaller_contract());
  EXPECT_EQ(write(here.path() / "old", out, 1).refusal, "");
  const Files users = {{"my_parser_fuzz.cpp", "my parser"},
                       {"CMakeLists.txt", "my sources"},
                       {"corpus/da39a3ee5e6b4b0d3255bfef95601890afd80709", "found by the fuzzer"},
                       {"corpus/page-shown-7-broken-3.txt", "named as the kit names"},
                       {"contract/mine.scenario.yaml", "mine"},
                       {"bodies/a.json", "mine"},
                       {"found/default/queue/id:000000", "AFL++'s"}};
  for (const auto& [name, text] : users) put(fs::path(out) / name, text);

  EXPECT_EQ(write(here.path() / "new", here.path() / "fresh", 2, false).refusal, "");
  const ProjectWritten written = write(here.path() / "new", out, 2);
  EXPECT_EQ(written.kept, (std::vector<std::string>{"CMakeLists.txt", "my_parser_fuzz.cpp"}));
  Files expected = files_of(here.path() / "fresh");
  for (const auto& [name, text] : users) expected[name] = text;
  EXPECT_EQ(files_of(out), expected);
  EXPECT_FALSE(fs::exists(fs::path(out) / "contract/bodies"));

  fs::remove(fs::path(out) / "my_parser_fuzz.cpp");
  EXPECT_EQ(write(here.path() / "new", out, 2).kept, std::vector<std::string>{"CMakeLists.txt"});
}

TEST(KitProject, OverwritesNoFileOfOthers) {
  const Scratch here;
  const fs::path out = here.path() / "out";
  put(here.path() / "api/contract.yaml", types_contract);
  for (const char* name : {"my_parser_fuzz.dict", "contract/contract.yaml"}) {
    put(out / name, "mine");
    const Files before = files_of(out);
    EXPECT_EQ(here.shortened(write(here.path() / "api", out).refusal),
              std::string("out/") + name + " is there already, and counterpart kit has not written it");
    EXPECT_EQ(files_of(out), before);
    fs::remove(out / name);
  }
  EXPECT_EQ(write(here.path() / "api", out).refusal, "");
}

TEST(KitProject, RemovesAndWritesNothingThroughLinks) {
  const Scratch here;
  const fs::path out = here.path() / "out", elsewhere = here.path() / "elsewhere";
  put(here.path() / "api/contract.yaml", types_contract);
  put(elsewhere / "a", "mine");
  EXPECT_EQ(write(here.path() / "api", out).refusal, "");
  put(out / "corpus/mine", "mine");
  fs::create_directory_symlink(elsewhere, out / "link");
  const std::string generated[] = {ProjectFolder::list_name, "my_parser_fuzz.dict", "contract/contract.yaml",
                                   "corpus/list-listed-1-documented.txt"};
  for (const std::string& name : generated) {
    fs::remove(out / name);
    fs::create_symlink(elsewhere / "a", out / name);
  }
  // The list as it never is; the dictionary and the contract are not in it.
  put(elsewhere / "a",
      "corpus/list-listed-1-documented.txt\nlink/a\n../elsewhere/a\ncorpus/../../elsewhere/a\n./link/a\n\n.\ncorpus\n" +
          (elsewhere / "a").string() + "\n");
  const Files before = files_of(elsewhere);
  EXPECT_EQ(write(here.path() / "api", out).refusal, "");
  EXPECT_EQ(files_of(elsewhere), before);
  for (const std::string& name : generated) EXPECT_FALSE(fs::is_symlink(out / name)) << name;
  EXPECT_TRUE(fs::is_symlink(out / "link"));
  EXPECT_TRUE(fs::exists(out / "corpus/mine"));
}

TEST(KitProject, ListsWhatItBeganToWrite) {
  const Scratch here;
  const fs::path out = here.path() / "out";
  put(here.path() / "api/contract.yaml", types_contract);
  fs::create_directories(out / "my_parser_fuzz.dict");  // where it ends
  EXPECT_THROW(write(here.path() / "api", out), std::runtime_error);
  fs::remove(out / "my_parser_fuzz.dict");
  put(here.path() / "new/contract.yaml", smaller_contract());
  EXPECT_EQ(write(here.path() / "new", out, 2).refusal, "");
  EXPECT_EQ(write(here.path() / "new", here.path() / "fresh", 2).refusal, "");
  EXPECT_EQ(files_of(out), files_of(here.path() / "fresh"));
}

TEST(KitProject, WritesADictionaryThatFuzzersRead) {
  EXPECT_EQ(dictionary_text({"\"a\":", "\\u0000", "\xFF\n"}),
            "# Words of the contract's answers, for libFuzzer (-dict=) and AFL++ (-x).\n"
            "\"\\\"a\\\":\"\n\"\\\\u0000\"\n\"\\xFF\\x0A\"\n");
  const auto words = dictionary_of(*kit_of(keyauth));
  const std::set<std::string> all(words.begin(), words.end());
  EXPECT_EQ(all.size(), words.size());
  for (const char* word : {"\"sessions\":", "\"1649063974\"", "Content-Type: ", "null"})
    EXPECT_TRUE(all.contains(word)) << word;
  for (const std::string& word : words) EXPECT_LE(word.size(), 128u);
}

}  // namespace
}  // namespace counterpart::fuzz
