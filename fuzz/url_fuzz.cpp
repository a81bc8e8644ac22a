/// Request targets: taken apart or refused, and what was taken apart can be put together again.

#include "engine/http/url.h"
#include "fuzz/inputs/input.h"

using namespace counterpart;
using namespace counterpart::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = text_of(data, size);
  const std::string encoded = http::percent_encode(text);
  const bool has_nul = text.find('\0') != std::string_view::npos;
  require(http::percent_decode(encoded).has_value() != has_nul, "what is encoded can be decoded", encoded);
  if (!has_nul) require(http::percent_decode(encoded) == text, "and is the same", encoded);
  const auto target = http::parse_target(text);
  if (!target) return 0;
  require(text.starts_with(target->path) && target->path.starts_with('/'), "the path stands in front");
  std::string again;
  for (const std::string& segment : target->segments) again += "/" + http::percent_encode(segment);
  for (size_t i = 0; i < target->query.size(); ++i) {
    again += i == 0 ? '?' : '&';
    again += http::percent_encode(target->query[i].name) + "=" + http::percent_encode(target->query[i].value);
  }
  const auto second = http::parse_target(again);
  require(second && second->segments == target->segments, "the same segments again", again);
  require(second->query.size() == target->query.size(), "as many parameters again", again);
  for (size_t i = 0; i < target->query.size(); ++i) {
    require(second->query[i].name == target->query[i].name, "the same name again", again);
    require(second->query[i].value == target->query[i].value, "the same value again", again);
  }
  return 0;
}
