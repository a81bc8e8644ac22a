#include "mock/watcher.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <thread>

namespace counterpart::mock {

namespace {

/// An editor writes a file in several steps; what comes within this time is one change.
constexpr int settle_ms = 50;

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

}  // namespace

class Watcher::Impl {
 public:
  Impl(const std::vector<std::string>& folders, std::function<void()> on_change) : on_change_(std::move(on_change)) {
    constexpr uint32_t changes = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE;
    for (const std::string& folder : folders) {
      if (::inotify_add_watch(*changes_, folder.c_str(), changes) >= 0) continue;
      error_ = fmt::format("cannot watch {}: {}", folder, std::strerror(errno));
      return;
    }
    thread_ = std::thread([this] { run(); });
  }

  ~Impl() {
    if (!thread_.joinable()) return;
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(*end_, &one, sizeof one);
    thread_.join();
  }

  std::string error_;

 private:
  void run() {
    bool changed = false;
    for (;;) {
      std::array<pollfd, 2> wanted{{{*changes_, POLLIN, 0}, {*end_, POLLIN, 0}}};
      const int ready = ::poll(wanted.data(), wanted.size(), changed ? settle_ms : -1);
      if (wanted[1].revents != 0 || (ready < 0 && errno != EINTR)) return;
      if (ready == 0 && changed) {
        changed = false;
        on_change_();
      }
      if (wanted[0].revents == 0) continue;
      alignas(inotify_event) std::array<char, 4096> events;
      changed = ::read(*changes_, events.data(), events.size()) > 0 || changed;
    }
  }

  const std::function<void()> on_change_;
  Descriptor changes_{::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
  Descriptor end_{::eventfd(0, EFD_CLOEXEC)};
  std::thread thread_;
};

Watcher::Watcher(const std::vector<std::string>& folders, std::function<void()> on_change)
    : impl_(std::make_unique<Impl>(folders, std::move(on_change))) {}
Watcher::~Watcher() = default;

const std::string& Watcher::error() const { return impl_->error_; }

}  // namespace counterpart::mock
