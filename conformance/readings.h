#pragma once
/// A request with tricks can be read in more than one way, and no document says which: what the contract answers to each.
/// Used by play.cpp.

#include <memory>
#include <vector>

#include "conformance/check.h"
#include "conformance/oracle.h"

namespace counterpart::conformance {

class Readings {
 public:
  /// Asks the oracle, and leaves it where it was. `call` has tricks, and must outlive this, as the suite must.
  Readings(const Suite& suite, const Call& call, Oracle& oracle);

  /// The request as it is sent.
  const http::Request& sent() const { return requests_[0]; }
  struct Reading {
    Prediction predicted;
    std::unique_ptr<Oracle::World> after;
    Expectation expectation;
  };
  /// What was awaited if nothing comes.
  Reading& first() { return all_[0]; }
  /// What is awaited when the request is read as this answer shows. The oracle goes there, or stays when the answer is a
  /// refusal: then nothing was done.
  Reading& choose(const http::Response& response, const Json& body, Oracle& oracle);

 private:
  Prediction predict(size_t way, Oracle& oracle) const;
  void expect(Reading& reading, bool is_sure) const;
  bool fits(const Reading& reading, const http::Response& response, const Json& body, Oracle& oracle) const;

  const Suite& suite_;
  const Call& call_;
  std::vector<http::Request> requests_;
  std::vector<Reading> all_;
};

}  // namespace counterpart::conformance
