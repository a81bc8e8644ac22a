#pragma once
/// Where `fuzz client` and `fuzz server` save what they find: a file each, found-1.scenario.yaml, found-2.json.

#include <string>
#include <string_view>

namespace counterpart::fuzz {

/// What earlier runs have left in the folder stays.
class FindingsFolder {
 public:
  /// Makes it, and writes a file to see that this can be done. Throws std::runtime_error.
  explicit FindingsFolder(std::string path);
  FindingsFolder(const FindingsFolder&) = delete;
  FindingsFolder& operator=(const FindingsFolder&) = delete;
  /// An empty folder that it made is no more.
  ~FindingsFolder();

  /// "found-N": the first, from the last one on, that no finding in the folder has.
  std::string next_name();
  /// Removes the file, and gives its name to who asks for the next one. "": does nothing.
  void take_back(const std::string& name, std::string_view suffix);
  /// `suffix` begins with a dot.
  std::string path_of(const std::string& name, std::string_view suffix) const;
  /// Returns its path. Throws std::runtime_error.
  std::string write(const std::string& name, std::string_view suffix, const std::string& text) const;

 private:
  const std::string path_;
  size_t next_ = 1;
  bool is_made_ = false;
};

}  // namespace counterpart::fuzz
