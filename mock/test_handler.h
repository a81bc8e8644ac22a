#pragma once
/// For tests: a handler made of a function.

#include <utility>

#include "mock/handler.h"

namespace counterpart::mock {

template <typename Function>
class HandlerOf final : public Handler {
 public:
  HandlerOf(Function function) : function_(std::move(function)) {}

  Reply answer(http::Request& request) override { return function_(request); }
  void refused(const http::Request&, http::Response&) override {}

 private:
  Function function_;
};

}  // namespace counterpart::mock
