#include "mock/watched_places.h"

#include <deque>
#include <filesystem>

namespace counterpart::mock {

namespace {

namespace fs = std::filesystem;

constexpr int links_max = 40;  // of one path, as systems have it

class Collector {
 public:
  explicit Collector(WatchedPlaces& places) : places_(places) {}

  /// Notes every name on the way to the path, through links; a folder at its end is to be looked into.
  void follow(const fs::path& path, bool is_given) {
    std::error_code failed;
    const fs::path absolute = fs::absolute(path, failed);
    std::deque<std::string> rest;
    for (const fs::path& part : absolute.relative_path()) rest.push_back(part.string());
    fs::path at = "/";
    int links = 0;
    while (!rest.empty()) {
      const std::string name = std::move(rest.front());
      rest.pop_front();
      if (name.empty() || name == ".") continue;
      if (name == "..") {
        at = at.parent_path();
        continue;
      }
      places_.folders[at.string()].names.insert(name);
      const fs::path next = at / name;
      if (!fs::is_symlink(fs::symlink_status(next, failed)) || ++links > links_max) {
        at = next;
        continue;
      }
      const fs::path target = fs::read_symlink(next, failed);
      if (target.is_absolute()) at = "/";
      std::deque<std::string> parts;
      for (const fs::path& part : target.relative_path()) parts.push_back(part.string());
      rest.insert(rest.begin(), parts.begin(), parts.end());
    }
    if (!fs::is_directory(at, failed)) return;
    if (is_given) places_.folders[at.string()].is_given = true;
    folders_.push_back(at);
  }

  /// Looks into every folder that was found, those that are nearest first.
  void look() {
    size_t looked_at = 0;
    for (; !folders_.empty(); folders_.pop_front()) {
      const fs::path folder = folders_.front();
      WatchedPlace& place = places_.folders[folder.string()];
      if (place.all) continue;
      if (++looked_at > watched_folders_max) {
        places_.is_whole = false;
        return;
      }
      place.all = true;
      look_into(folder);
    }
  }

 private:
  void look_into(const fs::path& folder) {
    std::error_code failed;
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
      if (entry->path().filename().string().starts_with('.')) continue;
      std::error_code gone;
      const fs::file_status status = entry->symlink_status(gone);
      if (fs::is_symlink(status)) follow(entry->path(), false);
      if (fs::is_directory(status)) folders_.push_back(entry->path());
    }
  }

  WatchedPlaces& places_;
  std::deque<fs::path> folders_;  ///< to be looked into
};

}  // namespace

WatchedPlaces watched_places(const std::vector<std::string>& paths) {
  WatchedPlaces places;
  Collector collector(places);
  for (const std::string& path : paths) collector.follow(path, true);
  collector.look();
  return places;
}

}  // namespace counterpart::mock
