#include "mock/faults/fault.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mock/faults/connection_reset.h"
#include "mock/faults/duplicate_header.h"
#include "mock/faults/empty_response.h"
#include "mock/faults/garbage.h"
#include "mock/faults/invalid_json.h"
#include "mock/faults/malformed_chunk.h"
#include "mock/faults/split.h"
#include "mock/faults/stall.h"
#include "mock/faults/trickle.h"
#include "mock/faults/truncate.h"
#include "mock/faults/wrong_content_type.h"
#include "mock/faults/wrong_length.h"

namespace counterpart::mock::faults {

using contract::Fields;
using contract::Reading;
using document::Kind;
using document::Node;

namespace {

struct Entry {
  std::string_view name;
  std::shared_ptr<const Fault> (*load)(Fields& settings, const Reading& reading);
  bool keeps_answer = false;
};

template <typename T>
std::shared_ptr<const Fault> loaded(Fields& settings, const Reading& reading) {
  return std::make_shared<T>(settings, reading);
}

constexpr std::array<Entry, 12> entries{{
    {"connection-reset", loaded<ConnectionReset>},
    {"duplicate-header", loaded<DuplicateHeader>},
    {"empty-response", loaded<EmptyResponse>},
    {"garbage", loaded<Garbage>},
    {"invalid-json", loaded<InvalidJson>},
    {"malformed-chunk", loaded<MalformedChunk>},
    {"split", loaded<Split>, true},
    {"stall", loaded<Stall>, true},
    {"trickle", loaded<Trickle>, true},
    {"truncate", loaded<Truncate>},
    {"wrong-content-type", loaded<WrongContentType>},
    {"wrong-length", loaded<WrongLength>},
}};

std::shared_ptr<const Fault> load_named(std::string_view name, document::Position at, const Node& settings,
                                        const Reading& reading) {
  const auto* const entry =
      std::find_if(entries.begin(), entries.end(), [name](const Entry& known) { return known.name == name; });
  if (entry == entries.end()) {
    reading.error(at, fmt::format("there is no fault \"{}\"", name), document::suggestion(name, names()),
                  std::max<size_t>(name.size(), 1));
    return nullptr;
  }
  const size_t errors_before = reading.diagnostics.errors();
  Fields fields(settings, fmt::format("the fault \"{}\"", name), reading);
  auto fault = entry->load(fields, reading);
  fields.finish();
  return reading.diagnostics.errors() > errors_before ? nullptr : std::move(fault);
}

}  // namespace

std::shared_ptr<const Fault> load(const Node& node, const Reading& reading) {
  Node no_settings;
  no_settings.kind = Kind::map;
  no_settings.at = node.at;
  if (node.is(Kind::text)) return load_named(node.text, node.at, no_settings, reading);
  if (!node.is(Kind::map) || node.members.size() != 1) {
    reading.error(node.at, "expected the name of a fault, or a map of one name to its settings",
                  "for example `connection-reset` or `{truncate: {at: 40%}}`");
    return nullptr;
  }
  const document::Member& only = node.members.front();
  const bool is_bare = only.value.is(Kind::null);
  return load_named(only.key, only.key_at, is_bare ? no_settings : only.value, reading);
}

bool keeps_answer(std::string_view name) {
  return std::any_of(entries.begin(), entries.end(),
                     [name](const Entry& known) { return known.name == name && known.keeps_answer; });
}

std::vector<std::string> names() {
  std::vector<std::string> names;
  names.reserve(entries.size());
  for (const Entry& entry : entries) names.emplace_back(entry.name);
  return names;
}

}  // namespace counterpart::mock::faults
