/// What a server sends, into conformance's reader of answers. However the bytes are cut (the last byte says how, and whether
/// HEAD was asked), the same answers are read, or refused.

#include <fmt/format.h>

#include "conformance/answer_reader.h"
#include "fuzz/inputs/input.h"
#include "fuzz/inputs/pieces.h"

using namespace counterpart;
using namespace counterpart::fuzz;

namespace {

std::string read_all(const std::vector<std::string_view>& pieces, bool head) {
  constexpr size_t answers_max = 8;
  constexpr size_t body_bytes_max = 4096;
  std::string bytes, told;
  size_t next = 0;
  for (size_t i = 0; i < answers_max; ++i) {
    conformance::AnswerReader reader(head ? "HEAD" : "GET", body_bytes_max, bytes, [&](std::string& into) {
      if (next < pieces.size()) into += pieces[next];
      return next++ < pieces.size();
    });
    http::Response response;
    const auto end = reader.read(response);
    require(response.body.size() <= body_bytes_max, "a body within its limit");
    told += fmt::format("{}\n", static_cast<int>(end));
    if (end != conformance::AnswerReader::End::whole) break;  // why not may quote what came, which depends on the cut
    told += fmt::format("{} {}\n", response.status, response.body);
    for (const http::Header& header : response.headers) told += header.name + ": " + header.value + "\n";
  }
  return told;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes = text_of(data, size - 1);
  const bool head = data[size - 1] % 2 == 1;
  const std::string whole = read_all(bytes.empty() ? std::vector<std::string_view>() : std::vector{bytes}, head);
  const std::string cut = read_all(pieces_of(bytes, data[size - 1] / 2), head);
  require(whole == cut, "the same answers", whole + "\n" + cut);
  return 0;
}
