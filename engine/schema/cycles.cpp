#include "engine/schema/cycles.h"

#include <algorithm>
#include <utility>

namespace counterpart::schema {

void Cycles::add(const Compiled* from, Edge edge) {
  edges_[from].push_back(std::move(edge));
  unsearched_.push_back(from);
}

void Cycles::report(document::Diagnostics& diagnostics) {
  for (const Compiled* schema : std::exchange(unsearched_, {})) search(schema, diagnostics);
}

/// Depth first, without recursion: a chain of references may be long.
void Cycles::search(const Compiled* start, document::Diagnostics& diagnostics) {
  std::vector<Step> path;
  const auto enter = [&](const Compiled* schema) {
    if (is_done_.emplace(schema, false).second) path.push_back({schema});
  };
  enter(start);
  while (!path.empty()) {
    Step& step = path.back();
    const auto edges = edges_.find(step.schema);
    if (edges == edges_.end() || step.next == edges->second.size()) {
      is_done_[step.schema] = true;
      path.pop_back();
      continue;
    }
    const Compiled* to = edges->second[step.next++].to;
    const auto seen = is_done_.find(to);
    if (seen == is_done_.end()) {
      enter(to);
    } else if (!seen->second) {
      report_cycle(path, to, diagnostics);
    }
  }
}

void Cycles::report_cycle(const std::vector<Step>& path, const Compiled* to, document::Diagnostics& diagnostics) const {
  auto step = std::find_if(path.begin(), path.end(), [to](const Step& at) { return at.schema == to; });
  for (; step != path.end(); ++step) {
    const Edge& edge = edges_.at(step->schema)[step->next - 1];
    if (edge.reference_bytes == 0) continue;
    return diagnostics.error(edge.where, "this $ref leads back to its own schema, for the same value, without end", {},
                             edge.reference_bytes);
  }
}

}  // namespace counterpart::schema
