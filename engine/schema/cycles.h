#pragma once
/// Finds schemas that apply themselves to the very value they are applied to, by `$ref` or what it leads through: that
/// would never end. Used by the compiler.

#include <unordered_map>
#include <vector>

#include "engine/document/diagnostic.h"

namespace counterpart::schema {

struct Compiled;

class Cycles {
 public:
  /// One schema applies another to the same value.
  struct Edge {
    const Compiled* to;
    document::Location where;
    size_t reference_bytes;  ///< how long the `$ref` is; 0: it is none
  };
  void add(const Compiled* from, Edge edge);

  /// Reports the cycles among what was added since the last time.
  void report(document::Diagnostics& diagnostics);

 private:
  struct Step {
    const Compiled* schema;
    size_t next = 0;
  };
  void search(const Compiled* start, document::Diagnostics& diagnostics);
  void report_cycle(const std::vector<Step>& path, const Compiled* to, document::Diagnostics& diagnostics) const;

  std::unordered_map<const Compiled*, std::vector<Edge>> edges_;
  std::unordered_map<const Compiled*, bool> is_done_;  ///< false: on the path that is being searched
  std::vector<const Compiled*> unsearched_;
};

}  // namespace counterpart::schema
