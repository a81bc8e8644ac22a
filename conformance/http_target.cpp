#include "conformance/http_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "conformance/duration_text.h"
#include "conformance/hooks.h"
#include "conformance/http_client.h"
#include "conformance/reproduce.h"
#include "conformance/request_writer.h"
#include "conformance/target_url.h"

namespace counterpart::conformance {
namespace {

using Clock = std::chrono::steady_clock;

/// Spaces requests evenly. A second in which nothing was sent is lost: nothing is made up for in a burst.
class Pace {
 public:
  explicit Pace(double per_second)
      : interval_(per_second <= 0
                      ? Clock::duration(0)
                      : std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / per_second))) {}

  void wait() {
    if (interval_ == Clock::duration(0)) return;
    Clock::time_point turn;
    {
      const std::lock_guard lock(mutex_);
      turn = std::max(next_, Clock::now());
      next_ = turn + interval_;
    }
    std::this_thread::sleep_until(turn);
  }

 private:
  const Clock::duration interval_;
  std::mutex mutex_;
  Clock::time_point next_;
};

std::chrono::milliseconds pause_before(int attempt) {
  return std::min(std::chrono::milliseconds(50 << std::min(attempt, 10)), std::chrono::milliseconds(1'000));
}

/// What all conversations with a target share.
struct Shared {
  Shared(const TargetSettings& target_settings, Connections use_of_connections)
      : settings(target_settings),
        connections(target_settings.hooks.before_scenario ? Connections::of_one_case : use_of_connections),
        url(checked(settings.url)),
        trust(settings),
        pace(settings.limits.requests_per_second) {
    hook_limits.timeout_ms = hook_timeout_ms;
  }

  static TargetUrl checked(const std::string& url) {
    std::string problem;
    auto parsed = parse_target_url(url, problem);
    if (!parsed) throw EnvironmentError(fmt::format("{}: {}", url, problem));
    return *std::move(parsed);
  }

  /// The request as it is sent to the target: below the base, with Host and the settings' headers. A header that the
  /// request has is the request's, but for Host, which a contract cannot know.
  http::Request prepared(const http::Request& request) const {
    http::Request out = request;
    out.target = url.base + request.target;
    std::string host = url.authority;
    for (const auto& [name, value] : settings.headers) {
      if (http::equal_ignoring_case(name, "Host")) {
        host = value;
      } else if (out.headers.find(name) == nullptr) {
        out.headers.add(name, value);
      }
    }
    out.headers.set("Host", host);
    return out;
  }

  void run(std::string_view name, const std::optional<Hook>& hook, const std::string& scenario,
           int64_t advance_ms) const {
    if (!hook) return;
    run_hook(name, *hook, {settings.url, scenario, advance_ms},
             [this](const http::Request& request) { return send(request); });
  }

  /// Of a hook: to the target with its headers, or to somebody else without them.
  Reply send(const http::Request& request) const {
    if (request.target.starts_with('/')) {
      const std::lock_guard lock(hook_mutex);
      return hook_client.send(prepared(request), false);
    }
    const size_t query = std::min(request.target.find('?'), request.target.size());
    Reply failed;
    const auto other = parse_target_url(request.target.substr(0, query), failed.error);
    failed.kind = Reply::Kind::unreachable;
    if (!other) return failed;
    http::Request absolute = request;
    const size_t path = request.target.find('/', request.target.find("://") + 3);
    absolute.target = path > query ? "/" + request.target.substr(query) : request.target.substr(path);
    if (absolute.headers.find("Host") == nullptr) absolute.headers.add("Host", other->authority);
    return HttpClient(*other, trust, hook_limits).send(absolute);
  }

  /// One that an earlier case is done with, or a new one. A server may close a kept connection at any time: what must not
  /// be repeated is not sent on it.
  std::unique_ptr<HttpClient> take_client(bool may_repeat) {
    std::unique_ptr<HttpClient> client;
    {
      const std::lock_guard lock(idle_mutex);
      if (!idle.empty()) {
        client = std::move(idle.back());
        idle.pop_back();
      }
    }
    if (client == nullptr) return std::make_unique<HttpClient>(url, trust, settings.limits);
    if (!may_repeat) client->disconnect();
    return client;
  }

  void close_idle_clients() {
    const std::lock_guard lock(idle_mutex);
    idle.clear();
  }

  void give_back(std::unique_ptr<HttpClient> client) {
    const std::lock_guard lock(idle_mutex);
    idle.push_back(std::move(client));
  }

  const TargetSettings settings;
  const Connections connections;
  const TargetUrl url;
  const Trust trust;
  Limits hook_limits;
  Pace pace;
  std::mutex idle_mutex;
  std::vector<std::unique_ptr<HttpClient>> idle;
  mutable std::mutex hook_mutex;
  mutable HttpClient hook_client{url, trust, hook_limits};  ///< kept: a hook before each case is many
};

class HttpConversation final : public Conversation {
 public:
  HttpConversation(Shared& shared, std::string scenario) : shared_(shared), scenario_(std::move(scenario)) {}
  ~HttpConversation() override {
    if (client_ != nullptr && may_pass_on_) shared_.give_back(std::move(client_));
  }

  Reply send(const http::Request& request, bool may_repeat) override {
    const http::Request prepared = shared_.prepared(request);
    if (client_ == nullptr) client_ = shared_.take_client(may_repeat);
    for (int attempt = 1;; ++attempt) {
      shared_.pace.wait();
      Reply reply = client_->send(prepared, may_repeat);
      reply.attempts = attempt;
      may_pass_on_ = may_pass_on_ && leaves_nothing_behind(request, reply);
      if (attempt > shared_.settings.limits.retries || !client_->may_repeat()) return reply;
      std::this_thread::sleep_for(pause_before(attempt));
    }
  }

  http::Request as_sent(const http::Request& request) const override {
    http::Request out = shared_.prepared(request);
    out.headers = written_headers(out);
    out.target = request.target;
    return out;
  }

  std::string url(const std::string& request_target) const override { return shared_.url.of(request_target); }

  std::string advance(int64_t ms) override {
    const int64_t wait_ms_max = shared_.settings.limits.wait_ms;
    if (ms <= 0) return {};
    if (shared_.settings.hooks.advance_clock) {
      shared_.run("advance-clock", shared_.settings.hooks.advance_clock, scenario_, ms);
      return {};
    }
    if (ms > wait_ms_max) {
      return fmt::format(
          "the clock would have to move by {}; the target has no advance-clock hook, and waits are at most {}",
          duration_text(ms), duration_text(wait_ms_max));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    return {};
  }

 private:
  /// Whether a server, a wrong one too, has nothing to take for the next request, or to send before its answer: a body
  /// left unread, a body where none belongs.
  static bool leaves_nothing_behind(const http::Request& request, const Reply& reply) {
    const int status = reply.response.status;
    return reply.kind == Reply::Kind::answered && request.body.empty() && request.method != "HEAD" && status != 204 &&
           status != 304;
  }

  Shared& shared_;
  const std::string scenario_;
  std::unique_ptr<HttpClient> client_;  ///< nullptr: nothing was sent
  bool may_pass_on_ = shared_.connections == Connections::of_many_cases;
};

class HttpTarget final : public Target {
 public:
  HttpTarget(const TargetSettings& settings, Connections connections) : shared_(settings, connections) {}

  std::string description() const override { return shared_.settings.url; }

  std::string curl_options() const override {
    const TargetSettings& settings = shared_.settings;
    std::string options;
    const auto add = [&](const char* option, const std::string& file) {
      if (!file.empty()) options += fmt::format("{}{} {}", options.empty() ? "" : " ", option, shell_word(file));
    };
    if (settings.insecure && shared_.url.tls) options = "--insecure";
    add("--cacert", settings.authorities);
    add("--cert", settings.client_certificate);
    add("--key", settings.client_key);
    return options;
  }

  std::unique_ptr<Conversation> open(const scenario::Scenario* scenario) override {
    const std::string name = scenario == nullptr ? "" : scenario->name;
    const auto& hook = shared_.settings.hooks.before_scenario;
    const bool first = !was_opened_.exchange(true);
    shared_.run("before-scenario", hook, name, 0);
    auto conversation = std::make_unique<HttpConversation>(shared_, name);
    conversation->is_fresh = hook || (first && shared_.settings.starts_as_contract);
    return conversation;
  }

  bool is_isolated() const override { return false; }
  bool resets() const override { return shared_.settings.hooks.before_scenario.has_value(); }
  bool is_known() const override { return shared_.settings.starts_as_contract || resets(); }
  void before_run() override { shared_.run("before-run", shared_.settings.hooks.before_run, "", 0); }
  void after_run() override {
    shared_.close_idle_clients();  // a server that is told to end may wait for its clients
    shared_.run("after-run", shared_.settings.hooks.after_run, "", 0);
  }

 private:
  Shared shared_;
  std::atomic<bool> was_opened_ = false;
};

}  // namespace

std::unique_ptr<Target> make_http_target(const TargetSettings& settings, Connections connections) {
  return std::make_unique<HttpTarget>(settings, connections);
}

}  // namespace counterpart::conformance
