#include "tests/mock/documented_answers.h"

#include <gtest/gtest.h>

namespace counterpart::tests {

void expect_answer(uint16_t port, const Answered& row) {
  SCOPED_TRACE(row.method + " " + row.target + " " + row.headers);
  const Response answer = ask(port, row.method, row.target, row.headers);
  EXPECT_EQ(answer.status, row.status);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.body, row.body);
  EXPECT_EQ(answer.header("Counterpart-Operation"), row.operation);
  EXPECT_EQ(answer.header("Counterpart-Response"), row.response);
  EXPECT_EQ(answer.has_header("Counterpart-Undocumented"), !row.undocumented.empty());
  EXPECT_EQ(answer.header("Counterpart-Undocumented"), row.undocumented);
}

}  // namespace counterpart::tests
