#include "fuzz/server/feedback.h"

#include <algorithm>
#include <string>
#include <vector>

namespace counterpart::fuzz::server {

namespace {

constexpr size_t bytes_max = 64 * 1024;
constexpr size_t depth_max = 64;

/// FNV-1a.
uint64_t hashed(std::string_view bytes, uint64_t hash = 14695981039346656037u) {
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

uint64_t combined(uint64_t a, uint64_t b) {
  return (a ^ (b + 0x9e3779b97f4a7c15u + (a << 6) + (a >> 2))) * 0x100000001b3u;
}

/// One pass over JSON text, without a tree: the set of (path, type), lists' elements under one path. What is no JSON gives
/// some set as well.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text.substr(0, bytes_max)) { levels_.push_back({0, 0, 0}); }

  uint64_t scan() {
    while (at_ < text_.size() && levels_.size() < depth_max) step(text_[at_]);
    std::sort(seen_.begin(), seen_.end());
    seen_.erase(std::unique(seen_.begin(), seen_.end()), seen_.end());
    uint64_t shape = seen_.size();
    for (const uint64_t one : seen_) shape = combined(shape, one);
    return shape;
  }

 private:
  struct Level {
    uint64_t path;
    uint64_t key;  ///< of the value that comes next; 0 in a list
    size_t values;
  };

  void step(char c) {
    if (c == '"') return text();
    ++at_;
    if (c == '{' || c == '[') {
      value(c);
      levels_.push_back({combined(levels_.back().path, levels_.back().key), 0, 0});
    } else if ((c == '}' || c == ']') && levels_.size() > 1) {
      const Level ended = levels_.back();
      if (c == ']') note(combined(ended.path, std::min<size_t>(ended.values, 2) + 1));
      levels_.pop_back();
    } else if (c == '-' || (c >= '0' && c <= '9')) {
      at_ = std::min(text_.find_first_not_of("0123456789+-.eE", at_), text_.size());
      value('0');
    } else if (c >= 'a' && c <= 'z') {
      at_ = std::min(text_.find_first_not_of("abcdefghijklmnopqrstuvwxyz", at_), text_.size());
      value(c == 't' || c == 'f' ? 'b' : c);
    }
  }

  void text() {
    const size_t from = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_, text_.size());
    const std::string_view inside = text_.substr(from, at_ - from);
    at_ = std::min(at_ + 1, text_.size());
    const size_t next = text_.find_first_not_of(" \t\r\n", at_);
    if (next != std::string_view::npos && text_[next] == ':') {
      levels_.back().key = hashed(inside) | 1;
      at_ = next + 1;
    } else {
      value('"');
    }
  }

  void value(char type) {
    ++levels_.back().values;
    note(combined(combined(levels_.back().path, levels_.back().key), static_cast<uint64_t>(type)));
  }

  void note(uint64_t one) {
    constexpr size_t notes_max = 4096;
    if (seen_.size() < notes_max) seen_.push_back(one);
  }

  const std::string_view text_;
  size_t at_ = 0;
  std::vector<Level> levels_;
  std::vector<uint64_t> seen_;
};

}  // namespace

uint64_t body_shape(std::string_view body) { return Scanner(body).scan(); }

uint64_t tuple_of(const conformance::Exchange& exchange) {
  const bool answered = exchange.reply.kind == conformance::Reply::Kind::answered;
  uint64_t tuple = hashed(exchange.operation);
  tuple = combined(tuple, answered ? static_cast<uint64_t>(exchange.reply.response.status) : 0);
  tuple = combined(tuple, hashed(exchange.got));
  return answered ? combined(tuple, body_shape(exchange.reply.response.body)) : tuple;
}

}  // namespace counterpart::fuzz::server
