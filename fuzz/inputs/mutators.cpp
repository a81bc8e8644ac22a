#include "fuzz/inputs/mutators.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "engine/document/json.h"
#include "engine/state/random.h"
#include "fuzz/inputs/input.h"
#include "fuzz/inputs/sequence.h"

/// libFuzzer's own; other engines, and replay binaries, do without.
extern "C" __attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t size_max);

namespace counterpart::fuzz {

namespace {

using document::Json;

size_t mutate_bytes(uint8_t* data, size_t size, size_t size_max, state::Random& random) {
  if (LLVMFuzzerMutate != nullptr) return LLVMFuzzerMutate(data, size, size_max);
  if (size == 0) return 0;
  data[random.below(size)] ^= static_cast<uint8_t>(1u << random.below(8));
  return size;
}

/// Gives `text` back through `data`, unless it is too large.
size_t given_back(const std::string& text, uint8_t* data, size_t size, size_t size_max) {
  if (text.size() > size_max) return size;
  if (!text.empty()) std::memcpy(data, text.data(), text.size());
  return text.size();
}

std::string joined(const std::vector<std::string>& pieces) {
  std::string text;
  for (const std::string& piece : pieces) text += piece;
  return text;
}

/// One change of a list of pieces; false when it would change nothing.
bool rearrange(std::vector<std::string>& pieces, state::Random& random) {
  if (pieces.empty()) return false;
  const size_t at = random.below(pieces.size());
  const size_t to = random.below(pieces.size());
  switch (random.below(4)) {
    case 0:
      pieces.erase(pieces.begin() + static_cast<ptrdiff_t>(at));
      return true;
    case 1:
      pieces.insert(pieces.begin() + static_cast<ptrdiff_t>(to), std::string(pieces[at]));
      return true;
    case 2:
      std::swap(pieces[at], pieces[to]);
      return at != to;
    default: {
      std::string moved = std::move(pieces[at]);
      pieces.erase(pieces.begin() + static_cast<ptrdiff_t>(at));
      pieces.insert(pieces.begin() + static_cast<ptrdiff_t>(std::min(to, pieces.size())), std::move(moved));
      return at != to;
    }
  }
}

std::string mutated_bytes(std::string text, size_t growth_max, state::Random& random) {
  std::vector<uint8_t> bytes(text.begin(), text.end());
  const size_t size = bytes.size();
  bytes.resize(size + growth_max);
  if (bytes.empty()) return text;
  bytes.resize(mutate_bytes(bytes.data(), size, bytes.size(), random));
  return {bytes.begin(), bytes.end()};
}

/// Every value of a tree, parents first, at most so many.
void collect(Json& value, std::vector<Json*>& all) {
  constexpr size_t values_max = 2000;
  if (all.size() >= values_max) return;
  all.push_back(&value);
  if (!value.is_structured()) return;
  for (Json& part : value) collect(part, all);
}

Json odd_value(state::Random& random) {
  static const std::vector<Json> odd{nullptr,
                                     true,
                                     false,
                                     0,
                                     -1,
                                     1,
                                     1.5,
                                     -0.0,
                                     1e308,
                                     5e-324,
                                     9007199254740993,
                                     INT64_MIN,
                                     UINT64_MAX,
                                     "",
                                     "0",
                                     "a",
                                     "\u00e9\U0001F600",
                                     std::string("\0", 1),
                                     "2024-01-01T00:00:00Z",
                                     Json::array(),
                                     Json::object(),
                                     Json::array({1, 1.0}),
                                     Json{{"", nullptr}}};
  return odd[random.below(odd.size())];
}

void change_number(Json& value, state::Random& random) {
  if (value.is_number_float() || random.below(8) == 0) {
    value = value.get<double>() * (random.below(2) == 0 ? -1 : 0.1);
  } else {
    value = static_cast<int64_t>(value.get<uint64_t>() + random.below(3) - 1);
  }
}

void change_structure(Json& value, const Json& other, state::Random& random) {
  if (value.is_array()) {
    if (value.empty() || random.below(2) == 0) {
      value.push_back(other);
    } else {
      value.erase(random.below(value.size()));
    }
  } else if (value.empty() || random.below(2) == 0) {
    value[other.is_string() ? other.get<std::string>() : "counterpart"] = other;
  } else {
    auto member = value.begin();
    std::advance(member, static_cast<ptrdiff_t>(random.below(value.size())));
    value.erase(member);
  }
}

void change_json(Json& root, state::Random& random) {
  constexpr size_t nesting_max = 3;
  std::vector<Json*> all;
  collect(root, all);
  Json& value = *all[random.below(all.size())];
  const Json other = *all[random.below(all.size())];
  const uint64_t choice = random.below(6);
  if (choice == 0) {
    value = odd_value(random);
  } else if (choice == 1) {
    value = other;
  } else if (choice == 2) {
    for (size_t i = 1 + random.below(nesting_max); i > 0; --i) value = Json::array({std::move(value)});
  } else if (value.is_structured()) {
    change_structure(value, choice == 3 ? odd_value(random) : other, random);
  } else if (value.is_number()) {
    change_number(value, random);
  } else if (value.is_string()) {
    value = mutated_bytes(value.get<std::string>(), 4, random);
  } else {
    value = odd_value(random);
  }
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

/// What stands behind the first `: ` or `- `.
size_t value_at(const std::string& line) {
  const size_t colon = line.find(": ");
  const size_t dash = line.find("- ");
  const size_t first = std::min(colon, dash);
  return first == std::string::npos ? 0 : first + 2;
}

}  // namespace

size_t mutate_sequence(uint8_t* data, size_t size, size_t size_max, unsigned seed) {
  state::SeededRandom random(seed);
  std::string text(text_of(data, size));
  SequenceReader reader(text);
  std::vector<std::string> requests;
  while (const auto step = reader.next()) requests.push_back(text.substr(step->begin, step->end - step->begin));
  if (requests.empty() || random.below(8) == 0) return mutate_bytes(data, size, size_max, random);
  if (random.below(2) == 0) {
    std::string& request = requests[random.below(requests.size())];
    request = mutated_bytes(std::move(request), 8, random);
  } else if (!rearrange(requests, random)) {
    return mutate_bytes(data, size, size_max, random);
  }
  return given_back(text.substr(0, 1) + joined(requests), data, size, size_max);
}

size_t mutate_json(uint8_t* data, size_t size, size_t size_max, unsigned seed) {
  constexpr std::string_view separator = "\n---\n";
  state::SeededRandom random(seed);
  std::string_view rest = text_of(data, size);
  std::vector<std::string> parts;
  while (!rest.empty()) parts.emplace_back(take_part(rest, separator));
  if (parts.empty() || random.below(8) == 0) return mutate_bytes(data, size, size_max, random);
  std::string& part = parts[random.below(parts.size())];
  const size_t head = std::min(part.find_first_of("{["), part.size());  // what stands in front stays
  auto root = document::parse_json(std::string_view(part).substr(head));
  if (!root) return mutate_bytes(data, size, size_max, random);
  change_json(*root, random);
  part = part.substr(0, head) + document::write_json(*root);
  std::string text = parts[0];
  for (size_t i = 1; i < parts.size(); ++i) text.append(separator).append(parts[i]);
  return given_back(text, data, size, size_max);
}

size_t mutate_lines(uint8_t* data, size_t size, size_t size_max, unsigned seed) {
  state::SeededRandom random(seed);
  std::vector<std::string> lines = lines_of(text_of(data, size));
  if (lines.empty() || random.below(3) == 0) return mutate_bytes(data, size, size_max, random);
  std::string& line = lines[random.below(lines.size())];
  switch (random.below(4)) {
    case 0:
      line.insert(0, "  ");
      break;
    case 1:
      line.erase(0, std::min<size_t>(2, std::min(line.find_first_not_of(' '), line.size())));
      break;
    case 2: {
      const std::string& from = lines[random.below(lines.size())];
      line = line.substr(0, value_at(line)) + from.substr(value_at(from));
      break;
    }
    default:
      rearrange(lines, random);
  }
  return given_back(joined(lines), data, size, size_max);
}

}  // namespace counterpart::fuzz
