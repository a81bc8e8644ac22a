#pragma once
/// Tells when some files, or files in some folders, change (inotify, Linux): what `--watch` waits for.

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace counterpart::mock {

class Watcher {
 public:
  /// Calls `on_change` on a thread of its own, once for changes that come close together, until it is destroyed. Of a
  /// folder everything below it is watched, but for hidden folders. Another folder that takes the place of one, or a
  /// symbolic link that is turned elsewhere, is a change too, and what is there then is watched.
  Watcher(std::vector<std::string> paths, std::function<void()> on_change);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  /// Why nothing is watched; "" when all is well.
  const std::string& error() const;
  /// Whether there were not too many folders to watch all of them.
  bool watches_all() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::mock
