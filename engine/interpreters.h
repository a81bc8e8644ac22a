#pragma once
/// Interpreters of one program, lent to answers and reused: making one takes longer than an answer.

#include <memory>
#include <mutex>
#include <vector>

#include "engine/expression/interpreter.h"

namespace counterpart::engine {

class Interpreters {
 public:
  /// `program` must outlive this and its leases.
  explicit Interpreters(const expression::Program& program) : program_(program) {}

  const expression::Program& program() const { return program_; }

  class Lease {
   public:
    explicit Lease(Interpreters& pool) : pool_(pool), lent_(pool.take()) {}
    ~Lease() { pool_.give_back(std::move(lent_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    expression::Interpreter& operator*() const { return *lent_; }

   private:
    Interpreters& pool_;
    std::unique_ptr<expression::Interpreter> lent_;
  };

 private:
  std::unique_ptr<expression::Interpreter> take();
  void give_back(std::unique_ptr<expression::Interpreter> interpreter);

  const expression::Program& program_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<expression::Interpreter>> idle_;
};

}  // namespace counterpart::engine
