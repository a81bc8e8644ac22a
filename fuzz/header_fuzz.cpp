/// Header fields, one a line, and the Prefer header: names compare without case, values hold no control character.

#include "engine/http/media_type.h"
#include "engine/http/message.h"
#include "fuzz/inputs/input.h"

using namespace counterpart;
using namespace counterpart::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t fields_max = 100;
  std::string_view text = text_of(data, size);
  const auto preferences = http::parse_prefer(text);
  require(preferences.size() <= http::preferences_max, "a bound on preferences");
  for (const auto& [name, value] : preferences) require(name == http::lower_case(name), "names in lower case", name);
  http::Headers headers;
  for (size_t i = 0; i < fields_max && !text.empty(); ++i) {
    std::string_view line = take_part(text, "\n");
    const std::string name(take_part(line, ":"));
    const std::string value = http::field_value(std::string(line));
    require(value.size() == line.size(), "as many bytes");
    for (const char c : value)
      require(static_cast<unsigned char>(c) >= ' ' || c == '\t', "no control character", value);
    const size_t before = headers.size();
    const bool known = headers.find(name) != nullptr;
    if (i % 2 == 0) {
      headers.set(name, value);
      require(*headers.find(http::lower_case(name)) == value, "what was set is found", name);
      require(known || headers.size() == before + 1, "added where there was none", name);
    } else {
      headers.add(name, value);
      require(headers.size() == before + 1, "added", name);
    }
    require(http::is_token(name) == http::is_token(http::lower_case(name)), "case does not matter", name);
  }
  return 0;
}
