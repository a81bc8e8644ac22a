#pragma once
/// The folder that a kit's project is in: what is generated there can be made anew, and what users have put there stays.
/// Used by project.cpp.

#include <filesystem>
#include <fstream>
#include <string>

namespace counterpart::fuzz {

/// Names are paths in the folder. What was generated is listed in the folder itself, so that nothing else is ever removed.
/// Symbolic links in the folder are not followed: nothing outside it is written or removed.
class ProjectFolder {
 public:
  /// The list: a name a line, behind a line that says what it is.
  static constexpr const char* list_name = ".counterpart-kit";

  /// Makes the folder where there is none, and removes what was generated there earlier.
  /// Throws std::runtime_error, as all of these: what cannot be written, and why.
  explicit ProjectFolder(std::filesystem::path path);

  /// Writes a generated file, over one that has the name.
  void generate(const std::filesystem::path& name, const std::string& text);
  /// Writes a file that users edit, unless there is one. Returns false when it is another one.
  bool offer(const std::filesystem::path& name, const std::string& text);

 private:
  void remove_generated() const;
  /// Lists it first, so that it is known even when writing it ends halfway. Returns its path.
  std::filesystem::path make_room(const std::filesystem::path& name);
  void make_folders_of(const std::filesystem::path& name) const;

  const std::filesystem::path path_;
  std::ofstream list_;
};

}  // namespace counterpart::fuzz
