#include "fuzz/client/wire.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpart::fuzz::client {

namespace {

constexpr size_t split_pause_ms = 20;  // of the fault
constexpr size_t split_offsets_max = 1000;
constexpr int64_t stall_ms_max = 3'600'000;

Json settings_at(size_t at, const Sizes& sizes) {
  if (at >= sizes.head) return {{"at", at - sizes.head}};
  return {{"at", at}, {"from", "start"}};
}

std::string stall_time(std::chrono::milliseconds timeout) {
  const int64_t ms = std::min<int64_t>(timeout.count() * 3, stall_ms_max);
  return ms % 1000 == 0 ? fmt::format("{}s", ms / 1000) : fmt::format("{}ms", ms);
}

Fault stall_at(size_t at, const Sizes& sizes, std::chrono::milliseconds timeout) {
  Fault fault{"stall", {{"for", stall_time(timeout)}}};
  fault.settings.update(settings_at(at, sizes));
  return fault;
}

/// The whole answer takes so long.
Fault trickle_for(std::chrono::milliseconds time, const Sizes& sizes) {
  const size_t rate = sizes.all() * 1000 / static_cast<size_t>(std::max<int64_t>(time.count(), 1));
  return {"trickle", {{"bytes-per-second", std::max<size_t>(rate, 1)}}};
}

/// In as many pieces as take half of the time that a run may take.
Fault split_everywhere(const Sizes& sizes, std::chrono::milliseconds timeout) {
  const size_t in_time = static_cast<size_t>(timeout.count()) / (2 * split_pause_ms);
  const size_t most = std::clamp<size_t>(std::min(in_time, split_offsets_max), 1, split_offsets_max);
  const size_t step = sizes.all() / most + 1;
  Json offsets = Json::array();
  for (size_t at = step; at < sizes.all(); at += step) offsets.push_back(at);
  if (offsets.empty()) offsets.push_back(1);
  return {"split", {{"at", offsets}, {"from", "start"}}};
}

size_t offset_of(const Fault& fault, const Sizes& sizes) {
  const size_t at = fault.settings.value("at", size_t{0});
  return fault.settings.value("from", "body") == "start" ? at : sizes.head + at;
}

/// Offsets behind `at`, the last first, then nearer and nearer to it.
std::vector<size_t> later_offsets(size_t at, size_t last) {
  std::vector<size_t> offsets;
  if (last <= at) return offsets;
  for (size_t step = last - at; step > 0; step /= 2) offsets.push_back(at + step);
  return offsets;
}

void add_lesser_cuts(const Fault& fault, const Sizes& sizes, std::vector<Fault>& lesser) {
  const Fault by_one{"wrong-length", {{"by", 1}}};
  if (fault != by_one) lesser.push_back(by_one);
  if (fault.name == "wrong-length") {
    const int64_t by = fault.settings.value("by", int64_t{1});
    for (int64_t less = by / 2; less > 1; less /= 2) lesser.push_back({"wrong-length", {{"by", less}}});
    return;
  }
  const size_t at = fault.name == "truncate" ? offset_of(fault, sizes) : 0;
  for (const size_t later : later_offsets(at, sizes.all() == 0 ? 0 : sizes.all() - 1)) {
    lesser.push_back(cut_at(later, sizes));
  }
  if (fault.name == "connection-reset") lesser.push_back({"empty-response", Json::object()});
}

void add_lesser_slowness(const Fault& fault, const Sizes& sizes, std::chrono::milliseconds timeout,
                         std::vector<Fault>& lesser) {
  const Fault halves{"split", Json::object()};
  if (fault != halves) lesser.push_back(halves);
  if (fault.name == "split") return;
  const size_t last = sizes.all() == 0 ? 0 : sizes.all() - 1;
  const size_t at = fault.name == "stall" ? offset_of(fault, sizes) : 0;
  for (const size_t later : later_offsets(at, last)) lesser.push_back(stall_at(later, sizes, timeout));
  if (fault.name != "trickle") return;
  const auto rate = fault.settings.value("bytes-per-second", size_t{1});
  for (const size_t factor : {16, 4, 2}) lesser.push_back({"trickle", {{"bytes-per-second", rate * factor}}});
}

void add_less_malformed(const Fault& fault, std::vector<Fault>& lesser) {
  const Fault ladder[] = {{"duplicate-header", {{"name", "Content-Type"}}},
                          {"duplicate-header", Json::object()},
                          {"wrong-content-type", Json::object()},
                          {"invalid-json", Json::object()},
                          {"wrong-length", {{"by", -1}}},
                          {"malformed-chunk", Json::object()},
                          {"garbage", {{"bytes", 1}}}};
  size_t rung = std::size(ladder);  // its own, else the one above all of its name
  while (rung > 0 && ladder[rung - 1].name != fault.name) --rung;
  for (size_t i = 0; i < rung && ladder[i] != fault; ++i) lesser.push_back(ladder[i]);
  if (fault.name != "garbage") return;
  const auto bytes = fault.settings.value("bytes", size_t{64});
  for (const size_t divisor : {16, 4, 2}) {
    if (bytes / divisor > 1) lesser.push_back({"garbage", {{"bytes", bytes / divisor}}});
  }
}

}  // namespace

Family family_of(const Fault& fault) {
  if (fault.name == "wrong-length") {
    return fault.settings.value("by", int64_t{1}) > 0 ? Family::cut_short : Family::malformed;
  }
  for (const char* name : {"truncate", "empty-response", "connection-reset"}) {
    if (fault.name == name) return Family::cut_short;
  }
  for (const char* name : {"split", "stall", "trickle"}) {
    if (fault.name == name) return Family::slow;
  }
  return Family::malformed;
}

Fault cut_at(size_t at, const Sizes& sizes) { return {"truncate", settings_at(at, sizes)}; }

Fault split_at(size_t at, const Sizes& sizes) { return {"split", settings_at(at, sizes)}; }

std::vector<Fault> wire_faults(const Sizes& sizes, std::chrono::milliseconds timeout) {
  std::vector<Fault> faults{{"connection-reset", Json::object()}, {"empty-response", Json::object()}};
  std::vector<size_t> places{1, 9, 12, sizes.head / 2, sizes.head - 2};
  for (const size_t in_body : {size_t{0}, size_t{1}, sizes.body / 2, sizes.body - 1}) {
    if (in_body < sizes.body) places.push_back(sizes.head + in_body);
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  for (const size_t at : places) {
    if (at >= sizes.all()) continue;
    faults.push_back(cut_at(at, sizes));
    faults.push_back(stall_at(at, sizes, timeout));
    faults.push_back(split_at(at, sizes));
  }
  faults.push_back(split_everywhere(sizes, timeout));
  faults.push_back(trickle_for(timeout / 4, sizes));
  faults.push_back(trickle_for(timeout * 2, sizes));
  faults.push_back({"malformed-chunk", Json::object()});
  for (const size_t bytes : {1, 64, 4096, 65536}) faults.push_back({"garbage", {{"bytes", bytes}}});
  for (const int64_t by : {int64_t{1}, int64_t{-1}, int64_t{1000}, int64_t{1} << 31, int64_t{1} << 53,
                           -static_cast<int64_t>(std::max<size_t>(sizes.body, 2))}) {
    faults.push_back({"wrong-length", {{"by", by}}});
  }
  for (const char* name : {"Content-Length", "Content-Type", "Transfer-Encoding"}) {
    faults.push_back({"duplicate-header", {{"name", name}}});
  }
  for (const char* type : {"text/html", "application/octet-stream"}) {
    faults.push_back({"wrong-content-type", {{"is", type}}});
  }
  faults.push_back({"invalid-json", Json::object()});
  return faults;
}

Fault random_fault(const Sizes& sizes, std::chrono::milliseconds timeout, state::Random& random) {
  const size_t place = 1 + random.below(std::max<size_t>(sizes.all(), 2) - 1);
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2:
      return cut_at(place, sizes);
    case 3:
      return stall_at(place, sizes, timeout);
    case 4: {
      Fault fault = split_at(place, sizes);
      if (random.below(2) == 0) return fault;
      Json offsets = Json::array();
      for (uint64_t i = 2 + random.below(8); i > 0; --i) offsets.push_back(random.below(sizes.all() + 1));
      return {"split", {{"at", offsets}, {"from", "start"}}};
    }
    case 5:
      return {"garbage", {{"bytes", 1 + random.below(4096)}}};
    case 6: {
      const auto by = static_cast<int64_t>(1 + random.below(uint64_t{1} << (1 + random.below(40))));
      return {"wrong-length", {{"by", random.below(3) == 0 ? -by : by}}};
    }
    default: {
      const auto fixed = wire_faults(sizes, timeout);
      return fixed[random.below(fixed.size())];
    }
  }
}

std::vector<Fault> less_damaged(const Fault& fault, const Sizes& sizes, std::chrono::milliseconds timeout) {
  std::vector<Fault> lesser;
  switch (family_of(fault)) {
    case Family::cut_short:
      add_lesser_cuts(fault, sizes, lesser);
      break;
    case Family::slow:
      add_lesser_slowness(fault, sizes, timeout, lesser);
      break;
    default:
      add_less_malformed(fault, lesser);
  }
  return lesser;
}

}  // namespace counterpart::fuzz::client
