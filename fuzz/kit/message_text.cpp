#include "fuzz/kit/message_text.h"

#include <fmt/format.h>

#include <optional>

namespace counterpart::fuzz {

namespace {

constexpr std::string_view version = "HTTP/1.1 ";

/// The next line without its end; nullopt when there is none.
std::optional<std::string_view> take_line(std::string_view& bytes) {
  const size_t end = bytes.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view line = bytes.substr(0, end);
  bytes.remove_prefix(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// One to four digits; 0 for anything else.
int status_of(std::string_view text) {
  if (text.empty() || text.size() > 4) return 0;
  int status = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return 0;
    status = status * 10 + (c - '0');
  }
  return status;
}

/// Sets operation and response, if the contract has them.
void find_response(std::string_view name, const contract::Contract& contract, Variant& variant) {
  const size_t slash = name.find('/');
  const contract::Operation* operation = contract.find_operation(name.substr(0, slash));
  if (operation == nullptr || slash == std::string_view::npos) return;
  const contract::Response* response = operation->find_response(name.substr(slash + 1));
  if (response == nullptr) return;
  variant.operation = operation;
  variant.response = response;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string write_message(const Variant& variant) {
  std::string text = fmt::format("{}{} {}\n", version, variant.answer.status, name_of(variant));
  for (const http::Header& field : variant.answer.headers) text += field.name + ": " + field.value + "\n";
  return text + "\n" + variant.answer.body;
}

Variant read_message(std::string_view bytes, const Variant& first, const contract::Contract& contract) {
  Variant variant;
  variant.operation = first.operation;
  variant.response = first.response;
  std::string_view rest = bytes;
  const auto line = take_line(rest);
  if (!line || !line->starts_with(version)) {
    variant.answer = first.answer;
    variant.answer.body = bytes.substr(0, Variant::body_bytes_max);
    return variant;
  }
  const std::string_view status_and_name = line->substr(version.size());
  const size_t space = status_and_name.find(' ');
  variant.answer.status = status_of(status_and_name.substr(0, space));
  if (space != std::string_view::npos) find_response(status_and_name.substr(space + 1), contract, variant);
  for (;;) {
    const auto field = take_line(rest);
    if (!field) {
      rest = {};
      break;
    }
    if (field->empty()) break;
    const size_t colon = field->find(':');
    if (variant.answer.headers.size() >= headers_max) continue;
    const std::string_view value = colon == std::string_view::npos ? "" : trimmed(field->substr(colon + 1));
    variant.answer.headers.add(std::string(field->substr(0, colon)), std::string(value));
  }
  variant.answer.body = rest.substr(0, Variant::body_bytes_max);
  return variant;
}

}  // namespace counterpart::fuzz
