#include "fuzz/kit/project_folder.h"

#include <fmt/format.h>

#include <cerrno>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace counterpart::fuzz {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const fs::path& path, const std::error_code& error) {
  throw std::runtime_error(
      fmt::format("{} cannot be written{}", path.string(), error ? ": " + error.message() : std::string()));
}

std::error_code system_error() { return {errno, std::generic_category()}; }

void write_file(const fs::path& path, const std::string& text) {
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) fail(path, system_error());
}

/// "" where there is none.
std::string text_of(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return "";  // reading a pipe would wait
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Of a link its own, not that of what it points to.
fs::file_type type_of(const fs::path& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type();
}

/// Whether the name is of something in the folder itself, with real folders on the way.
bool is_inside(const fs::path& folder, const fs::path& name) {
  if (name.empty() || name.is_absolute()) return false;
  for (const fs::path& part : name) {
    if (part.empty() || part == "." || part == "..") return false;
  }
  fs::path at = folder;
  for (const fs::path& part : name.parent_path()) {
    at /= part;
    if (type_of(at) != fs::file_type::directory) return false;
  }
  return true;
}

/// Removes a file, or a link but not what it points to; then the folders around it that are empty.
void remove_file(const fs::path& folder, const fs::path& name) {
  if (type_of(folder / name) == fs::file_type::directory) return;
  std::error_code error;
  fs::remove(folder / name, error);
  if (error) fail(folder / name, error);
  for (fs::path around = name.parent_path(); !around.empty(); around = around.parent_path()) {
    if (!fs::remove(folder / around, error)) break;
  }
}

}  // namespace

ProjectFolder::ProjectFolder(fs::path path) : path_(std::move(path)) {}

void ProjectFolder::generate(const fs::path& name, std::string text) { generated_.emplace_back(name, std::move(text)); }

std::string ProjectFolder::write_generated() {
  const std::set<fs::path> earlier = generated_earlier();
  for (const auto& [name, text] : generated_) {
    const bool is_file = is_inside(path_, name) && type_of(path_ / name) == fs::file_type::regular;
    if (!is_file || earlier.contains(name) || text_of(path_ / name) == text) continue;
    return fmt::format("{} is there already, and counterpart kit has not written it", (path_ / name).string());
  }
  std::error_code error;
  fs::create_directories(path_, error);
  if (error) fail(path_, error);
  for (const fs::path& name : earlier) remove_file(path_, name);
  const fs::path list = path_ / list_name;
  fs::remove(list, error);  // it may be a link
  write_file(list, "# Generated files, which counterpart kit --force removes before it makes them anew.\n");
  list_.open(list, std::ios::binary | std::ios::app);
  for (const auto& [name, text] : generated_) write_file(make_room(name), text);
  return "";
}

std::set<fs::path> ProjectFolder::generated_earlier() const {
  std::set<fs::path> names;
  std::istringstream list(text_of(path_ / list_name));
  for (std::string name; std::getline(list, name);) {
    if (!name.starts_with('#') && is_inside(path_, name)) names.emplace(name);
  }
  return names;
}

void ProjectFolder::make_folders_of(const fs::path& name) const {
  fs::path at = path_;
  for (const fs::path& part : name.parent_path()) {
    at /= part;
    if (type_of(at) == fs::file_type::directory) continue;
    std::error_code error;
    if (fs::create_directory(at, error)) continue;
    fail(at, error ? error : std::make_error_code(std::errc::not_a_directory));
  }
}

fs::path ProjectFolder::make_room(const fs::path& name) {
  make_folders_of(name);
  errno = 0;
  // A name of two lines would be taken for two names, and is not worth a syntax: such a file stays.
  if (name.native().find('\n') == std::string::npos) list_ << name.string() << '\n' << std::flush;
  if (!list_) fail(path_ / list_name, system_error());
  const fs::path path = path_ / name;
  std::error_code error;
  if (type_of(path) != fs::file_type::directory) fs::remove(path, error);  // a link, or one name of several
  if (error) fail(path, error);
  return path;
}

bool ProjectFolder::offer(const fs::path& name, const std::string& text) {
  const fs::path path = path_ / name;
  if (type_of(path) == fs::file_type::not_found) {
    write_file(path, text);
    return true;
  }
  return text_of(path) == text;
}

}  // namespace counterpart::fuzz
