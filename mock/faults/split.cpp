#include "mock/faults/split.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpart::mock::faults {

namespace {

/// Long enough for a client that waits for the piece to have read it before the next one comes.
constexpr std::chrono::milliseconds pause(20);
constexpr size_t offsets_max = 1000;
constexpr Offset middle{true, 50 * Offset::units_per_percent};

}  // namespace

Split::Split(contract::Fields& settings, const contract::Reading& reading) : from_(load_from(settings)) {
  const document::Node* at = settings.find("at");
  if (at == nullptr) {
    at_.push_back(middle);
  } else if (!at->is(document::Kind::list)) {
    at_.push_back(load_offset(at, reading));
  } else if (at->items.empty() || at->items.size() > offsets_max) {
    reading.error(at->at, fmt::format("expected 1 to {} offsets, found {}", offsets_max, at->items.size()),
                  "for example [10, 50%]");
  } else {
    for (const document::Node& offset : at->items) at_.push_back(load_offset(&offset, reading));
  }
}

Transmission Split::damage(Wire wire, state::Random&) const {
  std::vector<size_t> places;
  for (const Offset& offset : at_) places.push_back(offset.in(wire, from_));
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  Transmission pieces = joined(std::move(wire));
  for (const size_t place : places) {
    if (place == 0 || place == pieces.bytes.size()) continue;  // no piece begins or ends here
    send(pieces, place);
    wait(pieces, pause);
  }
  send(pieces, pieces.bytes.size());
  return pieces;
}

}  // namespace counterpart::mock::faults
