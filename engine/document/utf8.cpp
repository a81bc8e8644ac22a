#include "engine/document/utf8.h"

namespace counterpart::document {

namespace {

struct Lead {
  size_t bytes;             ///< of the whole character; 0 for a byte that begins none
  unsigned char low, high;  ///< what the second byte may be; the others are 80..BF
};

/// Unicode, table 3-7.
Lead lead(unsigned char byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xC2) return {0, 0, 0};
  if (byte < 0xE0) return {2, 0x80, 0xBF};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte < 0xF0) return {3, 0x80, 0xBF};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte < 0xF4) return {4, 0x80, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

}  // namespace

Utf8Step utf8_step(std::string_view text, size_t at) {
  Lead expected = lead(static_cast<unsigned char>(text[at]));
  if (expected.bytes == 0) return {1, false};
  for (size_t i = 1; i < expected.bytes; ++i) {
    if (at + i == text.size()) return {i, false};
    const auto byte = static_cast<unsigned char>(text[at + i]);
    if (byte < expected.low || byte > expected.high) return {i, false};
    expected.low = 0x80;
    expected.high = 0xBF;
  }
  return {expected.bytes, true};
}

size_t utf8_count(std::string_view text) {
  size_t count = 0;
  for (size_t at = 0; at < text.size(); ++count) at += utf8_step(text, at).bytes;
  return count;
}

size_t utf8_find_invalid(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const Utf8Step step = utf8_step(text, at);
    if (!step.valid) return at;
    at += step.bytes;
  }
  return std::string_view::npos;
}

}  // namespace counterpart::document
