#include "engine/document/base64.h"

#include <cstdint>

namespace counterpart::document {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

uint32_t byte_at(std::string_view bytes, size_t i) {
  return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
}

}  // namespace

std::string base64(std::string_view bytes) {
  std::string result;
  result.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const uint32_t three = byte_at(bytes, i) << 16 | byte_at(bytes, i + 1) << 8 | byte_at(bytes, i + 2);
    result += alphabet[three >> 18];
    result += alphabet[three >> 12 & 63];
    result += i + 1 < bytes.size() ? alphabet[three >> 6 & 63] : '=';
    result += i + 2 < bytes.size() ? alphabet[three & 63] : '=';
  }
  return result;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string result;
  result.reserve(text.size() / 4 * 3);
  uint32_t bits = 0;
  const size_t end = text.find('=') == std::string_view::npos ? text.size() : text.find('=');
  for (size_t i = 0; i < end; ++i) {
    const size_t value = alphabet.find(text[i]);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<uint32_t>(value);
    if (i % 4 != 0) result += static_cast<char>(bits >> (6 - 2 * (i % 4)) & 0xFF);
  }
  // Lengths, padding and the bits that are left over: whatever is not as written here differs from what it means.
  if (base64(result) != text) return std::nullopt;
  return result;
}

}  // namespace counterpart::document
