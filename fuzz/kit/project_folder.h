#pragma once
/// The folder that a kit's project is in: what is generated there can be made anew, and what users have put there stays.
/// Used by project.cpp.

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace counterpart::fuzz {

/// Names are paths in the folder. What was generated is listed in the folder itself, so that nothing else is ever removed.
/// Symbolic links in the folder are not followed: nothing outside it is written or removed.
class ProjectFolder {
 public:
  /// The list: a name a line, behind a line that says what it is.
  static constexpr const char* list_name = ".counterpart-kit";

  /// Nothing is read or written yet.
  explicit ProjectFolder(std::filesystem::path path);

  /// A file for write_generated().
  void generate(const std::filesystem::path& name, std::string text);
  /// Makes the folder where there is none, removes what was generated there earlier, and writes what was generated now.
  /// Returns "", or why nothing was done: a file has the name of a generated one, and was not generated there.
  /// Throws std::runtime_error, as offer() does: what cannot be written, and why.
  std::string write_generated();
  /// Writes a file that users edit, unless there is one. Returns false when it is another one. After write_generated().
  bool offer(const std::filesystem::path& name, const std::string& text);

 private:
  std::set<std::filesystem::path> generated_earlier() const;
  /// Lists it first, so that it is known even when writing it ends halfway. Returns its path.
  std::filesystem::path make_room(const std::filesystem::path& name);
  void make_folders_of(const std::filesystem::path& name) const;

  const std::filesystem::path path_;
  std::vector<std::pair<std::filesystem::path, std::string>> generated_;
  std::ofstream list_;
};

}  // namespace counterpart::fuzz
