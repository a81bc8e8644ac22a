#pragma once
/// Internal to the engine: the responses of a contract as far as they never change, packed in the order of their
/// operations. An answer that needs no expression touches a few adjacent cache lines, which is what keeps ten thousand
/// operations as fast as three.

#include <cstdint>
#include <string>
#include <vector>

#include "engine/contract/contract.h"
#include "engine/http/message.h"

namespace counterpart::engine {

/// One response of one operation.
struct ReadyResponse {
  const contract::Response* source = nullptr;
  size_t text = 0;  ///< where its constant headers and then its body begin
  uint32_t body_bytes = 0;
  uint32_t headers = 0;
  uint32_t index = 0;  ///< among all responses of the contract, operation by operation
  int16_t status = 200;
  bool headers_are_constant = true;  ///< every header of the contract is among the ready ones
  bool body_is_constant = true;
  bool is_documented = true;
  bool needs_its_rule = false;  ///< to be rendered: a `do` assigns what it says
};

class ReadyResponses {
 public:
  /// `contract` must outlive this.
  explicit ReadyResponses(const contract::Contract& contract);

  /// Of the operation and the response of these indexes.
  const ReadyResponse& at(size_t operation, size_t response) const {
    return responses_[operations_[operation].first_response + response];
  }

  /// What an operation answers whatever is asked of it: its first rule has no condition and does nothing.
  struct Fixed {
    const contract::Rule* rule = nullptr;  ///< nullptr: it depends
    ReadyResponse response;
  };
  const Fixed& fixed(size_t operation) const { return operations_[operation].fixed; }

  /// Status, constant headers, and the body where it is constant.
  http::Response make(const ReadyResponse& ready) const;

 private:
  struct Operation {
    Fixed fixed;
    size_t first_response = 0;
  };

  void add(const contract::Contract& contract, const contract::Operation& operation,
           const contract::Response& response);
  void add_header(ReadyResponse& ready, const std::string& name, std::string_view value);

  std::vector<Operation> operations_;
  std::vector<ReadyResponse> responses_;
  std::string texts_;               ///< a header is the index of its name, the length of its value, and the value
  std::vector<std::string> names_;  ///< of headers: few, so they stay in the cache
};

}  // namespace counterpart::engine
