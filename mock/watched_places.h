#pragma once
/// Which folders have to be looked at so that no change of some files and folders is missed: also one that puts another
/// folder in their place, or that turns a symbolic link elsewhere. Used by Watcher; knows files, and no inotify.

#include <map>
#include <set>
#include <string>
#include <vector>

namespace counterpart::mock {

/// What matters in a folder.
struct WatchedPlace {
  bool all = false;             ///< every name
  bool is_given = false;        ///< one of the paths that were asked for, rather than on the way to one
  std::set<std::string> names;  ///< the names on the way

  bool operator==(const WatchedPlace&) const = default;
};

struct WatchedPlaces {
  std::map<std::string, WatchedPlace> folders;  ///< by absolute path without symbolic links
  bool is_whole = true;                         ///< false: there were more folders than watched_folders_max

  bool operator==(const WatchedPlaces&) const = default;
};

inline constexpr size_t watched_folders_max = 1'000;

/// Of a folder everything below it counts, but for what is in hidden folders; a file counts alone. What does not exist
/// is awaited.
WatchedPlaces watched_places(const std::vector<std::string>& paths);

}  // namespace counterpart::mock
