#include "mock/worker.h"

#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#endif

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include "mock/session.h"

namespace counterpart::mock {
namespace {

constexpr std::chrono::milliseconds sweep_time{100};
/// About as long as it takes to wake a processor that was put to sleep.
constexpr std::chrono::microseconds awake_for{100};

/// Those that this process may run on.
size_t usable_processors() {
#ifdef __linux__
  cpu_set_t usable;
  if (::sched_getaffinity(0, sizeof usable, &usable) == 0) return static_cast<size_t>(CPU_COUNT(&usable));
#endif
  return std::thread::hardware_concurrency();
}

}  // namespace

class Worker::Impl {
 public:
  Impl(const ServerOptions& options, size_t workers, Handler& handler, std::atomic<size_t>& connections)
      : limits_(options.limits),
        connections_(connections),
        host_{limits_,
              limits_.held_bytes_max / workers,
              Codec(handler),
              options.tls.get(),
              [this](Session& session) { remove(session); },
              [this] { wait_awake(); }} {}

  void run();
  void adopt(int descriptor, bool is_v6, bool refused);
  void stop();

 private:
  friend class Worker;

  void remove(Session& session);
  void wait_awake();
  void stay_awake();
  void wait_for_sweep();
  void sweep();
  void end_if_done();

  const Limits& limits_;
  std::atomic<size_t>& connections_;
  SessionHost host_;
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
  asio::steady_timer sweeper_{context_};
  std::vector<std::shared_ptr<Session>> sessions_;
  Session::Clock::time_point awake_until_;
  bool is_awake_ = false;
  bool sweeping_ = false;
  bool stopping_ = false;
  size_t cut_answers_ = 0;
  Session::Clock::time_point stop_deadline_;
  std::thread thread_;
};

void Worker::Impl::run() {
  for (;;) {
    try {
      context_.run();
      return;
    } catch (const std::exception&) {
      // No memory: that session stands still until its time is up. The others go on.
      host_.out.clear();
    }
  }
}

void Worker::Impl::adopt(int descriptor, bool is_v6, bool refused) {
  Session::Stream stream(context_);
  asio::error_code error;
  stream.assign(is_v6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), descriptor, error);
  if (error) {
    ::close(descriptor);
    --connections_;
    return;
  }
  auto session = std::make_shared<Session>(host_, std::move(stream));
  session->index = sessions_.size();
  sessions_.push_back(session);
  wait_for_sweep();
  session->start();
  if (refused) session->refuse(503, "There are too many connections.");
}

void Worker::Impl::remove(Session& session) {
  const size_t index = session.index;
  if (index + 1 != sessions_.size()) {
    sessions_[index].swap(sessions_.back());
    sessions_[index]->index = index;
  }
  sessions_.pop_back();
  --connections_;
  end_if_done();
}

/// A client that asks one thing after the other is answered sooner by a thread that has not gone to sleep. As many clients
/// as there are processors need these for themselves.
void Worker::Impl::wait_awake() {
  static const size_t processors = usable_processors();
  if (connections_ >= processors) return;
  awake_until_ = Session::Clock::now() + awake_for;
  if (!is_awake_) stay_awake();
}

/// Comes back until the time is over: while there is something to do, the context looks at its sockets without waiting.
void Worker::Impl::stay_awake() {
  is_awake_ = false;
  if (Session::Clock::now() >= awake_until_) return;
  std::this_thread::yield();
  asio::post(context_, [this] { stay_awake(); });
  is_awake_ = true;
}

/// One timer for all sessions, running only while there are any.
void Worker::Impl::wait_for_sweep() {
  if (sweeping_ || sessions_.empty()) return;
  sweeping_ = true;
  sweeper_.expires_after(sweep_time);
  sweeper_.async_wait([this](const asio::error_code&) {
    sweeping_ = false;
    sweep();
    wait_for_sweep();
  });
}

void Worker::Impl::sweep() {
  const auto now = Session::Clock::now();
  // Backwards: a session that closes gives its place to the last, which was already looked at.
  for (size_t i = sessions_.size(); i-- > 0;) {
    const std::shared_ptr<Session> session = sessions_[i];
    if (stopping_ && now >= stop_deadline_) {
      if (session->answers()) ++cut_answers_;
      session->cut();
    } else {
      session->sweep(now);
    }
  }
}

void Worker::Impl::stop() {
  stopping_ = true;
  stop_deadline_ = Session::Clock::now() + limits_.stop_time;
  for (size_t i = sessions_.size(); i-- > 0;) {
    const std::shared_ptr<Session> session = sessions_[i];
    session->stop();
  }
  work_.reset();
  end_if_done();
}

void Worker::Impl::end_if_done() {
  if (stopping_ && sessions_.empty()) sweeper_.cancel();
}

Worker::Worker(const ServerOptions& options, size_t workers, Handler& handler, std::atomic<size_t>& connections)
    : impl_(std::make_unique<Impl>(options, workers, handler, connections)) {}
Worker::~Worker() { join(); }

asio::io_context& Worker::context() { return impl_->context_; }

void Worker::start() {
  impl_->thread_ = std::thread([impl = impl_.get()] { impl->run(); });
}

void Worker::adopt(int descriptor, bool is_v6, bool refused) {
  asio::post(impl_->context_,
             [impl = impl_.get(), descriptor, is_v6, refused] { impl->adopt(descriptor, is_v6, refused); });
}

void Worker::stop() {
  asio::post(impl_->context_, [impl = impl_.get()] { impl->stop(); });
}

size_t Worker::cut_answers() const { return impl_->cut_answers_; }

void Worker::join() {
  if (impl_->thread_.joinable()) impl_->thread_.join();
}

}  // namespace counterpart::mock
