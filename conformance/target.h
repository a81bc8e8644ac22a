#pragma once
/// The system under test as the runner sees it: something that answers requests. Over HTTP (http_target.h) or in
/// process, the engine itself (engine_target.h).

#include <memory>
#include <stdexcept>
#include <string>

#include "conformance/report.h"
#include "engine/scenario/scenario.h"

namespace counterpart::conformance {

/// The run cannot go on: the target is not there, a hook failed. Never a finding.
class EnvironmentError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One case's talk with the target. One thread at a time.
class Conversation {
 public:
  virtual ~Conversation() = default;

  /// Sends and waits. Never throws: what goes wrong is in the reply. `may_repeat`: the operation only reads, so that a
  /// request that got no answer may be sent again (a method alone does not say so: there are APIs that delete by GET).
  virtual Reply send(const http::Request& request, bool may_repeat) = 0;
  /// The request with all the headers that send() puts on the wire, its target as it was; in process the same.
  virtual http::Request as_sent(const http::Request& request) const { return request; }
  /// The absolute URL of a request's target; "" in process.
  virtual std::string url(const std::string& request_target) const = 0;
  /// Lets so much time pass for the target. "" or why that cannot be; then nothing has passed.
  virtual std::string advance(int64_t ms) = 0;

  /// Whether the target is in the contract's initial state.
  bool is_fresh = false;
  /// Whether it is in the state that the scenario gives. Else `given` is ignored, as docs/format.md says.
  bool has_given = false;
};

/// Thread-safe.
class Target {
 public:
  virtual ~Target() = default;

  virtual std::string description() const = 0;
  /// What curl has to be told to reach it in the same way: certificates, whether they are verified. "": nothing.
  virtual std::string curl_options() const { return ""; }
  /// Begins a case; `scenario` is nullptr for one that is none. Throws EnvironmentError.
  virtual std::unique_ptr<Conversation> open(const scenario::Scenario* scenario) = 0;
  /// Whether every conversation begins in a state of its own, so that many may go on at once.
  virtual bool is_isolated() const = 0;
  /// Whether open() puts the one state that all conversations share back to its start: then one goes on at a time.
  virtual bool resets() const { return false; }
  /// Whether the target begins as the contract says, so that answers can be predicted before anything was seen.
  virtual bool is_known() const = 0;
  /// Before the first and after the last conversation. Throws EnvironmentError.
  virtual void before_run() {}
  virtual void after_run() {}
};

}  // namespace counterpart::conformance
