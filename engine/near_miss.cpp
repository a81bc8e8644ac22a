#include "engine/near_miss.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "engine/document/edit_distance.h"

namespace counterpart::engine {
namespace {

constexpr size_t far = 12;
constexpr size_t other_word = 4;  ///< how far words are apart of which neither is a slip of the other
constexpr size_t quoted_bytes_max = 80;
constexpr size_t slips_max = 3;                   ///< letters that a slip of the pen may cost
constexpr size_t letters_compared_max = 100'000;  ///< for one 404: past it, words that differ are other words

std::string cut(std::string_view text) {
  if (text.size() <= quoted_bytes_max) return std::string(text);
  return std::string(text.substr(0, quoted_bytes_max)) + "...";
}

/// How far words are apart, with the work of a whole 404 bounded.
class Words {
 public:
  /// 0 for the same, 1 for a likely slip of the pen, else `other_word`.
  size_t distance(std::string_view given, std::string_view wanted) {
    if (given == wanted) return 0;
    const size_t limit = std::clamp<size_t>(given.size() / 3, 1, slips_max);
    const size_t longer = std::max(given.size(), wanted.size());
    const size_t shorter = std::min(given.size(), wanted.size());
    if (longer - shorter > limit || longer > quoted_bytes_max || letters_left_ < longer) return other_word;
    letters_left_ -= longer;
    const size_t edits = document::edit_distance(given, wanted, limit);
    return edits <= limit && edits < longer ? 1 : other_word;  // `longer` edits leave nothing of the word
  }

 private:
  size_t letters_left_ = letters_compared_max;
};

/// One operation beside the request.
class Comparison {
 public:
  /// With `texts`, each difference is also put into words.
  Comparison(const contract::Operation& operation, Words& words, std::vector<std::string>* texts)
      : operation_(operation), words_(words), texts_(texts) {}

  size_t distance() const { return distance_; }
  size_t constants_met() const { return constants_met_; }

  void compare_paths(const std::vector<std::string>& given) {
    const size_t wanted = operation_.segments.size();
    size_t count = given.size();
    if (count == wanted + 1 && given.back().empty()) {
      --count;
      if (!operation_.either_slash) differ(1, [] { return std::string("the path ends in \"/\", expected none"); });
    }
    if (count != wanted) {
      differ(3 * (std::max(count, wanted) - std::min(count, wanted)), [&] {
        return fmt::format("the path has {} segment{}, expected {}", count, count == 1 ? "" : "s", wanted);
      });
    }
    for (size_t i = 0; i < std::min(count, wanted) && distance_ < far; ++i) compare_segment(i, given[i]);
  }

  void compare_method(const std::string& given) {
    if (given == operation_.method) return;
    differ(2, [&] { return fmt::format("the method is {}, expected {}", cut(given), operation_.method); });
  }

  void compare_parameters(RequestValues& values) {
    for (const contract::Parameter& parameter : operation_.parameters) {
      if (!parameter.literal) continue;
      const std::string wanted = contract::fact_text(parameter.in, *parameter.literal);
      const auto given = values.value(parameter.in, parameter.name);
      if (given && *given == wanted) {
        ++constants_met_;
        continue;
      }
      differ(given ? words_.distance(*given, wanted) : 2, [&] {
        // A field of a JSON body is JSON text already.
        const char* quote = parameter.in == contract::Place::body ? "" : "\"";
        return fmt::format("the {} parameter \"{}\" is {}, expected {}{}{}", name_of(parameter.in), parameter.name,
                           given ? quote + cut(*given) + quote : "missing", quote, cut(wanted), quote);
      });
    }
  }

 private:
  template <typename Text>
  void differ(size_t apart, const Text& text) {
    distance_ += apart;
    if (texts_ != nullptr) texts_->push_back(text());
  }

  void compare_segment(size_t i, const std::string& given) {
    const contract::Segment& segment = operation_.segments[i];
    if (segment.is_parameter) {
      if (!given.empty() || segment.allow_empty) return;
      differ(1,
             [&] { return fmt::format("path segment {} is empty, expected a value for {{{}}}", i + 1, segment.text); });
    } else if (const size_t apart = words_.distance(given, segment.text); apart > 0) {
      differ(apart, [&] {
        return fmt::format("path segment {} is \"{}\", expected \"{}\"", i + 1, cut(given), cut(segment.text));
      });
    }
  }

  const contract::Operation& operation_;
  Words& words_;
  std::vector<std::string>* texts_;
  size_t distance_ = 0;
  size_t constants_met_ = 0;
};

}  // namespace

std::optional<NearMiss> nearest_operation(const contract::Contract& contract, const http::Request& request,
                                          const http::Target& target, RequestValues& values, Nearness nearness) {
  const contract::Operation* best = nullptr;
  // What is undocumented is one step further away; among equals what is documented counts, then what has more of its
  // constants. Where already the path is another, missing constants say nothing: they only choose among equals.
  using Rank = std::tuple<size_t, bool, size_t, size_t>;
  Rank best_rank{SIZE_MAX, true, 0, 0};
  Words words;
  const size_t count = std::min(contract.operations.size(), operations_looked_at_max);
  for (size_t i = 0; i < count; ++i) {
    const contract::Operation& operation = contract.operations[i];
    const bool undocumented = !operation.undocumented.empty();
    Comparison comparison(operation, words, nullptr);
    comparison.compare_paths(target.segments);
    if (nearness == Nearness::same_path && comparison.distance() > 0) continue;
    comparison.compare_method(request.method);
    const size_t place = comparison.distance();
    if (place + undocumented > std::get<0>(best_rank)) continue;
    comparison.compare_parameters(values);
    const size_t distance = (place >= other_word ? place : comparison.distance()) + undocumented;
    const Rank rank{distance, undocumented, SIZE_MAX - comparison.constants_met(), comparison.distance()};
    if (comparison.distance() >= far || rank >= best_rank) continue;
    best = &operation;
    best_rank = rank;
  }
  if (best == nullptr) return std::nullopt;
  NearMiss miss;
  miss.operation = best;
  Words fresh;
  Comparison told(*best, fresh, &miss.differences);
  told.compare_paths(target.segments);
  told.compare_method(request.method);
  told.compare_parameters(values);
  miss.distance = told.distance();
  return miss;
}

}  // namespace counterpart::engine
