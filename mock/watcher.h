#pragma once
/// Tells when files in some folders change (inotify, Linux): what `--watch` waits for.

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace counterpart::mock {

class Watcher {
 public:
  /// Calls `on_change` on a thread of its own, once for changes that come close together, until it is destroyed. Folders
  /// are not watched deeply.
  Watcher(const std::vector<std::string>& folders, std::function<void()> on_change);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  /// Why nothing is watched; "" when all is well.
  const std::string& error() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::mock
