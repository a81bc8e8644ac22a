#include "conformance/identify.h"

#include <algorithm>

namespace counterpart::conformance {

bool is_as_predicted(const Expectation& expectation, const http::Response& response) {
  const engine::Answer& predicted = *expectation.predicted;
  return expectation.exact && predicted.documented != nullptr && predicted.operation == expectation.operation &&
         predicted.response.status == response.status && predicted.response.body == response.body;
}

namespace {

const contract::Response* nearest(const Shapes& shapes, const Expectation& expectation, int status, const Json& body) {
  const auto& responses = expectation.operation->responses;
  const auto count = std::count_if(responses.begin(), responses.end(),
                                   [&](const auto& response) { return response->status == status; });
  const bool any_will_do = expectation.responses.empty() && expectation.statuses.empty();
  const contract::Response* nearest = nullptr;
  size_t best = 0;
  for (const auto& candidate : responses) {
    if (candidate->status != status) continue;
    const Shape& shape = shapes.of(*candidate);
    const bool is_wanted = std::find(expectation.responses.begin(), expectation.responses.end(), candidate.get()) !=
                           expectation.responses.end();
    const size_t likeness = shape.likeness(body);
    // One among several must share something that is printed; one that nobody asked for, all of it.
    if (count > 1 && shape.has_literals() && likeness < Shape::literal_likeness) continue;
    const auto difference = any_will_do ? shape.difference(body) : std::nullopt;
    if (difference && difference->literal) continue;
    const size_t score = 2 + 2 * likeness + (is_wanted ? 1 : 0);
    if (score <= best) continue;
    best = score;
    nearest = candidate.get();
  }
  return nearest;
}

}  // namespace

const contract::Response* identified(const Shapes& shapes, const Expectation& expectation, int status,
                                     const Json& body) {
  const engine::Answer& predicted = *expectation.predicted;
  if (predicted.documented == nullptr) return nullptr;
  const bool is_refusal = status >= 400 && status < 500;
  if (expectation.refusal_suffices && is_refusal && status != predicted.response.status) return nullptr;
  if (const auto* found = nearest(shapes, expectation, status, body)) return found;
  // What is no JSON at all shares nothing with anybody: then it is what was expected, badly written.
  const contract::Response* expected = expected_response(expectation);
  const bool is_expected = expected != nullptr && expected->status == status && !body.is_structured();
  return is_expected ? expected : nullptr;
}

}  // namespace counterpart::conformance
