#include "fuzz/server/revival.h"

#include <chrono>
#include <thread>

namespace counterpart::fuzz::server {

using conformance::Conversation;
using conformance::EnvironmentError;
using conformance::Reply;

class Waiting final : public Conversation {
 public:
  Waiting(Revival& revival, std::unique_ptr<Conversation> inner) : revival_(revival), inner_(std::move(inner)) {
    is_fresh = inner_->is_fresh;
    has_given = inner_->has_given;
  }

  Reply send(const http::Request& request, bool) override {
    ++revival_.requests_;
    Reply reply = inner_->send(request, false);
    if (reply.kind == Reply::Kind::unreachable && revival_.was_there_) {
      if (reply.is_refused) revival_.note_refusal();
      revival_.wait_for([&] {
        reply = inner_->send(request, false);
        return reply.kind != Reply::Kind::unreachable;
      });
    }
    if (reply.kind != Reply::Kind::unreachable) revival_.note_there(reply.kind != Reply::Kind::answered);
    return reply;
  }

  http::Request as_sent(const http::Request& request) const override { return inner_->as_sent(request); }
  std::string url(const std::string& request_target) const override { return inner_->url(request_target); }
  std::string advance(int64_t ms) override { return inner_->advance(ms); }

 private:
  Revival& revival_;
  const std::unique_ptr<Conversation> inner_;
};

std::unique_ptr<Conversation> Revival::open() {
  std::unique_ptr<Conversation> inner;
  const auto opens = [&] {
    try {
      inner = target_.open(nullptr);
      return true;
    } catch (const EnvironmentError&) {
      return false;
    }
  };
  if (!was_there_ || (!opens() && !wait_for(opens))) inner = target_.open(nullptr);
  return std::make_unique<Waiting>(*this, std::move(inner));
}

void Revival::note_refusal() {
  if (!has_answered_) return;
  ++unexplained_;
  unexplained_at_ = requests_;
}

bool Revival::wait_for(const std::function<bool()>& is_there) {
  ++absences_;
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(wait_ms_);
  while (std::chrono::steady_clock::now() < until && !is_over_()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    if (is_there()) return true;
  }
  return false;
}

}  // namespace counterpart::fuzz::server
