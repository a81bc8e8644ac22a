#pragma once
/// What fuzz targets share: bytes of the input taken one piece at a time, and the word for "this must hold".

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace counterpart::fuzz {

/// An invariant of a target. Ends the program where it does not hold, which is what a fuzzer looks for.
inline void require(bool holds, std::string_view what, std::string_view of = {}) {
  if (holds) return;
  const std::string message = "does not hold: " + std::string(what) + "\n" + std::string(of) + "\n";
  std::fwrite(message.data(), 1, message.size(), stderr);
  std::abort();
}

inline std::string_view text_of(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Cuts a text at the first line that is `separator`; `text` is then what follows it.
inline std::string_view take_part(std::string_view& text, std::string_view separator = "\n---\n") {
  const size_t at = text.find(separator);
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + separator.size());
  return part;
}

/// Reads bytes from the front; past the end all are 0.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  bool at_end() const { return at_ >= bytes_.size(); }
  size_t offset() const { return at_; }
  uint8_t byte() { return at_end() ? uint8_t{0} : static_cast<uint8_t>(bytes_[at_++]); }
  size_t below(size_t bound) { return byte() % bound; }
  /// A byte that says how many bytes follow, then those.
  std::string_view text() {
    const std::string_view text = bytes_.substr(std::min(at_ + 1, bytes_.size())).substr(0, byte());
    at_ += text.size();
    return text;
  }

 private:
  std::string_view bytes_;
  size_t at_ = 0;
};

}  // namespace counterpart::fuzz
