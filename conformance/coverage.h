#pragma once
/// What of a contract a run has exercised: documented responses, and the bounds of parameters.

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "conformance/play.h"
#include "conformance/report.h"

namespace counterpart::conformance {

class Coverage {
 public:
  /// Every response of every operation has a row, and every bound that one of the cases probes.
  Coverage(const Suite& suite, const std::vector<Case>& cases);

  void add(const Played& played);
  /// A case that was to meet responses and could not: why, for those that nothing else meets.
  void add_obstacle(const Case& one, const std::string& reason);
  void write(Report& report) const;

 private:
  using Row = std::pair<const contract::Operation*, const contract::Response*>;

  const Suite& suite_;
  std::map<Row, size_t> responses_;
  std::map<Row, std::string> obstacles_;
  std::vector<ParameterCoverage> parameters_;
  std::map<std::tuple<const contract::Parameter*, std::string>, size_t> parameter_rows_;
};

}  // namespace counterpart::conformance
