#pragma once
/// A scenario's steps as they are told: what each sends, what may answer it, what is remembered for the next. Shared by
/// every player of scenarios: as a client (player.h) and as a server (the mock's strict play).

#include <memory>
#include <string>
#include <string_view>

#include "engine/contract/request_builder.h"
#include "engine/engine.h"
#include "engine/scenario/scenario.h"

namespace counterpart::scenario {

/// Methods that evaluate expressions throw expression::Error. Not thread-safe.
class Story {
 public:
  /// All three must outlive the story. Of the space only the clock is looked at.
  Story(const Scenario& scenario, const engine::Engine& engine, state::Space& space);
  ~Story();

  /// What the step is made of, with all that was captured so far.
  contract::RequestParts parts(const Step& step);
  /// What it sends.
  http::Request request(const Step& step);
  /// Whether the answer is one of those the step expects.
  static bool expects(const Step& step, const engine::Answer& answer);
  /// The same of a response of the step's operation.
  static bool expects(const Step& step, const contract::Response& response);
  /// "retrieved or empty"; "status 200 or 404".
  static std::string expectation(const Step& step);
  /// Makes the answer the latest response of the story. To be called before holds() and capture().
  void observe(const http::Response& response);
  bool holds(const Condition& condition);
  void capture(const Step& step);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::scenario
