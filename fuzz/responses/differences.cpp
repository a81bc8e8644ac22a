#include "fuzz/responses/differences.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "fuzz/responses/changes.h"
#include "fuzz/responses/json_scan.h"

namespace counterpart::fuzz {

namespace {

constexpr size_t differences_max = 200;

class Comparison {
 public:
  Comparison(const std::string& documented, const std::string& changed)
      : documented_{documented, scan_json(documented)}, changed_{changed, scan_json(changed)} {}

  std::vector<Difference> run() {
    if (!documented_.scan.well_formed || !changed_.scan.well_formed) return {};
    // No recursion: the pairs of values that are still to be compared.
    pairs_.push_back({0, 0});
    for (size_t i = 0; i < pairs_.size() && found_.size() < differences_max; ++i)
      compare(pairs_[i].first, pairs_[i].second);
    return std::move(found_);
  }

 private:
  struct Side {
    const std::string& text;
    JsonScan scan;

    std::string of(const JsonValue& value) const { return text.substr(value.begin, value.end - value.begin); }
    std::string member(const JsonValue& value) const {
      return text.substr(value.member_begin(), value.end - value.member_begin());
    }
    std::string key(const JsonValue& value) const {
      return text_of_token(std::string_view(text).substr(value.key_begin, value.key_end - value.key_begin));
    }
  };

  void compare(uint32_t a, uint32_t b) {
    const JsonValue& wanted = documented_.scan.values[a];
    const JsonValue& came = changed_.scan.values[b];
    const std::string wanted_text = documented_.of(wanted);
    const std::string came_text = changed_.of(came);
    if (wanted_text == came_text) return;
    const bool inside = wanted.kind == came.kind && wanted.is_container();
    if (b != 0) {
      const std::string says =
          inside ? "" : fmt::format("{}: {} instead of {}", place(b), printable(came_text), printable(wanted_text));
      found_.push_back({says, came.begin, came.end, wanted_text});
    }
    if (!inside) return;
    if (wanted.kind == JsonValue::Kind::map) {
      compare_members(a, b);
    } else {
      compare_items(a, b);
    }
  }

  void compare_members(uint32_t a, uint32_t b) {
    std::map<std::string, uint32_t> wanted;
    for (const uint32_t child : documented_.scan.children_of(a)) {
      wanted.emplace(documented_.key(documented_.scan.values[child]), child);
    }
    const auto came = changed_.scan.children_of(b);
    for (const uint32_t child : came) {
      const auto known = wanted.find(changed_.key(changed_.scan.values[child]));
      if (known == wanted.end()) {  // there is none, or it was met before
        remove(child, came, "not documented");
      } else {
        pairs_.push_back({known->second, child});
        wanted.erase(known);
      }
    }
    for (const auto& [key, child] : wanted) insert(b, documented_.member(documented_.scan.values[child]), "/" + key);
  }

  void compare_items(uint32_t a, uint32_t b) {
    const auto wanted = documented_.scan.children_of(a);
    const auto came = changed_.scan.children_of(b);
    const size_t both = std::min(wanted.size(), came.size());
    // What is too much goes by halves, the last first.
    for (size_t count = came.size() - both; count > 0; count /= 2) {
      const JsonValue& first = changed_.scan.values[came[came.size() - count]];
      const JsonValue& last = changed_.scan.values[came.back()];
      const size_t begin = came.size() == count ? first.begin : changed_.scan.values[came[came.size() - count - 1]].end;
      const bool all = count == came.size() - both;
      found_.push_back({all ? fmt::format("{}: {} items instead of {}", place(b), came.size(), wanted.size()) : "",
                        begin, last.end, ""});
    }
    for (size_t i = both; i < wanted.size() && found_.size() < differences_max; ++i) {
      insert(b, documented_.of(documented_.scan.values[wanted[i]]), i == both ? "/" + std::to_string(i) : "");
    }
    for (size_t i = 0; i < both; ++i) pairs_.push_back({wanted[i], came[i]});
  }

  void remove(uint32_t child, const std::vector<uint32_t>& siblings, const char* why) {
    const JsonValue& value = changed_.scan.values[child];
    size_t begin = value.member_begin();
    size_t end = value.end;
    if (value.index > 0) {
      begin = changed_.scan.values[siblings[value.index - 1]].end;
    } else if (siblings.size() > 1) {
      end = changed_.scan.values[siblings[1]].member_begin();
    }
    found_.push_back({fmt::format("{}: {}", place(child), why), begin, end, ""});
  }

  void insert(uint32_t into, const std::string& text, const std::string& where) {
    const JsonValue& container = changed_.scan.values[into];
    const std::string says =
        where.empty() ? "" : fmt::format("{}{}: missing", into == 0 ? "" : place(into), printable(where));
    found_.push_back({says, container.end - 1, container.end - 1, (container.children > 0 ? "," : "") + text});
  }

  std::string place(uint32_t value) const {
    const std::string pointer = pointer_to(changed_.scan, changed_.text, value);
    return pointer.empty() ? "the body" : printable(pointer);
  }

  const Side documented_, changed_;
  std::vector<std::pair<uint32_t, uint32_t>> pairs_;
  std::vector<Difference> found_;
};

constexpr size_t grams = 1u << 12;

void count_grams(const std::string& text, int step, std::vector<int>& counts) {
  constexpr uint32_t spread = 2654435761u;  // Knuth's multiplicative hash
  uint32_t last_three = 0;
  const auto take = [&](unsigned char c) {
    last_three = ((last_three << 8) | c) & 0xFFFFFF;
    counts[(last_three * spread) >> 20] += step;
  };
  for (const char c : text) take(static_cast<unsigned char>(c));
  take(0);
  take(0);
}

/// How many fields one has and the other has not.
size_t distance_of_headers(const http::Headers& a, const http::Headers& b) {
  std::map<std::pair<std::string_view, std::string_view>, int> counts;
  for (const http::Header& field : a) ++counts[{field.name, field.value}];
  for (const http::Header& field : b) --counts[{field.name, field.value}];
  size_t sum = 0;
  for (const auto& [field, count] : counts) sum += static_cast<size_t>(count < 0 ? -count : count);
  return sum;
}

std::string difference_of_bytes(const std::string& documented, const std::string& changed) {
  const auto [prefix, suffix] = common_ends(documented, changed);
  if (prefix == changed.size()) return fmt::format("the body cut at byte {} of {}", prefix, documented.size());
  if (prefix == documented.size()) {
    return fmt::format("{} bytes behind the body's {}", changed.size() - prefix, documented.size());
  }
  return fmt::format("the body's bytes {} to {}: {}", prefix, documented.size() - suffix,
                     printable(changed.substr(prefix, changed.size() - prefix - suffix)));
}

}  // namespace

std::vector<Difference> json_differences(const std::string& documented, const std::string& changed) {
  return Comparison(documented, changed).run();
}

std::pair<size_t, size_t> common_ends(const std::string& a, const std::string& b) {
  const size_t shorter = std::min(a.size(), b.size());
  size_t prefix = 0;
  while (prefix < shorter && a[prefix] == b[prefix]) ++prefix;
  size_t suffix = 0;
  while (suffix < shorter - prefix && a[a.size() - 1 - suffix] == b[b.size() - 1 - suffix]) ++suffix;
  return {prefix, suffix};
}

bool is_same_answer(const http::Response& a, const http::Response& b) {
  return a.status == b.status && a.body == b.body &&
         std::equal(a.headers.begin(), a.headers.end(), b.headers.begin(), b.headers.end(),
                    [](const http::Header& one, const http::Header& other) {
                      return one.name == other.name && one.value == other.value;
                    });
}

size_t distance(const Variant& a, const Variant& b) {
  constexpr size_t part = 8;
  size_t sum = a.answer.status == b.answer.status ? 0 : part;
  sum += part * distance_of_headers(a.answer.headers, b.answer.headers);
  if (a.answer.body == b.answer.body) return sum;
  std::vector<int> counts(grams);
  count_grams(a.answer.body, 1, counts);
  count_grams(b.answer.body, -1, counts);
  ++sum;  // the same runs in another order are still another body
  for (const int count : counts) sum += static_cast<size_t>(count < 0 ? -count : count);
  return sum;
}

std::vector<std::string> differences(const Variant& documented, const Variant& changed) {
  constexpr size_t told_max = 8;
  std::vector<std::string> told;
  const http::Response& from = documented.answer;
  const http::Response& to = changed.answer;
  if (from.status != to.status) told.push_back(fmt::format("the status {} instead of {}", to.status, from.status));
  for (const http::Header& field : to.headers) {
    const std::string* known = from.headers.find(field.name);
    if (known == nullptr || *known != field.value) {
      told.push_back(fmt::format("the header {}: {}", printable(field.name), printable(field.value)));
    }
  }
  for (const http::Header& field : from.headers) {
    if (to.headers.find(field.name) == nullptr)
      told.push_back(fmt::format("without the header {}", printable(field.name)));
  }
  if (from.body != to.body) {
    const size_t before = told.size();
    for (const Difference& one : json_differences(from.body, to.body)) {
      if (!one.says.empty()) told.push_back(one.says);
    }
    if (told.size() == before) told.push_back(difference_of_bytes(from.body, to.body));
  }
  if (told.size() > told_max) told.resize(told_max);
  return told;
}

}  // namespace counterpart::fuzz
