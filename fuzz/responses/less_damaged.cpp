#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "fuzz/responses/changes.h"
#include "fuzz/responses/differences.h"
#include "fuzz/responses/json_scan.h"
#include "fuzz/responses/mutator.h"

namespace counterpart::fuzz {

namespace {

constexpr size_t candidates_max = 256;
constexpr size_t candidate_bytes_max = 32u << 20;  ///< of all bodies together

class Repair {
 public:
  Repair(const Variant& documented, const Variant& found)
      : documented_(documented),
        found_(found),
        distance_(distance(documented, found)),
        is_json_(scan_json(found.answer.body).well_formed) {}

  std::vector<Variant> run() {
    undo_parts();
    undo_headers();
    undo_values();
    undo_bytes();
    return std::move(candidates_);
  }

 private:
  /// Adds it if it is nearer, new, and JSON if that was.
  void add(Variant candidate) {
    const size_t bytes = candidate.answer.body.size();
    if (candidates_.size() >= candidates_max || bytes_ + bytes > candidate_bytes_max) return;
    if (distance(documented_, candidate) >= distance_) return;
    if (is_same_answer(candidate.answer, documented_.answer)) return;
    if (is_json_ && !scan_json(candidate.answer.body).well_formed) return;
    const bool known = std::any_of(candidates_.begin(), candidates_.end(), [&](const Variant& other) {
      return is_same_answer(other.answer, candidate.answer);
    });
    if (known) return;
    bytes_ += bytes;
    candidate.changes = differences(documented_, candidate);
    candidates_.push_back(std::move(candidate));
  }

  void add_body(std::string body) {
    Variant candidate = found_;
    candidate.answer.body = std::move(body);
    add(std::move(candidate));
  }

  /// One part alone left as it was found, then one part alone put back.
  void undo_parts() {
    for (const bool keep : {true, false}) {
      for (const int part : {0, 1, 2}) {
        Variant candidate = keep ? documented_ : found_;
        const http::Response& from = keep ? found_.answer : documented_.answer;
        candidate.operation = documented_.operation;
        candidate.response = documented_.response;
        candidate.legality = found_.legality;
        if (part == 0) candidate.answer.body = from.body;
        if (part == 1) candidate.answer.headers = from.headers;
        if (part == 2) candidate.answer.status = from.status;
        add(std::move(candidate));
      }
    }
  }

  void undo_headers() {
    for (const http::Header& field : documented_.answer.headers) {
      Variant candidate = found_;
      candidate.answer.headers.set(field.name, field.value);
      add(std::move(candidate));
    }
    const http::Headers& headers = found_.answer.headers;
    for (size_t left_out = 0; left_out < headers.size(); ++left_out) {
      Variant candidate = found_;
      candidate.answer.headers = {};
      size_t i = 0;
      for (const http::Header& field : headers) {
        if (i++ != left_out) candidate.answer.headers.add(field.name, field.value);
      }
      add(std::move(candidate));
    }
  }

  void undo_values() {
    for (const Difference& one : json_differences(documented_.answer.body, found_.answer.body)) {
      std::string body = found_.answer.body;
      body.replace(one.begin, one.end - one.begin, one.documented);
      add_body(std::move(body));
    }
  }

  /// What is between the bytes that both begin with and those that both end with: put back or left out by halves, down
  /// to single bytes.
  void undo_bytes() {
    const std::string& from = documented_.answer.body;
    const std::string& to = found_.answer.body;
    const auto [prefix, suffix] = common_ends(from, to);
    const std::string head = to.substr(0, prefix);
    const std::string tail = to.substr(to.size() - suffix);
    const std::string wanted = from.substr(prefix, from.size() - prefix - suffix);
    const std::string middle = to.substr(prefix, to.size() - prefix - suffix);
    const size_t size = std::max(wanted.size(), middle.size());
    constexpr size_t pieces_max = 32;  // of one size
    for (size_t piece = (size + 1) / 2; piece > 0; piece = piece == 1 ? 0 : (piece + 1) / 2) {
      for (size_t i = 0; i < pieces_max && i * piece < size; ++i) {
        const size_t at = i * piece;
        if (wanted.size() == middle.size()) {
          add_body(head + middle.substr(0, at) + wanted.substr(at, piece) +
                   (at + piece < middle.size() ? middle.substr(at + piece) : "") + tail);
        }
        if (at < middle.size()) {
          add_body(head + middle.substr(0, at) + (at + piece < middle.size() ? middle.substr(at + piece) : "") + tail);
        }
      }
      if (piece <= wanted.size()) {
        add_body(head + wanted.substr(0, piece) + middle + tail);
        add_body(head + middle + wanted.substr(wanted.size() - piece) + tail);
      }
    }
  }

  const Variant& documented_;
  const Variant& found_;
  const size_t distance_;
  const bool is_json_;
  std::vector<Variant> candidates_;
  size_t bytes_ = 0;
};

}  // namespace

std::vector<Variant> less_damaged(const Variant& documented, const Variant& found) {
  return Repair(documented, found).run();
}

}  // namespace counterpart::fuzz
