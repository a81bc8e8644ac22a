#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/document/json.h"
#include "mock/faults/test_fault.h"

namespace counterpart::mock::faults {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::Le;

std::shared_ptr<const Fault> loaded(const std::string& yaml) {
  document::Diagnostics diagnostics;
  auto fault = load_text(yaml, diagnostics);
  EXPECT_EQ(diagnostics.render(false), "") << yaml;
  EXPECT_NE(fault, nullptr) << yaml;
  return fault;
}

Transmission damaged(const std::string& yaml, const Wire& wire, uint64_t seed = 1) {
  const auto fault = loaded(yaml);
  state::SeededRandom random(seed);
  return fault == nullptr ? Transmission() : fault->damage(wire, random);
}

/// One text a step. Checks what every transmission must hold.
std::vector<std::string> shown(const Transmission& transmission) {
  std::vector<std::string> steps;
  size_t sent = 0;
  for (const Step& step : transmission.steps) {
    const bool is_last = &step == &transmission.steps.back();
    const std::string time = std::to_string(step.time.count()) + "ms";
    switch (step.kind) {
      case Step::Kind::send: {
        EXPECT_GT(step.until, sent);
        EXPECT_LE(step.until, transmission.bytes.size());
        const std::string bytes = on_one_line(transmission.bytes.substr(sent, step.until - sent));
        const std::string chunks =
            step.chunk_bytes == 0 ? "" : std::to_string(step.chunk_bytes) + " each " + time + " ";
        steps.emplace_back("send ");
        steps.back().append(chunks).append(bytes);
        sent = step.until;
        break;
      }
      case Step::Kind::wait:
        steps.push_back("wait " + time);
        break;
      case Step::Kind::reset:
      case Step::Kind::close:
        EXPECT_TRUE(is_last);
        steps.emplace_back(step.kind == Step::Kind::reset ? "reset" : "close");
        break;
    }
  }
  EXPECT_EQ(sent, transmission.bytes.size()) << "bytes that no step sends";
  return steps;
}

const Wire ten_digits{on_many_lines("HTTP/1.1 200 OK|Content-Length: 10|X: y||"), "0123456789"};  // 45 and 10 bytes
const Wire one_byte{on_many_lines("HTTP/1.1 200 OK|Content-Length: 1|X: y||"), "7"};
const Wire no_content{on_many_lines("HTTP/1.1 204 No Content|X: y||"), ""};
const Wire only_head{on_many_lines("HTTP/1.1 200 OK|Content-Length: 10|X: y||"), "", true};
const Wire empty{on_many_lines("HTTP/1.1 200 OK|Content-Length: 0|X: y||"), ""};

struct DamageCase {
  std::string fault;
  Wire wire;
  std::vector<std::string> steps;
};

void check(const std::vector<DamageCase>& cases) {
  for (const DamageCase& c : cases) {
    EXPECT_EQ(shown(damaged(c.fault, c.wire)), c.steps) << c.fault << " of " << c.wire.head << c.wire.body;
  }
}

TEST(Faults, ThatSendNothing) {
  check({
      {"connection-reset", ten_digits, {"reset"}},
      {"connection-reset:", ten_digits, {"reset"}},
      {"connection-reset: {}", no_content, {"reset"}},
      {"empty-response", ten_digits, {"close"}},
      {"'empty-response'", no_content, {"close"}},
  });
}

TEST(Faults, Truncate) {
  const std::string head = "send HTTP/1.1 200 OK|Content-Length: 10|X: y||";
  check({
      {"truncate: {at: 40%}", ten_digits, {head + "0123", "close"}},
      {"truncate: {at: 3}", ten_digits, {head + "012", "close"}},
      {"truncate: {at: 0}", ten_digits, {head, "close"}},
      {"truncate: {at: 10}", ten_digits, {head + "0123456789", "close"}},
      {"truncate: {at: 11}", ten_digits, {head + "0123456789", "close"}},
      {"truncate: {at: 18446744073709551615}", ten_digits, {head + "0123456789", "close"}},
      {"truncate: {at: 100%}", ten_digits, {head + "0123456789", "close"}},
      {"truncate: {at: 99.999999%}", ten_digits, {head + "012345678", "close"}},
      {"truncate: {at: '29.5%'}", ten_digits, {head + "01", "close"}},
      {"truncate: {at: 0%, from: body}", ten_digits, {head, "close"}},
      {"truncate: {at: 0, from: start}", ten_digits, {"close"}},
      {"truncate: {at: 12, from: start}", ten_digits, {"send HTTP/1.1 200", "close"}},
      {"truncate: {at: 23%, from: start}", ten_digits, {"send HTTP/1.1 200", "close"}},  // 12.65 bytes
      {"truncate: {at: 49, from: start}", ten_digits, {head + "0123", "close"}},
      {"truncate: {at: 99, from: start}", ten_digits, {head + "0123456789", "close"}},
      {"truncate: {at: 50%}", only_head, {head, "close"}},
  });
}

TEST(Faults, Stall) {
  const std::string head = "send HTTP/1.1 200 OK|Content-Length: 10|X: y||";
  check({
      {"stall: {for: 250ms}", ten_digits, {head, "wait 250ms", "send 0123456789"}},
      {"stall: {at: 30%, for: 2s}", ten_digits, {head + "012", "wait 2000ms", "send 3456789"}},
      {"stall: {for: 1h, from: start}", one_byte, {"wait 3600000ms", "send HTTP/1.1 200 OK|Content-Length: 1|X: y||7"}},
      {"stall: {at: 8, from: start, for: 0s}",
       one_byte,
       {"send HTTP/1.1", "wait 0ms", "send  200 OK|Content-Length: 1|X: y||7"}},
      {"stall: {at: 1000, for: 1m}", ten_digits, {head + "0123456789", "wait 60000ms"}},
      {"stall: {for: 5s}", only_head, {head, "wait 5000ms"}},
  });
}

TEST(Faults, Trickle) {
  const std::string all = "HTTP/1.1 200 OK|Content-Length: 1|X: y||7";
  check({
      {"trickle: {bytes-per-second: 1}", one_byte, {"send 1 each 1000ms " + all}},
      {"trickle: {bytes-per-second: 20}", one_byte, {"send 1 each 50ms " + all}},
      {"trickle: {bytes-per-second: 39}", one_byte, {"send 2 each 51ms " + all}},
      {"trickle: {bytes-per-second: 1000}", one_byte, {"send 50 each 50ms " + all}},
      {"trickle: {bytes-per-second: 1000000000}", one_byte, {"send 50000000 each 50ms " + all}},
      {"trickle: {bytes-per-second: 7}", no_content, {"send 1 each 143ms HTTP/1.1 204 No Content|X: y||"}},
  });
}

TEST(Faults, TrickleHoldsItsRate) {
  for (int rate = 1; rate < 2000; rate += rate < 100 ? 1 : 37) {
    const Transmission slow = damaged("trickle: {bytes-per-second: " + std::to_string(rate) + "}", ten_digits);
    ASSERT_EQ(slow.steps.size(), 1u);
    const double seconds = static_cast<double>(slow.steps[0].time.count()) / 1000;
    EXPECT_GE(seconds, 0.05) << rate;
    EXPECT_THAT(static_cast<double>(slow.steps[0].chunk_bytes) / seconds, AllOf(Ge(rate * 0.99), Le(rate * 1.01)));
  }
}

TEST(Faults, Split) {
  const std::string head = "send HTTP/1.1 200 OK|Content-Length: 10|X: y||";
  const std::string pause = "wait 20ms";
  check({
      {"split", ten_digits, {head + "01234", pause, "send 56789"}},
      {"split: {at: [3]}", ten_digits, {head + "012", pause, "send 3456789"}},
      {"split: {at: 3}", ten_digits, {head + "012", pause, "send 3456789"}},
      {"split: {at: [80%, 0, 3, 3, 30%]}",
       ten_digits,
       {head, pause, "send 012", pause, "send 34567", pause, "send 89"}},
      {"split: {at: [10, 11, 100%]}", ten_digits, {head + "0123456789"}},
      {"split: {at: [0, 9, 17], from: start}",
       one_byte,
       {"send HTTP/1.1 ", pause, "send 200 OK|", pause, "send Content-Length: 1|X: y||7"}},
      {"split: {from: start}", one_byte, {"send HTTP/1.1 200 OK|Conte", pause, "send nt-Length: 1|X: y||7"}},
      {"split", one_byte, {"send HTTP/1.1 200 OK|Content-Length: 1|X: y||", pause, "send 7"}},
      {"split", only_head, {head}},
      {"split", no_content, {"send HTTP/1.1 204 No Content|X: y||"}},
  });
}

TEST(Faults, MalformedChunk) {
  const std::string head = "send HTTP/1.1 200 OK|X: y|Transfer-Encoding: chunked||";
  const Wire forty{ten_digits.head, std::string(40, 'a')};
  check({
      {"malformed-chunk", ten_digits, {head + "5|01234|no-size|", "close"}},
      {"malformed-chunk", forty, {head + "14|" + std::string(20, 'a') + "|no-size|", "close"}},
      {"malformed-chunk", one_byte, {head + "1|7|no-size|", "close"}},  // half of a byte is a byte: size 0 ends a body
      {"malformed-chunk", only_head, {head, "close"}},
      {"malformed-chunk", empty, {head + "no-size|", "close"}},
      {"malformed-chunk",
       no_content,
       {"send HTTP/1.1 204 No Content|X: y|Transfer-Encoding: chunked||no-size|", "close"}},
  });
}

TEST(Faults, WrongLength) {
  const auto says = [](const std::string& length, const std::string& body) {
    return std::vector<std::string>{"send HTTP/1.1 200 OK|Content-Length: " + length + "|X: y||" + body, "close"};
  };
  check({
      {"wrong-length", ten_digits, says("11", "0123456789")},
      {"wrong-length: {by: 90}", ten_digits, says("100", "0123456789")},
      {"wrong-length: {by: -9}", ten_digits, says("1", "0123456789")},
      {"wrong-length: {by: -11}", ten_digits, says("0", "0123456789")},
      {"wrong-length: {by: 1000000000000000000}", one_byte, says("1000000000000000001", "7")},
      {"wrong-length: {by: -1000000000000000000}", one_byte, says("0", "7")},
      {"wrong-length", only_head, says("11", "")},
      {"wrong-length: {by: -1}", only_head, says("9", "")},
      {"wrong-length: {by: -11}", only_head, says("0", "")},
      {"wrong-length", empty, says("1", "")},
      {"wrong-length: {by: 2}", no_content, {"send HTTP/1.1 204 No Content|X: y|Content-Length: 2||", "close"}},
  });
}

TEST(Faults, DuplicateHeader) {
  check({
      {"duplicate-header", ten_digits, {"send HTTP/1.1 200 OK|Content-Length: 10|Content-Length: 10|X: y||0123456789"}},
      {"duplicate-header: {name: x}", ten_digits, {"send HTTP/1.1 200 OK|Content-Length: 10|X: y|X: y||0123456789"}},
      {"duplicate-header: {name: A}",
       {on_many_lines("HTTP/1.1 200 A: 0|b: 1|a :2| a: 3|aa: 4|a:  5\t |A: 6||"), "a: 7"},
       {"send HTTP/1.1 200 A: 0|b: 1|a :2| a: 3|aa: 4|a:  5\t |a:  5\t |A: 6||a: 7"}},
      {"duplicate-header", no_content, {"send HTTP/1.1 204 No Content|X: y|Content-Length: 0|Content-Length: 0||"}},
      {"duplicate-header: {name: Location}",
       one_byte,
       {"send HTTP/1.1 200 OK|Content-Length: 1|X: y|Location: |Location: ||7"}},
      {"duplicate-header: {name: Y}",
       {on_many_lines("HTTP/1.1 200 OK||"), "Y: 1"},
       {"send HTTP/1.1 200 OK|Y: |Y: ||Y: 1"}},
  });
}

TEST(Faults, WrongContentType) {
  check({
      {"wrong-content-type",
       {on_many_lines("HTTP/1.1 200 OK|content-TYPE:application/json \t|X: y||"), "{}"},
       {"send HTTP/1.1 200 OK|content-TYPE:text/html \t|X: y||{}"}},
      {"wrong-content-type: {is: 'a/b; c=\"d\"'}",
       {on_many_lines("HTTP/1.1 200 OK|A: 1|Content-Type: x|B: 2|Content-Type: y|C: 3||"), "{}"},
       {"send HTTP/1.1 200 OK|A: 1|Content-Type: a/b; c=\"d\"|B: 2|C: 3||{}"}},
      {"wrong-content-type: {is: ''}",
       {on_many_lines("HTTP/1.1 200 OK|Content-Type:||"), ""},
       {"send HTTP/1.1 200 OK|Content-Type:||"}},
      {"wrong-content-type", no_content, {"send HTTP/1.1 204 No Content|X: y|Content-Type: text/html||"}},
  });
}

TEST(Faults, InvalidJson) {
  const struct {
    std::string_view body;
    std::string_view damaged;
  } cases[] = {
      {"{}", "{"},
      {R"({"a":[1,{}]})", R"({"a":[1,{}])"},
      {"[]", "["},
      {"[[1]] \n", "[[1]"},
      {R"(["]}"])", R"(["]}")"},
      {"0", "0,"},
      {"null\n", "null\n,"},
      {R"("text, {}")", R"("text, {}",)"},
      {"{}}", "{"},
      {"not JSON", "{"},
      {" ", "{"},
  };
  for (const auto& c : cases) {
    const Transmission broken = damaged("invalid-json", {ten_digits.head, std::string(c.body)});
    EXPECT_THAT(shown(broken), ElementsAre("send HTTP/1.1 200 OK|Content-Length: " + std::to_string(c.damaged.size()) +
                                           "|X: y||" + on_one_line(c.damaged)));
    EXPECT_EQ(document::parse_json(c.damaged), std::nullopt) << c.damaged;
  }
  check({
      {"invalid-json", only_head, {"send HTTP/1.1 200 OK|Content-Length: 10|X: y||"}},
      {"invalid-json", empty, {"send HTTP/1.1 200 OK|Content-Length: 1|X: y||{", "close"}},
      {"invalid-json", no_content, {"send HTTP/1.1 204 No Content|X: y|Content-Length: 1||{", "close"}},
  });
}

TEST(Faults, Garbage) {
  const struct {
    const char* fault;
    size_t bytes;
  } cases[] = {{"garbage", 64},
               {"garbage: {bytes: 1}", 1},
               {"garbage: {bytes: 13}", 13},
               {"garbage: {bytes: 1048576}", 1 << 20}};
  for (const auto& c : cases) {
    const Transmission garbage = damaged(c.fault, ten_digits);
    EXPECT_EQ(garbage.bytes.size(), c.bytes);
    EXPECT_EQ(shown(garbage).size(), 2u);
    EXPECT_EQ(shown(garbage).back(), "close");
    EXPECT_EQ(garbage.bytes, damaged(c.fault, one_byte).bytes) << "the seed's bytes, whatever the answer is";
    EXPECT_NE(garbage.bytes, damaged(c.fault, ten_digits, 2).bytes) << "another seed's";
  }
  const std::string bytes = damaged("garbage: {bytes: 65536}", ten_digits).bytes;
  for (int byte = 0; byte < 256; ++byte) {
    EXPECT_THAT(std::count(bytes.begin(), bytes.end(), static_cast<char>(byte)), AllOf(Ge(160), Le(352))) << byte;
  }
  state::SeededRandom random(7);
  const auto fault = loaded("garbage");
  EXPECT_NE(fault->damage(ten_digits, random).bytes, fault->damage(ten_digits, random).bytes) << "the next numbers";
}

TEST(Faults, GarbageIsTheSameOnEveryMachine) {
  // 6457827717110365317 and 3203168211198807973, what SplitMix64 gives from seed 1234567 first; lowest byte first.
  EXPECT_EQ(damaged("garbage: {bytes: 10}", ten_digits, 1234567).bytes, "\x85\xFC\x08\xFB\x17\xD0\x9E\x59\xA5\x0F");
}

TEST(Faults, AreAllDamageAndAreDeterministic) {
  for (const std::string& name : names()) {
    const std::string settings = name == "truncate"  ? ": {at: 1}"
                                 : name == "stall"   ? ": {for: 1s}"
                                 : name == "trickle" ? ": {bytes-per-second: 9}"
                                                     : "";
    const Transmission once = damaged(name + settings, ten_digits);
    const Transmission again = damaged(name + settings, ten_digits);
    EXPECT_EQ(shown(once), shown(again)) << name;
    EXPECT_NE(shown(once), std::vector<std::string>{"send " + on_one_line(ten_digits.head + ten_digits.body)}) << name;
  }
}

}  // namespace
}  // namespace counterpart::mock::faults
