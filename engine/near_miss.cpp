#include "engine/near_miss.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpart::engine {
namespace {

constexpr size_t far = 12;
constexpr size_t quoted_bytes_max = 80;

std::string cut(std::string_view text) {
  if (text.size() <= quoted_bytes_max) return std::string(text);
  return std::string(text.substr(0, quoted_bytes_max)) + "...";
}

/// 0 for the same, 1 for a likely slip of the pen, 4 for another word.
size_t distance(const std::string& given, const std::string& wanted) {
  if (given == wanted) return 0;
  return document::nearest(cut(given), {wanted}).empty() ? 4 : 1;
}

void compare_paths(const contract::Operation& operation, const http::Target& target, NearMiss& miss) {
  const std::vector<std::string>& given = target.segments;
  const size_t wanted = operation.segments.size();
  size_t count = given.size();
  if (count == wanted + 1 && given.back().empty()) {
    --count;
    if (!operation.either_slash) {
      miss.differences.push_back("the path ends in \"/\", expected none");
      miss.distance += 1;
    }
  }
  if (count != wanted) {
    miss.differences.push_back(fmt::format("the path has {} segments, expected {}", count, wanted));
    miss.distance += 3 * (std::max(count, wanted) - std::min(count, wanted));
  }
  for (size_t i = 0; i < std::min(count, wanted) && miss.distance < far; ++i) {
    const contract::Segment& segment = operation.segments[i];
    if (segment.is_parameter) {
      if (!given[i].empty() || segment.allow_empty) continue;
      miss.differences.push_back(
          fmt::format("path segment {} is empty, expected a value for {{{}}}", i + 1, segment.text));
      miss.distance += 1;
      continue;
    }
    if (const size_t apart = distance(given[i], segment.text); apart > 0) {
      miss.differences.push_back(
          fmt::format("path segment {} is \"{}\", expected \"{}\"", i + 1, cut(given[i]), segment.text));
      miss.distance += apart;
    }
  }
}

void compare_parameters(const contract::Operation& operation, RequestValues& values, NearMiss& miss) {
  for (const contract::Parameter& parameter : operation.parameters) {
    if (!parameter.literal) continue;
    const std::string wanted = contract::fact_text(parameter.in, *parameter.literal);
    const auto given = values.value(parameter.in, parameter.name);
    if (given && *given == wanted) continue;
    // A field of a JSON body is JSON text already.
    const char* quote = parameter.in == contract::Place::body ? "" : "\"";
    miss.differences.push_back(fmt::format("the {} parameter \"{}\" is {}, expected {}{}{}", name_of(parameter.in),
                                           parameter.name, given ? quote + cut(*given) + quote : "missing", quote,
                                           wanted, quote));
    miss.distance += given ? distance(std::string(*given), wanted) : 2;
  }
}

}  // namespace

std::optional<NearMiss> nearest_operation(const contract::Contract& contract, const http::Request& request,
                                          const http::Target& target, RequestValues& values) {
  std::optional<NearMiss> best;
  const size_t count = std::min(contract.operations.size(), operations_looked_at_max);
  for (size_t i = 0; i < count; ++i) {
    NearMiss miss;
    miss.operation = &contract.operations[i];
    compare_paths(*miss.operation, target, miss);
    if (request.method != miss.operation->method) {
      miss.differences.push_back(
          fmt::format("the method is {}, expected {}", cut(request.method), miss.operation->method));
      miss.distance += 2;
    }
    if (best && miss.distance >= best->distance) continue;
    compare_parameters(*miss.operation, values, miss);
    if (miss.distance < far && (!best || miss.distance < best->distance)) best = std::move(miss);
  }
  return best;
}

}  // namespace counterpart::engine
