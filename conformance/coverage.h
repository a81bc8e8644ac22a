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
  /// A case that was to meet responses, or to send a parameter's value, and could not, or to no purpose: why, for what
  /// nothing else meets.
  void add_obstacle(const Case& one, const std::string& reason);
  void write(Report& report) const;
  /// After write(): rows for the bounds of the parameters probed that no request can probe, since their values mean
  /// something else once they are text in a target or a header.
  void write_unsendable(Report& report) const;

  /// Whether the operation has answered anything but a refusal so far.
  bool has_succeeded(const contract::Operation& operation) const;

 private:
  using Row = std::pair<const contract::Operation*, const contract::Response*>;

  const Suite& suite_;
  std::map<Row, size_t> responses_;
  std::map<Row, std::string> obstacles_;
  std::vector<ParameterCoverage> parameters_;
  using ParameterKey = std::tuple<const contract::Operation*, contract::Place, std::string, std::string>;

  /// Of what the call is about; nullptr: there is none.
  ParameterCoverage* parameter_row(const Call& call);

  std::map<ParameterKey, size_t> parameter_rows_;
};

}  // namespace counterpart::conformance
