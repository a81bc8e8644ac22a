#pragma once
/// Rows of the tables of documented answers (keyauth_test.cpp, panel_test.cpp): a request to a mock that has just
/// started, and every part of its answer that a contract decides.

#include <ostream>
#include <string>
#include <vector>

#include "tests/mock/client.h"

namespace counterpart::tests {

struct Answered {
  std::string name;  ///< of the test
  std::string method;
  std::string target;
  std::string headers;  ///< of the request, whole lines
  int status;
  std::string body;
  std::string operation;
  std::string response;
  std::string undocumented = {};  ///< the reason; "": the document says it

  friend std::ostream& operator<<(std::ostream& out, const Answered& row) { return out << row.name; }
};

/// Asks and compares, the body byte for byte.
void expect_answer(uint16_t port, const Answered& row);

}  // namespace counterpart::tests
