#pragma once
/// One change of one class each: the tables that the mutator draws from. Used by mutator.cpp only.

#include <span>
#include <string>
#include <string_view>

#include "engine/state/random.h"
#include "fuzz/responses/json_scan.h"
#include "fuzz/responses/variant.h"

namespace counterpart::fuzz {

/// An answer while it is changed.
class Draft {
 public:
  /// `documented` are the answers that parts may be taken from. All must outlive the draft.
  Draft(Variant& variant, const std::vector<Variant>& documented, state::Random& random, size_t body_bytes_max);

  Variant& variant() { return variant_; }
  http::Response& answer() { return variant_.answer; }
  const std::string& body() const { return variant_.answer.body; }
  const std::vector<Variant>& documented() const { return documented_; }
  /// Of a body that is well-formed JSON; else `well_formed` is false.
  const JsonScan& scan() const { return scan_; }

  size_t below(size_t bound) { return static_cast<size_t>(random_.below(bound)); }
  bool one_in(size_t count) { return below(count) == 0; }
  template <class T, size_t N>
  const T& one_of(const T (&choices)[N]) {
    return choices[below(N)];
  }
  template <class T>
  const T& one_of(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }

  /// One of the body's values that `fits` says yes to; nullptr: there is none.
  template <class Fits>
  const JsonValue* one_value(Fits fits) {
    std::vector<const JsonValue*> found;
    for (const JsonValue& value : scan_.values) {
      if (fits(value)) found.push_back(&value);
    }
    return found.empty() ? nullptr : one_of(found);
  }
  const JsonValue* one_value(JsonValue::Kind kind) {
    return one_value([kind](const JsonValue& value) { return value.kind == kind; });
  }

  std::string_view text_of(const JsonValue& value) const {
    return std::string_view(body()).substr(value.begin, value.end - value.begin);
  }
  std::string_view key_of(const JsonValue& value) const {
    return std::string_view(body()).substr(value.key_begin, value.key_end - value.key_begin);
  }
  /// With its key, where it has one.
  std::string_view member_text_of(const JsonValue& value) const {
    return std::string_view(body()).substr(value.member_begin(), value.end - value.member_begin());
  }
  /// "/sessions/0/id", fit to be printed; "the body" for all of it.
  std::string place_of(const JsonValue& value) const;

  size_t body_bytes_max() const { return body_bytes_max_; }
  /// Replaces bytes of the body. False, and nothing done, when it would grow past body_bytes_max(). The scan is old from
  /// then on.
  bool replace(size_t begin, size_t end, std::string_view text);

 private:
  Variant& variant_;
  const std::vector<Variant>& documented_;
  state::Random& random_;
  const size_t body_bytes_max_;
  JsonScan scan_;
};

/// Applies itself and says in words what it did; "" when it cannot, and then the draft is as it was.
using Change = std::string (*)(Draft&);

std::span<const Change> legal_changes();
std::span<const Change> nearly_legal_changes();
std::span<const Change> broken_changes();

/// Text for a message: what is not printable ASCII becomes `?`; cut where it is long.
std::string printable(std::string_view text);

}  // namespace counterpart::fuzz
