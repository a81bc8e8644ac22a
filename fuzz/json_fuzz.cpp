/// JSON text as it comes from outside: read or refused; what was read is written and read again the same.

#include <nlohmann/json.hpp>

#include "engine/document/json.h"
#include "engine/document/utf8.h"
#include "fuzz/inputs/input.h"
#include "fuzz/inputs/mutators.h"

using namespace counterpart;
using namespace counterpart::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = text_of(data, size);
  std::string error;
  const auto value = document::parse_json(text, &error);
  require(value.has_value() == error.empty(), "read or refused", error);
  if (value) {
    const std::string written = document::write_json(*value);
    const auto again = document::parse_json(written);
    require(again && document::write_json(*again) == written, "the same when read again", written);
    require(document::utf8_find_invalid(text) == std::string_view::npos, "only UTF-8 is JSON");
  }
  std::string quoted;
  document::append_json_string(quoted, text);
  const auto string = document::parse_json(quoted);
  require(string && string->is_string(), "any text is a string", quoted);
  if (document::utf8_find_invalid(text) == std::string_view::npos) require(*string == text, "the same string", quoted);
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t size_max, unsigned seed) {
  return mutate_json(data, size, size_max, seed);
}
