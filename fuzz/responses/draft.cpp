#include "engine/http/media_type.h"
#include "fuzz/responses/changes.h"

namespace counterpart::fuzz {

std::string printable(std::string_view text) {
  constexpr size_t shown_bytes_max = 80;
  std::string out;
  for (const char c : text.substr(0, shown_bytes_max)) out += c >= 0x20 && c < 0x7F ? c : '?';
  return text.size() > shown_bytes_max ? out + "..." : out;
}

Draft::Draft(Variant& variant, const std::vector<Variant>& documented, state::Random& random, size_t body_bytes_max)
    : variant_(variant), documented_(documented), random_(random), body_bytes_max_(body_bytes_max) {
  const std::string* said = variant.answer.headers.find("Content-Type");
  const bool is_json = http::is_json(said == nullptr ? variant.response->content_type : *said);
  if (!is_json || body().empty()) return;
  scan_ = scan_json(body());
  if (!scan_.well_formed) scan_ = {};
}

std::string Draft::place_of(const JsonValue& value) const {
  const auto index = static_cast<uint32_t>(&value - scan_.values.data());
  const std::string pointer = pointer_to(scan_, body(), index);
  return pointer.empty() ? "the body" : printable(pointer);
}

bool Draft::replace(size_t begin, size_t end, std::string_view text) {
  std::string& bytes = variant_.answer.body;
  const size_t size = bytes.size() - (end - begin) + text.size();
  if (size > body_bytes_max_ && size > bytes.size()) return false;
  bytes.replace(begin, end - begin, text);
  return true;
}

}  // namespace counterpart::fuzz
