#include "mock/framer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace counterpart::mock {
namespace {

using State = Framer::State;

/// Everything that a framer says of one request, as text: two runs are the same when their texts are.
std::string describe(const Framer& framer) {
  if (framer.state() == State::refused) {
    return std::to_string(framer.refusal().status) + " " + framer.refusal().sentence;
  }
  if (framer.state() != State::complete) return "incomplete";
  const http::Request& request = framer.request();
  std::string text = request.method + " " + request.target + (framer.http_1_0() ? " 1.0" : " 1.1") +
                     (framer.keep_alive() ? " keep-alive" : " close");
  for (const http::Header& header : request.headers) text += "\n" + header.name + "=" + header.value;
  return text + "\n\n" + request.body;
}

/// Feeds the pieces as a connection does: what was not taken stays at the front. Stops at a refusal, or when all is fed.
std::vector<std::string> run(const std::vector<std::string_view>& pieces, const Limits& limits) {
  Framer framer(limits);
  std::vector<std::string> results;
  std::string buffer;
  for (const std::string_view piece : pieces) {
    buffer += piece;
    for (;;) {
      buffer.erase(0, framer.feed(buffer));
      if (framer.state() == State::head || framer.state() == State::body) break;
      results.push_back(describe(framer));
      if (framer.state() == State::refused) return results;
      framer.next();
    }
  }
  if (framer.started() || !buffer.empty()) results.push_back("incomplete");
  return results;
}

std::vector<std::string> run(std::string_view bytes, const Limits& limits = {}) {
  return run(std::vector<std::string_view>{bytes}, limits);
}

/// Cuts the bytes in two at every place, and then into single bytes: always the result of the whole.
void expect_same_however_cut(std::string_view bytes, const Limits& limits = {}) {
  const auto whole = run(bytes, limits);
  for (size_t cut = 1; cut < bytes.size(); ++cut) {
    ASSERT_EQ(run({bytes.substr(0, cut), bytes.substr(cut)}, limits), whole) << "cut at byte " << cut;
  }
  std::vector<std::string_view> singles;
  for (size_t i = 0; i < bytes.size(); ++i) singles.push_back(bytes.substr(i, 1));
  ASSERT_EQ(run(singles, limits), whole) << "byte by byte";
}

struct Valid {
  std::string name;
  std::string bytes;
  std::string described;
};

class FramerAccepts : public testing::TestWithParam<Valid> {};

TEST_P(FramerAccepts, TheRequestHoweverItsBytesAreCut) {
  EXPECT_THAT(run(GetParam().bytes), testing::ElementsAre(GetParam().described));
  expect_same_however_cut(GetParam().bytes);
}

const Valid valid[] = {
    {"Get", "GET /a?b=c HTTP/1.1\r\nHost: h\r\n\r\n", "GET /a?b=c 1.1 keep-alive\nHost=h\n\n"},
    {"MethodAsSent", "gEt / HTTP/1.1\r\nhOST:h\r\n\r\n", "gEt / 1.1 keep-alive\nhOST=h\n\n"},
    {"UnknownMethod", "M-SEARCH!~ / HTTP/1.1\r\nHost: h\r\n\r\n", "M-SEARCH!~ / 1.1 keep-alive\nHost=h\n\n"},
    {"BlanksAroundValues", "GET / HTTP/1.1\r\nHost: \t h \t\r\nX:a b\t c\r\nY:\r\nZ: \r\n\r\n",
     "GET / 1.1 keep-alive\nHost=h\nX=a b\t c\nY=\nZ=\n\n"},
    {"HeadersInOrderRepeatsKept", "GET / HTTP/1.1\r\nB: 1\r\nHost: h\r\nA: 2\r\nb: 3\r\n\r\n",
     "GET / 1.1 keep-alive\nB=1\nHost=h\nA=2\nb=3\n\n"},
    {"PercentIsLeftAlone", "GET /%00%zz%2F HTTP/1.1\r\nHost: h\r\nX: %41\r\n\r\n",
     "GET /%00%zz%2F 1.1 keep-alive\nHost=h\nX=%41\n\n"},
    {"HighBytes", "GET /\xc3\xa4 HTTP/1.1\r\nHost: h\r\nX: \xff\r\n\r\n",
     "GET /\xc3\xa4 1.1 keep-alive\nHost=h\nX=\xff\n\n"},
    {"EmptyHost", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / 1.1 keep-alive\nHost=\n\n"},
    {"IPv6Host", "GET / HTTP/1.1\r\nHost: [::1]:4010\r\n\r\n", "GET / 1.1 keep-alive\nHost=[::1]:4010\n\n"},
    {"EmptyLinesBefore", "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", "GET / 1.1 keep-alive\nHost=h\n\n"},
    {"Close", "GET / HTTP/1.1\r\nHost: h\r\nConnection: Close\r\n\r\n",
     "GET / 1.1 close\nHost=h\nConnection=Close\n\n"},
    {"CloseAmongOthers", "GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive , TE,close\r\n\r\n",
     "GET / 1.1 close\nHost=h\nConnection=keep-alive , TE,close\n\n"},
    {"CloseInAnotherField", "GET / HTTP/1.1\r\nHost: h\r\nConnection: TE\r\nConnection: close\r\n\r\n",
     "GET / 1.1 close\nHost=h\nConnection=TE\nConnection=close\n\n"},
    {"NotCloseButClosed", "GET / HTTP/1.1\r\nHost: h\r\nConnection: closed\r\n\r\n",
     "GET / 1.1 keep-alive\nHost=h\nConnection=closed\n\n"},
    {"OldVersion", "GET / HTTP/1.0\r\n\r\n", "GET / 1.0 close\n\n"},
    {"OldVersionKeepAlive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
     "GET / 1.0 keep-alive\nConnection=keep-alive\n\n"},
    {"Absolute", "GET http://a.example:80/b?c HTTP/1.1\r\nX: 1\r\nHost: h\r\n\r\n",
     "GET /b?c 1.1 keep-alive\nX=1\nHost=a.example:80\n\n"},
    {"AbsoluteWithoutPath", "GET HTTPS://a HTTP/1.1\r\nHost: h\r\n\r\n", "GET / 1.1 keep-alive\nHost=a\n\n"},
    {"AbsoluteQueryOnly", "GET http://a?b HTTP/1.1\r\nHost: h\r\n\r\n", "GET /?b 1.1 keep-alive\nHost=a\n\n"},
    {"AbsoluteOptionsWithoutPath", "OPTIONS http://a HTTP/1.1\r\nHost: h\r\n\r\n",
     "OPTIONS * 1.1 keep-alive\nHost=a\n\n"},
    {"Asterisk", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "OPTIONS * 1.1 keep-alive\nHost=h\n\n"},
    {"Body", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\na\r\n\r\n",
     "POST / 1.1 keep-alive\nHost=h\nContent-Length=5\n\na\r\n\r\n"},
    {"EmptyBody", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 00\r\n\r\n",
     "POST / 1.1 keep-alive\nHost=h\nContent-Length=00\n\n"},
    {"Chunks",
     "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\na\r\n\r\n00A\r\n0123456789\r\n0\r\n\r\n",
     "POST / 1.1 keep-alive\nHost=h\nTransfer-Encoding=Chunked\n\na\r\n0123456789"},
    {"ChunkExtensionsAndTrailers",
     "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;a=\"b\";c\r\nx\r\n0;z\r\nContent-Length: "
     "9\r\nT: u\r\n\r\n",
     "POST / 1.1 keep-alive\nHost=h\nTransfer-Encoding=chunked\n\nx"},
    {"NoChunks", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     "POST / 1.1 keep-alive\nHost=h\nTransfer-Encoding=chunked\n\n"},
};

INSTANTIATE_TEST_SUITE_P(Table, FramerAccepts, testing::ValuesIn(valid),
                         [](const auto& test) { return test.param.name; });

struct Invalid {
  std::string name;
  std::string bytes;
  std::string refusal;  ///< status and sentence
};

/// Small limits, so that the table's inputs can pass them.
Limits small_limits() {
  Limits limits;
  limits.target_bytes_max = 32;
  limits.header_bytes_max = 512;
  limits.header_count_max = 8;
  limits.body_bytes_max = 20;
  return limits;
}

class FramerRefuses : public testing::TestWithParam<Invalid> {};

TEST_P(FramerRefuses, WithStatusAndSentenceHoweverTheBytesAreCut) {
  EXPECT_THAT(run(GetParam().bytes, small_limits()), testing::ElementsAre(GetParam().refusal));
  expect_same_however_cut(GetParam().bytes, small_limits());
}

std::string head(const std::string& fields) { return "POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n"; }
std::string chunks(const std::string& body) { return head("Transfer-Encoding: chunked\r\n") + body; }

const std::string nul(1, '\0');
const std::string malformed_line =
    "400 The request line is not a method, a target and a version with one space between each.";
const std::string no_version = "400 The request line does not end with an HTTP version.";
const std::string first_byte =
    "400 The first byte is not that of an HTTP request. (TLS on a port without TLS looks like this.)";
const std::string lone_lf = "400 A line ends with LF alone; lines of HTTP end with CRLF.";
const std::string no_number = "400 Content-Length is not a number of bytes.";
const std::string long_body = "413 The body is longer than 20 bytes.";
const std::string long_target = "414 The request target is longer than 32 bytes.";
const std::string long_head = "431 The head is longer than 512 bytes.";
const std::string bad_size = "400 A chunk's size is not a hexadecimal number.";

const Invalid invalid[] = {
    {"TlsHello", "\x16\x03\x01", first_byte},
    {"BlankFirst", " GET / HTTP/1.1\r\n", first_byte},
    {"NulFirst", nul, first_byte},
    {"TooManyEmptyLines", "\r\n\r\n\r\n\r\n\r\n", "400 There are too many empty lines before the request line."},
    {"LfOnly", "GET / HTTP/1.1\nHost: h\n\n", lone_lf},
    {"LfOnlyInHeaders", "GET / HTTP/1.1\r\nHost: h\n\r\n", lone_lf},
    {"LfOnlyAtTheEnd", "GET / HTTP/1.1\r\nHost: h\r\n\n", lone_lf},
    {"NoVersion", "GET /\r\n", malformed_line},
    {"NoTarget", "GET HTTP/1.1\r\n", malformed_line},
    {"EmptyTarget", "GET  HTTP/1.1\r\n", malformed_line},
    {"TwoSpaces", "GET  / HTTP/1.1\r\n", malformed_line},
    {"SpaceInTarget", "GET /a b HTTP/1.1\r\n", malformed_line},
    {"TrailingSpace", "GET / HTTP/1.1 \r\n", malformed_line},
    {"BareCrBeforeRequest", "\rGET / HTTP/1.1\r\n", "400 The method is not a token."},
    {"MethodWithColon", "GE:T / HTTP/1.1\r\n", "400 The method is not a token."},
    {"LongMethod", std::string(65, 'G') + " / HTTP/1.1\r\n", "501 No method has such a long name."},
    {"VersionInLowerCase", "GET / http/1.1\r\n", no_version},
    {"VersionWithMore", "GET / HTTP/1.11\r\n", no_version},
    {"VersionWithoutMinor", "GET / HTTP/2\r\n", no_version},
    {"Version12", "GET / HTTP/1.2\r\n", "505 HTTP/1.2 is not spoken here, only HTTP/1.1 and HTTP/1.0."},
    {"Http2Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
     "505 HTTP/2.0 is not spoken here, only HTTP/1.1 and HTTP/1.0."},
    {"Version09", "GET / HTTP/0.9\r\n", "505 HTTP/0.9 is not spoken here, only HTTP/1.1 and HTTP/1.0."},
    {"LongTarget", "GET /" + std::string(32, 'a') + " HTTP/1.1\r\n", long_target},
    {"LongTargetWithoutEnd", "GET /" + std::string(200, 'a'), long_target},
    {"NulInTarget", "GET /" + nul + " HTTP/1.1\r\n", "400 The request target holds a control character."},
    {"TabInTarget", "GET /\t HTTP/1.1\r\n", "400 The request target holds a control character."},
    {"DeleteInTarget", "GET /\x7f HTTP/1.1\r\n", "400 The request target holds a control character."},
    {"Fragment", "GET /a#b HTTP/1.1\r\n", "400 The request target holds a fragment ('#')."},
    {"Connect", "CONNECT h:443 HTTP/1.1\r\n", "501 CONNECT asks for a tunnel, and this server opens none."},
    {"RelativeTarget", "GET a HTTP/1.1\r\n",
     "400 The request target is neither a path, nor an http URL, nor the * of OPTIONS."},
    {"AsteriskOfGet", "GET * HTTP/1.1\r\n",
     "400 The request target is neither a path, nor an http URL, nor the * of OPTIONS."},
    {"OtherScheme", "GET ftp://a/ HTTP/1.1\r\n",
     "400 The request target is neither a path, nor an http URL, nor the * of OPTIONS."},
    {"AbsoluteWithoutHost", "GET http:///a HTTP/1.1\r\n", "400 The host in the request target is not a host."},
    {"AbsoluteWithUser", "GET http://u@h/ HTTP/1.1\r\n", "400 The host in the request target is not a host."},
    {"NoHost", "GET / HTTP/1.1\r\nX: y\r\n\r\n", "400 There is no Host header, which HTTP/1.1 asks for."},
    {"TwoHosts", "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", "400 There is more than one Host header."},
    {"TwoHostsOld", "GET / HTTP/1.0\r\nHost: h\r\nhost: i\r\n\r\n", "400 There is more than one Host header."},
    {"HostWithPath", "GET / HTTP/1.1\r\nHost: h/i\r\n\r\n", "400 The Host header is not a host."},
    {"HostWithBlank", "GET / HTTP/1.1\r\nHost: h i\r\n\r\n", "400 The Host header is not a host."},
    {"Folded", head("X: a\r\n b\r\n"), "400 A header line starts with a blank (folded lines are obsolete)."},
    {"FoldedFirst", "GET / HTTP/1.1\r\n Host: h\r\n\r\n",
     "400 A header line starts with a blank (folded lines are obsolete)."},
    {"NoColon", head("X\r\n"), "400 A header line has no colon."},
    {"NoName", head(": x\r\n"), "400 A header line has no name."},
    {"BlankBeforeColon", head("X : y\r\n"), "400 There is a blank between a header's name and its colon."},
    {"TabBeforeColon", head("X\t: y\r\n"), "400 There is a blank between a header's name and its colon."},
    {"BlankInName", head("X y: z\r\n"), "400 A header's name is not a token."},
    {"HighByteInName", head("\xc3\xa4: z\r\n"), "400 A header's name is not a token."},
    {"NulInName", head("X" + nul + ": y\r\n"), "400 A header's name is not a token."},
    {"NulInValue", head("X: " + nul + "\r\n"), "400 A header's value holds a control character."},
    {"BareCrInValue", head("X: a\rb\r\n"), "400 A header's value holds a control character."},
    {"CrCrLf", head("X: a\r\r\n"), "400 A header's value holds a control character."},
    {"BellInValue", head("X: \a\r\n"), "400 A header's value holds a control character."},
    {"TooManyHeaders", head("A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\nE: 5\r\nF: 6\r\nG: 7\r\nH: 8\r\n"),
     "431 There are more than 8 header fields."},
    {"LongHeader", head("X: " + std::string(600, 'a') + "\r\n"), long_head},
    {"LongHeaderWithoutEnd", "GET / HTTP/1.1\r\n" + std::string(600, 'a'), long_head},
    {"LongHeadInShortLines", head("X: " + std::string(250, 'a') + "\r\nY: " + std::string(250, 'a') + "\r\n"),
     long_head},
    {"LengthNegative", head("Content-Length: -1\r\n"), no_number},
    {"LengthPlus", head("Content-Length: +1\r\n"), no_number},
    {"LengthEmpty", head("Content-Length:\r\n"), no_number},
    {"LengthHex", head("Content-Length: 0x1\r\n"), no_number},
    {"LengthList", head("Content-Length: 1, 1\r\n"), no_number},
    {"LengthInnerBlank", head("Content-Length: 1 1\r\n"), no_number},
    {"LengthTwice", head("Content-Length: 1\r\ncontent-length: 1\r\n"),
     "400 There is more than one Content-Length header."},
    {"LengthConflicting", head("Content-Length: 1\r\nContent-Length: 2\r\n"),
     "400 There is more than one Content-Length header."},
    {"LengthAndChunked", head("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
     "400 There are both Content-Length and Transfer-Encoding."},
    {"ChunkedAndLength", head("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n"),
     "400 There are both Content-Length and Transfer-Encoding."},
    {"LengthTooLong", head("Content-Length: 21\r\n"), long_body},
    {"LengthGigabyte", head("Content-Length: 1073741824\r\n"), long_body},
    {"LengthPast64Bits", head("Content-Length: 18446744073709551617\r\n"), long_body},
    {"LengthOfManyDigits", head("Content-Length: 1" + std::string(300, '0') + "\r\n"), long_body},
    {"Gzip", head("Transfer-Encoding: gzip\r\n"), "501 The only transfer coding known here is chunked."},
    {"GzipChunked", head("Transfer-Encoding: gzip, chunked\r\n"),
     "501 The only transfer coding known here is chunked."},
    {"Identity", head("Transfer-Encoding: identity\r\n"), "501 The only transfer coding known here is chunked."},
    {"ChunkedWithMore", head("Transfer-Encoding: chunked;a\r\n"),
     "501 The only transfer coding known here is chunked."},
    {"EmptyCoding", head("Transfer-Encoding:\r\n"), "501 The only transfer coding known here is chunked."},
    {"ChunkedTwice", head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
     "400 There is more than one Transfer-Encoding header."},
    {"ChunkedOld", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "400 HTTP/1.0 has no Transfer-Encoding."},
    {"ChunkWithoutSize", chunks("\r\n"), bad_size},
    {"ChunkNegative", chunks("-1\r\n"), bad_size},
    {"ChunkPrefixed", chunks("0x1\r\n"), "400 A chunk's size is followed by something else."},
    {"ChunkBlankBefore", chunks(" 1\r\n"), bad_size},
    {"ChunkBlankAfter", chunks("1 \r\n"), "400 A chunk's size is followed by something else."},
    {"ChunkExtensionOnly", chunks(";a\r\n"), bad_size},
    {"ChunkLf", chunks("1\nx\r\n"), lone_lf},
    {"ChunkSizePast64Bits", chunks("10000000000000001\r\n"), "400 A chunk's size has too many digits."},
    {"ChunkSizeLargest", chunks("ffffffffffffffff\r\n"), long_body},
    {"ChunkTooLong", chunks("15\r\n"), long_body},
    {"ChunksTooLongTogether", chunks("a\r\n0123456789\r\nb\r\n"), long_body},
    {"ChunkDataTooLong", chunks("1\r\nxy\r\n"), "400 A chunk's data is longer than its size says."},
    {"ChunkDataWithoutCr", chunks("1\r\nx\n"), "400 A chunk's data is longer than its size says."},
    {"ChunkDataCrOnly", chunks("1\r\nx\ry"), "400 A chunk's data is longer than its size says."},
    {"ChunkExtensionControl", chunks("1;\x01\r\n"), "400 A chunk's extension holds a control character."},
    {"ChunkExtensionLong", chunks("1;" + std::string(1100, 'a') + "\r\n"),
     "400 A chunk's size line is longer than 1024 bytes."},
    {"TrailersTooMany", chunks("0\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\nE: 5\r\nF: 6\r\nG: 7\r\n\r\n"),
     "431 There are more than 8 header fields."},
    {"TrailersTooLong", chunks("0\r\nA: " + std::string(600, 'a')), long_head},
    {"TrailerFolded", chunks("0\r\nA: 1\r\n 2\r\n\r\n"),
     "400 A header line starts with a blank (folded lines are obsolete)."},
    {"TrailerControl", chunks("0\r\nA: " + nul + "\r\n\r\n"), "400 A header's value holds a control character."},
};

INSTANTIATE_TEST_SUITE_P(Table, FramerRefuses, testing::ValuesIn(invalid),
                         [](const auto& test) { return test.param.name; });

TEST(Framer, RefusesLongChunkExtensionsTogether) {
  std::string bytes = chunks("");
  for (int i = 0; i < 20; ++i) bytes += "1;" + std::string(999, 'a') + "\r\nx\r\n";
  EXPECT_THAT(run(bytes), testing::ElementsAre("400 The extensions of the chunks are too long."));
}

TEST(Framer, AcceptsExactlyTheLimits) {
  const Limits limits = small_limits();
  const std::string target = "/" + std::string(31, 'a');
  const std::string start = "POST " + target + " HTTP/1.1\r\nHost: h\r\nContent-Length: 20\r\n";
  const std::string fields = "X: " + std::string(512 - start.size() - 7, 'x') + "\r\n\r\n";
  ASSERT_EQ((start + fields).size(), 512u);
  const std::string body(20, 'b');
  const auto results = run(start + fields + body, limits);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_THAT(results[0], testing::StartsWith("POST " + target + " 1.1 keep-alive"));
  EXPECT_THAT(results[0], testing::EndsWith("\n\n" + body));
  EXPECT_THAT(run(start + "X" + fields + body, limits), testing::ElementsAre(long_head));
}

TEST(Framer, CountsForEachRequestAnew) {
  const std::string bytes = "\r\n\r\n\r\nPOST / HTTP/1.1\r\nHost: h\r\nA: " + std::string(200, 'a') +
                            "\r\nB: b\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(900, 'x') +
                            "\r\ny\r\n0\r\nC: c\r\n\r\n";
  const Limits limits = small_limits();
  Framer framer(limits);
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(framer.feed(bytes), bytes.size()) << "request " << i << ": " << describe(framer);
    ASSERT_EQ(framer.state(), State::complete);
    framer.next();
  }
}

TEST(Framer, TakesPipelinedRequestsOneByOne) {
  const std::string bytes =
      "POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab"
      "GET /2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n\r\n"
      "POST /3 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n1\r\nc\r\n0\r\nT: "
      "t\r\n\r\n"
      "GET /4 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
      "GET http://a/5 HTTP/1.1\r\nHost: h\r\n\r\n"
      "GET /6 HTTP/1.1\r\nHost: h\r\n\r\n";
  EXPECT_THAT(run(bytes), testing::ElementsAre(
                              "POST /1 1.1 keep-alive\nHost=h\nContent-Length=2\n\nab",
                              "GET /2 1.0 keep-alive\nConnection=keep-alive\n\n",
                              "POST /3 1.1 keep-alive\nHost=h\nTransfer-Encoding=chunked\nExpect=100-continue\n\nc",
                              "GET /4 1.1 close\nHost=h\nConnection=close\n\n", "GET /5 1.1 keep-alive\nHost=a\n\n",
                              "GET /6 1.1 keep-alive\nHost=h\n\n"));
  expect_same_however_cut(bytes);
}

TEST(Framer, SaysWhenTheClientAwaitsContinue) {
  struct Case {
    std::string bytes;
    bool expects;
  };
  const Case cases[] = {
      {head("Expect: 100-continue\r\nContent-Length: 2\r\n"), true},
      {head("Expect: 100-Continue\r\nTransfer-Encoding: chunked\r\n"), true},
      {head("Expect: 100-continue\r\nContent-Length: 2\r\n") + "a", false},
      {head("Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n") + "1\r\n", false},
      {head("Expect: 100-continue\r\nContent-Length: 0\r\n"), false},
      {head("Expect: 100-continue\r\n"), false},
      {head("Expect: else\r\nContent-Length: 2\r\n"), false},
      {head("Content-Length: 2\r\n"), false},
      {"POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", false},
      {"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n", false},
  };
  const Limits limits;
  for (const Case& c : cases) {
    Framer framer(limits);
    framer.feed(c.bytes);
    EXPECT_EQ(framer.expects_continue(), c.expects) << c.bytes;
  }
}

TEST(Framer, ForgetsThePreviousExpectation) {
  const Limits limits;
  Framer framer(limits);
  framer.feed(head("Expect: 100-continue\r\n"));
  ASSERT_EQ(framer.state(), State::complete);
  framer.next();
  framer.feed(head("Content-Length: 2\r\n"));
  EXPECT_EQ(framer.state(), State::body);
  EXPECT_FALSE(framer.expects_continue());
}

TEST(Framer, TakesBodiesAsTheyCome) {
  const Limits limits;
  Framer framer(limits);
  EXPECT_FALSE(framer.started());
  const std::string bytes = head("Content-Length: 1000\r\n") + std::string(600, 'x');
  EXPECT_EQ(framer.feed(bytes), bytes.size()) << "the caller must not have to keep the body";
  EXPECT_TRUE(framer.started());
  EXPECT_EQ(framer.feed(std::string(600, 'y')), 400u);
  EXPECT_EQ(framer.state(), State::complete);
  EXPECT_EQ(framer.request().body, std::string(600, 'x') + std::string(400, 'y'));
}

TEST(Framer, TakesNothingAfterTheEnd) {
  const Limits limits;
  Framer framer(limits);
  const std::string get = head("");
  EXPECT_EQ(framer.feed(get + get), get.size());
  EXPECT_EQ(framer.feed(get), 0u);
  framer.next();
  framer.feed("\n");
  ASSERT_EQ(framer.state(), State::refused);
  EXPECT_EQ(framer.feed(get), 0u);
}

/// Not a timed test: what would cost the square of the length here takes minutes, and the suite has its own timeout.
TEST(Framer, LooksAtEachByteOnce) {
  Limits limits;
  limits.header_bytes_max = 4u << 20;
  limits.header_count_max = 10;
  const std::string bytes = "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(3u << 20, 'x') + "\r\n\r\n";
  Framer framer(limits);
  size_t taken = 0;
  for (size_t end = 1; end <= bytes.size(); ++end) {
    taken += framer.feed(std::string_view(bytes).substr(taken, end - taken));
  }
  EXPECT_EQ(framer.state(), State::complete);
  EXPECT_EQ(taken, bytes.size());
}

}  // namespace
}  // namespace counterpart::mock
