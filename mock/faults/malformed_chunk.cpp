#include "mock/faults/malformed_chunk.h"

#include <fmt/format.h>

#include "mock/faults/wire_parts.h"

namespace counterpart::mock::faults {

namespace {

/// No prefix of it is a hexadecimal number either: some clients would take that.
constexpr std::string_view no_size = "no-size\r\n";

}  // namespace

MalformedChunk::MalformedChunk(contract::Fields&, const contract::Reading&) {}

Transmission MalformedChunk::damage(Wire wire, state::Random&) const {
  remove_fields(wire.head, "Content-Length");
  set_field(wire.head, "Transfer-Encoding", "chunked");
  const std::string half = wire.body.substr(0, (wire.body.size() + 1) / 2);
  wire.body = half.empty() ? std::string() : fmt::format("{:x}\r\n{}\r\n", half.size(), half);
  if (!wire.is_to_head) wire.body += no_size;
  Transmission malformed = sent(std::move(wire));
  close(malformed);
  return malformed;
}

}  // namespace counterpart::mock::faults
