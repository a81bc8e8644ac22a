/// What a client sends, into the mock's connection loop. However the bytes are cut (the last byte says how), the same
/// requests are found, and every answer can be read by conformance's reader of answers.

#include "fuzz/inputs/input.h"
#include "fuzz/inputs/peer.h"

using namespace counterpart::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes = text_of(data, size - 1);
  const Conversation whole = converse({bytes});
  const Conversation cut = converse(pieces_of(bytes, data[size - 1]));
  require(whole.requests == cut.requests, "the same requests", whole.requests + "\n" + cut.requests);
  require(whole.answers == cut.answers, "the same answers", whole.answers + "\n" + cut.answers);
  return 0;
}
