#include "fuzz/kit/project.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

#include "fuzz/kit/message_text.h"
#include "fuzz/kit/project_files.h"
#include "fuzz/kit/project_folder.h"
#include "fuzz/responses/json_scan.h"

namespace counterpart::fuzz {

namespace fs = std::filesystem;

namespace {

const fs::path contract_folder = "contract", corpus_folder = "corpus";
constexpr size_t contract_files_max = 10'000;

/// Whether a path is a folder, or of something in it, once links are followed.
bool is_in(const fs::path& path, const fs::path& folder) {
  std::error_code ignored;
  const fs::path inner = fs::weakly_canonical(fs::absolute(path, ignored), ignored);
  const fs::path outer = fs::weakly_canonical(fs::absolute(folder, ignored), ignored);
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

/// Why a folder of `out` cannot be written into, or "".
std::string refusal_of_folder(const ProjectOptions& options, const fs::path& name) {
  const fs::path folder = options.out / name;
  std::error_code ignored;
  const fs::file_status status = fs::symlink_status(folder, ignored);
  if (fs::is_symlink(status)) return fmt::format("{} is a link, and links are not followed", folder.string());
  if (fs::exists(status) && !fs::is_directory(status)) return fmt::format("{} is no folder", folder.string());
  if (!is_in(options.folder, folder)) return "";
  return fmt::format("the contract's folder {} is in {}, which is made anew", options.folder, folder.string());
}

/// Why the project cannot be written there, whatever the machine allows; or "". Throws std::runtime_error.
std::string refusal_of(const ProjectOptions& options) {
  const fs::path out = options.out;
  if (is_in(out, options.folder)) return fmt::format("{} is in the contract's folder {}", options.out, options.folder);
  std::error_code error;
  const fs::file_status status = fs::status(out, error);
  if (!fs::exists(status)) return "";
  if (!fs::is_directory(status)) return fmt::format("{} is no folder", options.out);
  const bool is_empty = fs::is_empty(out, error);
  if (error) throw std::runtime_error(fmt::format("{} cannot be read: {}", options.out, error.message()));
  if (!is_empty && !options.force) {
    return fmt::format("{} is not empty; with --force what was generated there is made anew, and all else stays",
                       options.out);
  }
  const std::string of_contract = refusal_of_folder(options, contract_folder);
  return of_contract.empty() ? refusal_of_folder(options, corpus_folder) : of_contract;
}

/// The contract, its scenarios, and files that responses send: whatever the folder holds, hidden files excepted. In order,
/// without the folder's own path; ends with more than contract_files_max. Throws std::runtime_error.
std::vector<fs::path> contract_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  auto at = fs::recursive_directory_iterator(folder, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (at->path().filename().string().starts_with(".")) {
      if (at->is_directory(error)) at.disable_recursion_pending();
    } else if (at->is_regular_file(error)) {
      files.push_back(at->path().lexically_relative(folder));
    }
    if (files.size() > contract_files_max) break;
  }
  if (error) throw std::runtime_error(fmt::format("{} cannot be read: {}", folder.string(), error.message()));
  std::sort(files.begin(), files.end());
  return files;
}

/// Throws std::runtime_error.
std::string bytes_of(const fs::path& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(fmt::format("{} cannot be read: {}", path.string(), std::strerror(errno)));
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string file_name(const Variant& variant, size_t number, std::string_view kind) {
  return fmt::format("{}-{}-{}-{}.txt", variant.operation->id, variant.response->name, number, kind);
}

std::string_view file_word(Legality legality) {
  if (legality == Legality::legal) return "legal";
  return legality == Legality::nearly_legal ? "nearly-legal" : "broken";
}

void write_corpus(const Kit& kit, const ProjectOptions& options, ProjectFolder& folder, ProjectWritten& written) {
  state::SeededRandom random(options.seed);
  size_t number = 0;
  for (const Variant& documented : kit.mutator().documented()) {
    ++number;
    folder.generate(corpus_folder / file_name(documented, number, "documented"), write_message(documented));
    ++written.documented;
    for (const Legality legality : {Legality::legal, Legality::nearly_legal, Legality::broken}) {
      for (size_t i = 1; i <= options.of_each_class; ++i) {
        const Variant changed = kit.mutator().mutate(documented, legality, random);
        const std::string kind = fmt::format("{}-{}", file_word(changed.legality), i);
        folder.generate(corpus_folder / file_name(changed, number, kind), write_message(changed));
        ++written.changed;
      }
    }
  }
}

/// What a value of a documented body adds.
void add_words(const JsonValue& value, std::string_view body, std::set<std::string>& words) {
  constexpr size_t word_bytes_max = 64;  // AFL++ takes 128
  const auto add = [&](std::string_view word) {
    if (!word.empty() && word.size() <= word_bytes_max) words.emplace(word);
  };
  if (value.is_member()) {
    const std::string key(body.substr(value.key_begin, value.key_end - value.key_begin));
    add(key);
    add(key + ":");
  }
  if (!value.is_container()) add(body.substr(value.begin, value.end - value.begin));
}

}  // namespace

std::vector<std::string> dictionary_of(const Kit& kit) {
  constexpr size_t words_max = 1'000;
  constexpr std::string_view grammar[] = {"null",
                                          "true",
                                          "false",
                                          "[]",
                                          "{}",
                                          "[[",
                                          "]]",
                                          "{\"\":",
                                          "},{",
                                          "\"\"",
                                          "\\\"",
                                          "\\\\",
                                          "\\u0000",
                                          "\\ud800",
                                          "\\ufeff",
                                          "\\/",
                                          "\\n",
                                          "-1",
                                          "-0",
                                          "1e999",
                                          "1e-400",
                                          "0.1",
                                          "NaN",
                                          "Infinity",
                                          "2147483648",
                                          "4294967296",
                                          "9007199254740993",
                                          "9223372036854775808",
                                          "18446744073709551616",
                                          "\xEF\xBB\xBF",
                                          "\xFF\xFE",
                                          "\xC0\xAF",
                                          "\xED\xA0\x80",
                                          "\xF4\x90\x80\x80",
                                          "\r\n"};
  std::set<std::string> words(std::begin(grammar), std::end(grammar));
  for (const Variant& variant : kit.mutator().documented()) {
    if (words.size() >= words_max) break;
    words.insert(fmt::format("HTTP/1.1 {} {}\n", variant.answer.status, name_of(variant)));
    for (const http::Header& field : variant.answer.headers) words.insert(field.name + ": ");
    const JsonScan scan = scan_json(variant.answer.body);
    if (!scan.well_formed) continue;
    for (const JsonValue& value : scan.values) {
      if (words.size() < words_max) add_words(value, variant.answer.body, words);
    }
  }
  return {words.begin(), words.end()};
}

std::string dictionary_text(const std::vector<std::string>& words) {
  std::string text = "# Words of the contract's answers, for libFuzzer (-dict=) and AFL++ (-x).\n";
  for (const std::string& word : words) {
    text += '"';
    for (const char c : word) {
      if (c == '"' || c == '\\') {
        text += fmt::format("\\{}", c);
      } else if (c >= 0x20 && c < 0x7F) {
        text += c;
      } else {
        text += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
      }
    }
    text += "\"\n";
  }
  return text;
}

ProjectWritten write_project(const Kit& kit, const ProjectOptions& options) {
  ProjectWritten written;
  written.refusal = refusal_of(options);
  if (!written.refusal.empty()) return written;
  const std::vector<fs::path> contract = contract_files(options.folder);
  if (contract.size() > contract_files_max) {
    written.refusal = fmt::format("{} holds more than {} files", options.folder, contract_files_max);
    return written;
  }
  ProjectFolder folder(options.out);
  for (const fs::path& name : contract) {
    folder.generate(contract_folder / name, bytes_of(options.folder / name));
  }
  write_corpus(kit, options, folder, written);
  const auto words = dictionary_of(kit);
  written.words = words.size();
  folder.generate("my_parser_fuzz.dict", dictionary_text(words));
  written.refusal = folder.write_generated();
  if (!written.refusal.empty()) return written;
  const std::pair<const char*, std::string> files[] = {
      {"CMakeLists.txt", project_cmake()}, {"README.md", project_readme()}, {"my_parser_fuzz.cpp", project_source()}};
  for (const auto& [name, text] : files) {
    if (!folder.offer(name, text)) written.kept.emplace_back(name);
  }
  return written;
}

}  // namespace counterpart::fuzz
