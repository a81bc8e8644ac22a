#include "mock/faults/fault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mock/faults/test_fault.h"

namespace counterpart::mock::faults {
namespace {

using document::Diagnostics;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(FaultNames, AreSorted) {
  EXPECT_THAT(names(), ElementsAre("connection-reset", "duplicate-header", "empty-response", "garbage", "invalid-json",
                                   "malformed-chunk", "split", "stall", "trickle", "truncate", "wrong-content-type",
                                   "wrong-length"));
}

struct ErrorCase {
  std::string fault;
  std::string message;
  std::string hint = {};
  std::string marked = {};  ///< the caret line's mark, where it matters
};

TEST(FaultErrors, SayWhatIsWrongWhere) {
  const std::string no_offset = "error: expected bytes from 0, or percent from 0% to 100%";
  const std::string offset_hint = "for example 120 or 40%";
  const std::string no_time = "error: expected a duration of at most 1h";
  const std::string no_rate = "error: expected an integer from 1 to 1000000000";
  const std::string no_bytes = "error: expected an integer from 1 to 1048576";
  const std::string no_by = "error: expected an integer from -1000000000000000000 to 1000000000000000000";
  const std::string no_fault = "error: expected the name of a fault, or a map of one name to its settings";
  const std::string no_name = "error: expected the name of a header field";
  const std::string fault_hint = "for example `connection-reset` or `{truncate: {at: 40%}}`";
  const ErrorCase cases[] = {
      {"truncat: {at: 1}", "1:1: error: there is no fault \"truncat\"", "did you mean \"truncate\"?", "^~~~~~~"},
      {"x: [connection-rest]", "1:1: error: there is no fault \"x\"",
       "expected one of: connection-reset, duplicate-header, empty-response, garbage, invalid-json, malformed-chunk, "
       "split, stall, trickle, truncate, wrong-content-type, wrong-length"},
      {"conection-reset", "1:1: error: there is no fault \"conection-reset\"", "did you mean \"connection-reset\"?"},
      {"", "1:1: " + no_fault, fault_hint},
      {"5", "1:1: " + no_fault, fault_hint},
      {"{}", "1:1: " + no_fault, fault_hint},
      {"[split]", "1:1: " + no_fault, fault_hint},
      {"{split: {}, garbage: {}}", "1:1: " + no_fault, fault_hint},
      {"split: [1]", "1:8: error: the fault \"split\" must be a map, this is a list"},
      {"garbage: 5", "1:10: error: the fault \"garbage\" must be a map, this is an integer"},
      {"connection-reset: {at: 1}", "1:20: error: unknown key \"at\" in the fault \"connection-reset\""},
      {"empty-response: {a: 1}", "1:18: error: unknown key \"a\" in the fault \"empty-response\""},
      {"malformed-chunk: {a: 1}", "1:19: error: unknown key \"a\" in the fault \"malformed-chunk\""},
      {"invalid-json: {a: 1}", "1:16: error: unknown key \"a\" in the fault \"invalid-json\""},
      {"truncate: {at: 1, form: body}", "1:19: error: unknown key \"form\" in the fault \"truncate\"",
       "did you mean \"from\"?", "^~~~"},
      {"truncate: {at: 1, from: head}", "1:25: error: expected body or start for \"from\"",
       "expected one of: body, start", "^~~~"},
      {"truncate", "1:1: error: the fault \"truncate\" needs \"at\""},
      {"truncate:", "1:1: error: the fault \"truncate\" needs \"at\""},
      {"truncate: {}", "1:11: error: the fault \"truncate\" needs \"at\""},
      {"truncate: {at: -1}", "1:16: " + no_offset, offset_hint, "^~"},
      {"truncate: {at: 1.5}", "1:16: " + no_offset, offset_hint},
      {"truncate: {at: '12'}", "1:16: " + no_offset, offset_hint},
      {"truncate: {at: [1]}", "1:16: " + no_offset, offset_hint},
      {"truncate: {at: }", ": " + no_offset, offset_hint},
      {"truncate: {at: 100.1%}", "1:16: " + no_offset, offset_hint, "^~~~~~"},
      {"truncate: {at: -0%}", "1:16: " + no_offset, offset_hint},
      {"truncate: {at: nan%}", "1:16: " + no_offset, offset_hint},
      {"truncate: {at: 1e1%}", "1:16: " + no_offset, offset_hint},
      {"truncate: {at: 4 %}", "1:16: " + no_offset, offset_hint},
      {"truncate: {at: '%'}", "1:16: " + no_offset, offset_hint},
      {"truncate: {at: half}", "1:16: " + no_offset, offset_hint},
      {"stall", "1:1: error: the fault \"stall\" needs \"for\""},
      {"stall: {at: x, for: 1s}", "1:13: " + no_offset, offset_hint},
      {"stall: {for: 61m}", "1:14: " + no_time, "for example 250ms, 5s or 2m", "^~~"},
      {"stall: {for: 5}", "1:14: " + no_time, "for example 250ms, 5s or 2m"},
      {"stall: {for: [1s]}", "1:14: " + no_time, "for example 250ms, 5s or 2m"},
      {"trickle", "1:1: error: the fault \"trickle\" needs \"bytes-per-second\""},
      {"trickle: {bytes-per-second: 0}", "1:29: " + no_rate, "for example 100"},
      {"trickle: {bytes-per-second: 1000000001}", "1:29: " + no_rate, "for example 100"},
      {"trickle: {bytes-per-second: 1.5}", "1:29: " + no_rate, "for example 100"},
      {"trickle: {bytes-per-seconds: 1}", "unknown key \"bytes-per-seconds\"", "did you mean \"bytes-per-second\"?"},
      {"split: {at: []}", "1:13: error: expected 1 to 1000 offsets, found 0", "for example [10, 50%]"},
      {"split: {at: [1, x]}", "1:17: " + no_offset, offset_hint},
      {"split: {at: x}", "1:13: " + no_offset, offset_hint},
      {"garbage: {bytes: 0}", "1:18: " + no_bytes, "for example 64"},
      {"garbage: {bytes: 1048577}", "1:18: " + no_bytes, "for example 64", "^~~~~~~"},
      {"garbage: {bytes: 18446744073709551615}", "1:18: " + no_bytes, "for example 64"},
      {"garbage: {bytes: many}", "1:18: " + no_bytes, "for example 64"},
      {"wrong-length: {by: 0}", "1:20: error: \"by\" is 0: that length would be right", "for example 1 or -1"},
      {"wrong-length: {by: 1000000000000000001}", "1:20: " + no_by, "for example 1 or -1"},
      {"wrong-length: {by: 18446744073709551615}", "1:20: " + no_by, "for example 1 or -1"},
      {"wrong-length: {by: '1'}", "1:20: " + no_by, "for example 1 or -1"},
      {"duplicate-header: {name: ''}", "1:26: " + no_name, "for example Content-Type"},
      {"duplicate-header: {name: 'X:'}", "1:26: " + no_name, "for example Content-Type"},
      {"duplicate-header: {name: [X]}", "1:26: error: expected text, found a list"},
      {"wrong-content-type: {is: \"a\\nb\"}", "1:26: error: a header field's value cannot have control characters",
       "for example application/xml"},
  };
  for (const ErrorCase& c : cases) {
    Diagnostics diagnostics;
    EXPECT_EQ(load_text(c.fault, diagnostics), nullptr) << c.fault;
    EXPECT_EQ(diagnostics.errors(), c.fault == "trickle: {bytes-per-seconds: 1}" ? 2u : 1u)
        << diagnostics.render(false);
    const std::string text = diagnostics.render(false);
    EXPECT_THAT(text, HasSubstr(c.message));
    const bool has_hint = text.find("hint:") != std::string::npos;
    EXPECT_EQ(has_hint, !c.hint.empty()) << text;
    if (has_hint) {
      EXPECT_THAT(text, HasSubstr("= hint: " + c.hint + "\n"));
    }
    EXPECT_THAT(text, HasSubstr(c.marked.empty() ? "^" : " " + c.marked + "\n"));
  }
}

TEST(FaultErrors, AreAllCollected) {
  Diagnostics diagnostics;
  EXPECT_EQ(load_text("stall: {at: x, from: y, for: z, to: 1}", diagnostics), nullptr);
  EXPECT_EQ(diagnostics.errors(), 4u) << diagnostics.render(false);
}

TEST(FaultErrors, OfOthersDoNotCount) {
  Diagnostics diagnostics;
  diagnostics.error({}, "somebody else's");
  EXPECT_NE(load_text("split", diagnostics), nullptr);
}

TEST(FaultErrors, LimitTheOffsets) {
  const auto split = [](size_t offsets) {
    std::string text = "split: {at: [0";
    for (size_t i = 1; i < offsets; ++i) text += ", " + std::to_string(i);
    return text + "]}";
  };
  Diagnostics diagnostics;
  EXPECT_NE(load_text(split(1000), diagnostics), nullptr);
  EXPECT_EQ(load_text(split(1001), diagnostics), nullptr);
  EXPECT_THAT(diagnostics.render(false), HasSubstr("1:13: error: expected 1 to 1000 offsets, found 1001"));
}

}  // namespace
}  // namespace counterpart::mock::faults
