/// `fuzz_seeds ROOT [--check]`: makes fuzz/corpus/<target>/ and fuzz/dictionaries/<target>.dict of the source tree anew, or
/// says what would change, and whether fuzz/regressions/README.md tells of each input there. A file is named by its
/// content, so the same seeds are the same files.

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "fuzz/inputs/seeds.h"

namespace {

namespace fs = std::filesystem;
using Files = std::map<fs::path, std::string>;  // by path below fuzz/

/// FNV-1a, 64 bits.
uint64_t hash(std::string_view text) {
  uint64_t value = 0xcbf29ce484222325;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return value;
}

std::string dictionary(const std::set<std::string>& words) {
  std::string text = "# Made by ./dev fuzz-seeds.\n";
  for (const std::string& word : words) {
    text += '"';
    for (const char c : word) {
      const bool plain = c >= ' ' && c < 0x7f && c != '"' && c != '\\';
      text += plain ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    text += "\"\n";
  }
  return text;
}

Files files_of(const counterpart::fuzz::Seeds& seeds) {
  Files files;
  for (const auto& [target, inputs] : seeds.inputs) {
    for (const std::string& input : inputs)
      files[fs::path("corpus") / target / fmt::format("{:016x}", hash(input))] = input;
  }
  for (const auto& [target, words] : seeds.words)
    files[fs::path("dictionaries") / (target + ".dict")] = dictionary(words);
  return files;
}

Files files_below(const fs::path& folder) {
  Files files;
  for (const char* part : {"corpus", "dictionaries"}) {
    if (!fs::is_directory(folder / part)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(folder / part)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream stream(entry.path(), std::ios::binary);
      files[entry.path().lexically_relative(folder)] = {std::istreambuf_iterator<char>(stream), {}};
    }
  }
  return files;
}

void write(const fs::path& folder, const Files& files) {
  fs::remove_all(folder / "corpus");
  fs::remove_all(folder / "dictionaries");
  for (const auto& [path, content] : files) {
    fs::create_directories((folder / path).parent_path());
    std::ofstream(folder / path, std::ios::binary) << content;
  }
  fmt::print("{} files\n", files.size());
}

/// How many files differ; says which.
size_t differences(const Files& wanted, const Files& there) {
  size_t count = 0;
  const auto tell = [&](const char* what, const fs::path& path) {
    ++count;
    fmt::print("{}: fuzz/{}\n", what, path.string());
  };
  for (const auto& [path, content] : wanted) {
    const auto found = there.find(path);
    if (found == there.end()) {
      tell("missing", path);
    } else if (found->second != content) {
      tell("not current", path);
    }
  }
  for (const auto& [path, content] : there) {
    if (!wanted.contains(path)) tell("not a seed any more", path);
  }
  return count;
}

/// Of the lines `| target | file | what it was |`.
std::set<fs::path> told_regressions(const fs::path& readme) {
  std::set<fs::path> told;
  std::ifstream stream(readme);
  for (std::string line; std::getline(stream, line);) {
    const size_t second = line.find(" | "), third = line.find(" | ", second + 1);
    if (!line.starts_with("| ") || third == std::string::npos || line.starts_with("| target")) continue;
    told.insert(fs::path(line.substr(2, second - 2)) / line.substr(second + 3, third - second - 3));
  }
  return told;
}

/// How many regressions nobody is told of, or are told of and not there; says which.
size_t untold_regressions(const fs::path& folder) {
  std::set<fs::path> told = told_regressions(folder / "README.md");
  size_t count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const fs::path path = entry.path().lexically_relative(folder);
    if (!entry.is_regular_file() || path == "README.md" || told.erase(path) > 0) continue;
    ++count;
    fmt::print("fuzz/regressions/README.md does not say what {} was\n", path.string());
  }
  for (const fs::path& path : told)
    fmt::print("fuzz/regressions/README.md tells of {}, which is not there\n", path.string());
  return count + told.size();
}

}  // namespace

int main(int count, char** words) try {
  if (count < 2) return 2;
  const std::string root = words[1];
  const Files wanted = files_of(counterpart::fuzz::make_seeds(root));
  const fs::path folder = fs::path(root) / "fuzz";
  if (count < 3) return write(folder, wanted), 0;
  const size_t different = differences(wanted, files_below(folder));
  if (different > 0) fmt::print("{} of {} seeds are not current: ./dev fuzz-seeds\n", different, wanted.size());
  return different + untold_regressions(folder / "regressions") == 0 ? 0 : 1;
} catch (const std::exception& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 3;
}
