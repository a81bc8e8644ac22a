#include "mock/watcher.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <optional>
#include <thread>
#include <unordered_map>

#include "mock/watched_places.h"

namespace counterpart::mock {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// An editor writes a file in several steps, and a checkout many files: what comes within this time is one change.
constexpr milliseconds settle_time{50};
/// Changes that never stop are told all the same.
constexpr milliseconds settle_time_max{1'000};

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int operator*() const { return number_; }

 private:
  const int number_;
};

/// Whether something new is there as it will be; a file that was just opened is still to be written.
bool is_finished(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return true;
  return !S_ISREG(found.st_mode) || found.st_nlink > 1;
}

/// The folders as they were at one time.
class Watch {
 public:
  /// Why the paths cannot be watched; "" when they can.
  std::string add(const std::vector<std::string>& paths) {
    constexpr int tries_max = 3;  // a folder that is made meanwhile is found when looking again
    for (int i = 0; i < tries_max; ++i) {
      const WatchedPlaces places = watched_places(paths);
      is_whole_ = places.is_whole;
      for (const auto& [folder, place] : places.folders) {
        const int number = ::inotify_add_watch(*changes_, folder.c_str(), changes);
        if (number >= 0) {
          places_[number] = {folder, place};
        } else if (place.is_given) {  // what is on the way need not be readable
          return fmt::format("cannot watch {}: {}", folder, std::strerror(errno));
        }
      }
      if (places == watched_places(paths)) break;
    }
    return {};
  }

  /// Takes what came; whether any of it matters.
  bool take() {
    bool matters = false;
    alignas(inotify_event) std::array<char, 4096> events;
    for (ssize_t bytes; (bytes = ::read(*changes_, events.data(), events.size())) > 0;) {
      for (ssize_t at = 0; at < bytes;) {
        const auto* event = reinterpret_cast<const inotify_event*>(events.data() + at);
        matters = is_about_us(*event) || matters;
        at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
      }
    }
    return matters;
  }

  int descriptor() const { return *changes_; }
  bool is_whole() const { return is_whole_; }

 private:
  static constexpr uint32_t changes =
      IN_CLOSE_WRITE | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF;
  struct Folder {
    std::string path;
    WatchedPlace place;
  };

  bool is_about_us(const inotify_event& event) const {
    if ((event.mask & IN_Q_OVERFLOW) != 0) return true;
    const auto found = places_.find(event.wd);
    if (found == places_.end() || (event.mask & IN_IGNORED) != 0) return false;
    const auto& [path, place] = found->second;
    const std::string name = event.len == 0 ? "" : event.name;
    if (!place.all && !place.names.contains(name)) return false;
    return (event.mask & IN_CREATE) == 0 || is_finished(path + "/" + name);
  }

  Descriptor changes_{::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
  std::unordered_map<int, Folder> places_;
  bool is_whole_ = true;
};

}  // namespace

class Watcher::Impl {
 public:
  Impl(std::vector<std::string> paths, std::function<void()> on_change)
      : paths_(std::move(paths)), on_change_(std::move(on_change)), watch_(std::make_unique<Watch>()) {
    error_ = watch_->add(paths_);
    watches_all_ = watch_->is_whole();
    if (error_.empty()) thread_ = std::thread([this] { run(); });
  }

  ~Impl() {
    if (!thread_.joinable()) return;
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(*end_, &one, sizeof one);
    thread_.join();
  }

  std::string error_;
  bool watches_all_ = true;

 private:
  void run() {
    std::optional<Clock::time_point> due, due_max;
    for (;;) {
      std::array<pollfd, 2> wanted{{{watch_->descriptor(), POLLIN, 0}, {*end_, POLLIN, 0}}};
      const int ready = ::poll(wanted.data(), wanted.size(), due ? ms_until(*due) : -1);
      if (wanted[1].revents != 0 || (ready < 0 && errno != EINTR)) return;
      if (ready > 0 && wanted[0].revents != 0 && watch_->take()) {
        const Clock::time_point now = Clock::now();
        if (!due) due_max = now + settle_time_max;
        due = std::min(now + settle_time, *due_max);
      }
      if (!due || Clock::now() < *due) continue;
      due.reset();
      // First watched anew, then told: whatever changes while it is being read is told again.
      auto renewed = std::make_unique<Watch>();
      renewed->add(paths_);
      watch_ = std::move(renewed);
      on_change_();
    }
  }

  static int ms_until(Clock::time_point time) {
    const auto left = std::chrono::ceil<milliseconds>(time - Clock::now());
    return static_cast<int>(std::max(left, milliseconds(0)).count());
  }

  const std::vector<std::string> paths_;
  const std::function<void()> on_change_;
  std::unique_ptr<Watch> watch_;
  Descriptor end_{::eventfd(0, EFD_CLOEXEC)};
  std::thread thread_;
};

Watcher::Watcher(std::vector<std::string> paths, std::function<void()> on_change)
    : impl_(std::make_unique<Impl>(std::move(paths), std::move(on_change))) {}
Watcher::~Watcher() = default;

const std::string& Watcher::error() const { return impl_->error_; }
bool Watcher::watches_all() const { return impl_->watches_all_; }

}  // namespace counterpart::mock
