#include "fuzz/kit/project.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "fuzz/kit/message_text.h"
#include "fuzz/kit/project_files.h"
#include "fuzz/responses/json_scan.h"

namespace counterpart::fuzz {

namespace fs = std::filesystem;

namespace {

/// Of one file, or "".
std::string write_file(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  return file ? "" : fmt::format("{} cannot be written", path.string());
}

/// Why the project cannot go there, or "".
std::string refusal(const ProjectOptions& options) {
  std::error_code error;
  const fs::path out = fs::weakly_canonical(options.out, error);
  const fs::path folder = fs::weakly_canonical(options.folder, error);
  const auto [rest, ignored] = std::mismatch(folder.begin(), folder.end(), out.begin(), out.end());
  if (rest == folder.end()) return fmt::format("{} is in the contract's folder {}", options.out, options.folder);
  const fs::file_status status = fs::status(out, error);
  if (!fs::exists(status)) return "";
  if (!fs::is_directory(status)) return fmt::format("{} is no folder", options.out);
  const bool is_empty = fs::is_empty(out, error);
  if (error) return fmt::format("{} cannot be read: {}", options.out, error.message());
  if (is_empty || options.force) return "";
  return fmt::format("{} is not empty; with --force the kit's files are written over what is there", options.out);
}

/// The contract, its scenarios, and files that responses send: whatever the folder holds, hidden files excepted.
std::string copy_contract(const fs::path& folder, const fs::path& to) {
  constexpr size_t files_max = 10'000;
  size_t files = 0;
  std::error_code error;
  auto at = fs::recursive_directory_iterator(folder, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (at->path().filename().string().starts_with(".")) {
      if (at->is_directory(error)) at.disable_recursion_pending();
      continue;
    }
    if (!at->is_regular_file(error)) continue;
    if (++files > files_max) return fmt::format("{} holds more than {} files", folder.string(), files_max);
    const fs::path target = to / fs::relative(at->path(), folder, error);
    fs::create_directories(target.parent_path(), error);
    fs::copy_file(at->path(), target, fs::copy_options::overwrite_existing, error);
    if (error) break;
  }
  return error ? fmt::format("{} cannot be copied to {}: {}", folder.string(), to.string(), error.message()) : "";
}

std::string file_name(const Variant& variant, size_t number, std::string_view kind) {
  return fmt::format("{}-{}-{}-{}.txt", variant.operation->id, variant.response->name, number, kind);
}

std::string_view file_word(Legality legality) {
  if (legality == Legality::legal) return "legal";
  return legality == Legality::nearly_legal ? "nearly-legal" : "broken";
}

std::string write_corpus(const Kit& kit, const ProjectOptions& options, ProjectWritten& written) {
  const fs::path corpus = fs::path(options.out) / "corpus";
  state::SeededRandom random(options.seed);
  size_t number = 0;
  for (const Variant& documented : kit.mutator().documented()) {
    ++number;
    if (auto problem = write_file(corpus / file_name(documented, number, "documented"), write_message(documented));
        !problem.empty()) {
      return problem;
    }
    ++written.documented;
    for (const Legality legality : {Legality::legal, Legality::nearly_legal, Legality::broken}) {
      for (size_t i = 1; i <= options.of_each_class; ++i) {
        const Variant changed = kit.mutator().mutate(documented, legality, random);
        const std::string kind = fmt::format("{}-{}", file_word(changed.legality), i);
        if (auto problem = write_file(corpus / file_name(changed, number, kind), write_message(changed));
            !problem.empty()) {
          return problem;
        }
        ++written.changed;
      }
    }
  }
  return "";
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
  written.problem = refusal(options);
  if (!written.problem.empty()) return written;
  const fs::path out = options.out;
  std::error_code error;
  fs::create_directories(out / "corpus", error);
  if (error) {
    written.problem = fmt::format("{} cannot be made: {}", (out / "corpus").string(), error.message());
    return written;
  }
  written.problem = copy_contract(options.folder, out / "contract");
  if (written.problem.empty()) written.problem = write_corpus(kit, options, written);
  const auto words = dictionary_of(kit);
  written.words = words.size();
  const std::pair<const char*, std::string> files[] = {
      {"CMakeLists.txt", project_cmake()},
      {"my_parser_fuzz.cpp", project_source()},
      {"my_parser_fuzz.dict", dictionary_text(words)},
      {"README.md", project_readme(kit.suite().contract().title, written.documented, written.changed)},
  };
  for (const auto& [name, text] : files) {
    if (written.problem.empty()) written.problem = write_file(out / name, text);
  }
  return written;
}

}  // namespace counterpart::fuzz
