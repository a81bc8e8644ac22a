/// Media types: their essence is a media type too, whatever the parameters and the case.

#include "engine/http/media_type.h"
#include "engine/http/message.h"
#include "fuzz/inputs/input.h"

using namespace counterpart;
using namespace counterpart::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = text_of(data, size);
  const std::string essence = http::essence(text);
  require(http::essence(essence) == essence, "the essence of an essence", essence);
  require(http::is_json(text) == http::is_json(essence), "JSON by its essence", essence);
  require(http::is_json(text) == http::is_json(http::lower_case(text)), "case does not matter");
  if (http::is_media_type(text)) {
    require(http::is_media_type(essence), "a media type without its parameters", essence);
    require(http::is_media_type(std::string(text) + "; charset=utf-8"), "another parameter");
  }
  require(http::is_media_type(http::media_type_of_file(text)), "a file has a media type");
  return 0;
}
