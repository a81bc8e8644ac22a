#pragma once
/// JSON text as it is written: where each value stands, so that it can be changed without changing anything else of the
/// text. Strict (RFC 8259, UTF-8; a byte order mark in front is skipped, as section 8.1 allows), and without recursion,
/// for texts as deep as they like. Used by the judge, the mutator and its shrinker.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace counterpart::fuzz {

struct JsonValue {
  enum class Kind : uint8_t { null, boolean, number, text, list, map };
  static constexpr uint32_t nobody = UINT32_MAX;

  Kind kind = Kind::null;
  uint32_t begin = 0, end = 0;          ///< of the value
  uint32_t key_begin = 0, key_end = 0;  ///< of the key with its quotes; empty: it is no member of a map
  uint32_t parent = nobody;             ///< among JsonScan::values
  uint32_t index = 0;                   ///< among its siblings
  uint32_t children = 0;

  bool is_member() const { return key_end > key_begin; }
  bool is_container() const { return kind == Kind::list || kind == Kind::map; }
  uint32_t member_begin() const { return is_member() ? key_begin : begin; }
};

struct JsonScan {
  bool well_formed = false;
  bool duplicate_keys = false;       ///< after escapes are read
  uint32_t depth = 0;                ///< of lists and maps within each other
  std::vector<JsonValue> values;     ///< those in front, in the order of the text; at most values_max
  std::vector<uint32_t> boundaries;  ///< where white space may stand: in front of and behind tokens; cut likewise

  static constexpr size_t values_max = 20'000;

  /// The members or items of a value, as far as they are among `values`.
  std::vector<uint32_t> children_of(uint32_t value) const;
};

/// Values and boundaries up to the first error, too.
JsonScan scan_json(std::string_view text);

/// What a string token with its quotes means, as UTF-8; a surrogate without its other half becomes U+FFFD.
std::string text_of_token(std::string_view token);

/// JSON Pointer (RFC 6901) to a value of a scan.
std::string pointer_to(const JsonScan& scan, std::string_view text, uint32_t value);

}  // namespace counterpart::fuzz
