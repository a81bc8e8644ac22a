#include "fuzz/findings_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "engine/scenario/scenario.h"

namespace counterpart::fuzz {

namespace {

constexpr std::string_view name_prefix = "found-";

}  // namespace

FindingsFolder::FindingsFolder(std::string path) : path_(std::move(path)) {
  std::error_code failed;
  is_made_ = std::filesystem::create_directories(path_, failed);
  if (failed) throw std::runtime_error(fmt::format("{}: {}", path_, failed.message()));
  std::filesystem::remove(write(fmt::format(".probe-{}", ::getpid()), "", "x"), failed);
}

FindingsFolder::~FindingsFolder() {
  std::error_code is_not_empty;
  if (is_made_) std::filesystem::remove(path_, is_not_empty);
}

std::string FindingsFolder::next_name() {
  for (;;) {
    const std::string name = fmt::format("{}{}", name_prefix, next_++);
    std::error_code failed;
    bool is_taken = false;
    for (const std::string_view suffix : {scenario::scenario_suffix, ".json", ".http"}) {
      is_taken = is_taken || std::filesystem::exists(path_of(name, suffix), failed);
    }
    if (!is_taken) return name;
  }
}

void FindingsFolder::take_back(const std::string& name, std::string_view suffix) {
  if (name.empty()) return;
  std::error_code ignored;
  std::filesystem::remove(path_of(name, suffix), ignored);
  next_ = std::min(next_, static_cast<size_t>(std::stoull(name.substr(name_prefix.size()))));
}

std::string FindingsFolder::path_of(const std::string& name, std::string_view suffix) const {
  return fmt::format("{}/{}{}", path_, name, suffix);
}

std::string FindingsFolder::write(const std::string& name, std::string_view suffix, const std::string& text) const {
  std::string path = path_of(name, suffix);
  std::error_code ignored;  // it may have been removed meanwhile
  std::filesystem::create_directories(path_, ignored);
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw std::runtime_error(path + " cannot be written");
  return path;
}

}  // namespace counterpart::fuzz
