#include "fuzz/server/corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "conformance/reports/sha256.h"

namespace counterpart::fuzz::server {

namespace fs = std::filesystem;

namespace {

constexpr size_t file_bytes_max = 1 << 20;

/// Sorted: the order of a folder is nobody's.
std::vector<fs::path> files_of(const std::string& folder) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    std::error_code unread;
    const bool is_file = at->is_regular_file(unread) && at->path().extension() == ".json";
    if (is_file && at->file_size(unread) <= file_bytes_max) files.push_back(at->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::vector<Sequence> load_corpus(const conformance::Suite& suite, const std::string& folder) {
  std::vector<Sequence> corpus;
  for (const fs::path& path : files_of(folder)) {
    if (corpus.size() == corpus_files_max) break;
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    auto sequence = read_sequence(suite, text);
    if (sequence && !sequence->empty()) corpus.push_back(*std::move(sequence));
  }
  return corpus;
}

void save_corpus(const std::vector<Sequence>& corpus, const std::string& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) throw std::runtime_error(fmt::format("{}: {}", folder, failed.message()));
  size_t files = files_of(folder).size();
  for (const Sequence& sequence : corpus) {
    constexpr size_t name_digits = 16;
    const std::string text = write_sequence(sequence) + "\n";
    const std::string name =
        fmt::format("{}/{}.json", folder, conformance::reports::sha256_hex(text).substr(0, name_digits));
    if (text.size() > file_bytes_max || fs::exists(name, failed)) continue;
    if (files++ >= corpus_files_max) return;
    std::ofstream file(name, std::ios::binary);
    file << text;
    file.close();
    if (!file) throw std::runtime_error(name + " cannot be written");
  }
}

}  // namespace counterpart::fuzz::server
