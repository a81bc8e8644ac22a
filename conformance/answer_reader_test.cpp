#include "conformance/answer_reader.h"

#include <gtest/gtest.h>

namespace counterpart::conformance {
namespace {

using End = AnswerReader::End;

/// What became of some bytes, written down in one line.
struct Reading {
  std::string text;
  std::string left;  ///< what came behind the answer
};

/// `piece` bytes come at a time, then the connection ends.
Reading read(const std::string& wire, size_t piece, const std::string& method = "GET", size_t body_bytes_max = 1'000) {
  std::string bytes;
  size_t sent = 0;
  AnswerReader reader(method, body_bytes_max, bytes, [&](std::string& to) {
    if (sent == wire.size()) return false;
    to.append(wire, sent, piece);
    sent = std::min(wire.size(), sent + std::min(piece, wire.size()));
    return true;
  });
  http::Response response;
  const End end = reader.read(response);
  Reading result;
  result.left = bytes + wire.substr(sent);
  if (end == End::malformed) {
    result.text = "malformed: " + reader.sentence();
  } else if (end == End::cut) {
    result.text = (reader.body_ends_with_connection() ? "all " : "cut: ") + reader.progress();
  } else {
    result.text = std::to_string(response.status);
    for (const http::Header& field : response.headers) result.text += " " + field.name + "=" + field.value;
    result.text += " [" + response.body + "]" + (reader.keep_alive() ? " kept" : "");
  }
  return result;
}

struct AnswerCase {
  const char* name;
  std::string wire;
  std::string expected;
  std::string method = "GET";
};

class AnswerReaderTest : public testing::TestWithParam<AnswerCase> {};

TEST_P(AnswerReaderTest, IsTheSameHoweverTheBytesCome) {
  const AnswerCase& one = GetParam();
  for (const size_t piece : {size_t{1}, size_t{2}, size_t{7}, size_t{100'000'000}}) {
    // What is read beyond the answer shows that the connection is spoilt, when it came with it.
    EXPECT_EQ(read(one.wire, piece, one.method).text, one.expected) << "in pieces of " << piece;
  }
}

const std::string ok = "HTTP/1.1 200 OK\r\n";
const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
const std::string chunked_read = "200 Transfer-Encoding=chunked [";

const AnswerCase answer_cases[] = {
    {"length", ok + "Content-Length: 2\r\n\r\nhi", "200 Content-Length=2 [hi] kept"},
    {"no_reason", "HTTP/1.1 204 \r\n\r\n", "204 [] kept"},
    {"no_reason_and_no_space", "HTTP/1.1 204\r\n\r\n", "204 [] kept"},
    {"fields_as_they_came", ok + "b: x%2Fy%20z\r\nA:1\r\nempty:\r\nB: \t 2 \t\r\nContent-Length: 0\r\n\r\n",
     "200 b=x%2Fy%20z A=1 empty= B=2 Content-Length=0 [] kept"},
    {"folded", ok + "A: x\r\n  y\r\n\tz\r\nContent-Length: 0\r\n\r\n", "200 A=x y z Content-Length=0 [] kept"},
    {"bytes_past_ascii", ok + "A: \xc3\xa4\xff\r\nContent-Length: 1\r\n\r\n\xff",
     "200 A=\xc3\xa4\xff Content-Length=1 [\xff] kept"},
    {"head", ok + "Content-Length: 5\r\n\r\n", "200 Content-Length=5 [] kept", "HEAD"},
    {"head_chunked", chunked, chunked_read + "] kept", "HEAD"},
    {"no_content", "HTTP/1.1 204 N\r\nContent-Length: 5\r\n\r\n", "204 Content-Length=5 [] kept"},
    {"not_modified", "HTTP/1.1 304 N\r\nContent-Length: 5\r\n\r\n", "304 Content-Length=5 [] kept"},
    {"close", ok + "Connection: a, Close\r\nContent-Length: 0\r\n\r\n", "200 Connection=a, Close Content-Length=0 []"},
    {"http_1_0", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "200 Content-Length=0 []"},
    {"http_1_0_kept", "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n",
     "200 Connection=Keep-Alive Content-Length=0 [] kept"},
    {"to_the_end", ok + "\r\nabc", "all 3 bytes of the body came, and not its end"},
    {"chunks", chunked + "3\r\nabc\r\n0A ; x=y\r\n0123456789\r\n000\r\n\r\n", chunked_read + "abc0123456789] kept"},
    {"trailers", chunked + "1\r\na\r\n0\r\nX: y\r\n\r\n", chunked_read + "a] kept"},
    {"equal_lengths", ok + "Content-Length: 1, 1\r\ncontent-length: 1\r\n\r\na",
     "200 Content-Length=1, 1 content-length=1 [a] kept"},
    {"interim", "HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 103 E\r\n\r\n" + ok + "Content-Length: 0\r\n\r\n",
     "200 Content-Length=0 [] kept"},
    {"nul_in_the_body", ok + "Content-Length: 3\r\n\r\na" + std::string(1, '\0') + "b",
     "200 Content-Length=3 [a" + std::string(1, '\0') + "b] kept"},

    {"nothing", "", "cut: no byte of an answer came"},
    {"half_a_head", ok + "A: b", "cut: 21 bytes of a head came"},
    {"half_a_body", ok + "Content-Length: 10\r\n\r\nabc", "cut: 3 of the body's 10 bytes came"},
    {"half_a_chunk", chunked + "5\r\nabc", "cut: 3 bytes of the body came, and not its end"},
    {"no_last_chunk", chunked + "3\r\nabc\r\n", "cut: 3 bytes of the body came, and not its end"},
    {"no_end_of_trailers", chunked + "0\r\n", "cut: 0 bytes of the body came, and not its end"},

    {"lf_alone", "HTTP/1.1 200 OK\n\n", "malformed: the status line ends with LF alone, without CR"},
    {"lf_alone_in_fields", ok + "A: b\n\r\n", "malformed: the head ends with LF alone, without CR"},
    {"version_2", "HTTP/2 200\r\n\r\n", "malformed: the status line is no such: \"HTTP/2 200\""},
    {"two_digits", "HTTP/1.1 20 OK\r\n\r\n", "malformed: the status line is no such: \"HTTP/1.1 20 OK\""},
    {"four_digits", "HTTP/1.1 2000 OK\r\n\r\n", "malformed: the status line is no such: \"HTTP/1.1 2000 OK\""},
    {"nul_in_the_reason", "HTTP/1.1 200 O" + std::string(1, '\0') + "\r\n\r\n",
     "malformed: the status line is no such: \"HTTP/1.1 200 O\\x00\""},
    {"status_0", "HTTP/1.1 099 x\r\n\r\n", "malformed: 099 is no status"},
    {"protocol_change", "HTTP/1.1 101 x\r\n\r\n",
     "malformed: the answer is 101, a change of protocol that was not asked for"},
    {"no_colon", ok + "abc\r\n\r\n", "malformed: a line of the head is no field: \"abc\""},
    {"space_before_colon", ok + "A : b\r\n\r\n", "malformed: a line of the head is no field: \"A : b\""},
    {"no_name", ok + ": b\r\n\r\n", "malformed: a line of the head is no field: \": b\""},
    {"folded_nothing", ok + " a: b\r\n\r\n", "malformed: the head's first field line begins with a space"},
    {"nul_in_a_value", ok + "A: b" + std::string(1, '\0') + "\r\n\r\n",
     "malformed: the header A holds control characters: \"b\\x00\""},
    {"cr_in_a_value", ok + "A: b\rc\r\n\r\n", "malformed: the header A holds control characters: \"b\\x0dc\""},
    {"negative_length", ok + "Content-Length: -1\r\n\r\n", "malformed: the Content-Length is no length: \"-1\""},
    {"empty_length", ok + "Content-Length:\r\n\r\n", "malformed: the Content-Length is no length: \"\""},
    {"huge_length", ok + "Content-Length: 99999999999999999999999\r\n\r\n",
     "malformed: the Content-Length is no length: \"99999999999999999999999\""},
    {"long_length", ok + "Content-Length: 18446744073709551615\r\n\r\n",
     "malformed: the body is larger than 1000 bytes"},
    {"two_lengths", ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
     "malformed: two lengths in Content-Length: \"1\" and \"2\""},
    {"length_and_chunks", ok + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
     "malformed: the answer has both Transfer-Encoding and Content-Length"},
    {"chunks_in_http_1_0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
     "malformed: an answer of HTTP/1.0 has Transfer-Encoding"},
    {"other_coding", ok + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
     "malformed: the transfer coding is \"gzip, chunked\", and chunked was expected"},
    {"chunk_garbage", chunked + "3\r\nabcGARBAGE\r\n", "malformed: a chunk is followed by \"GARBAGE\""},
    {"chunk_without_size", chunked + "\r\nabc", "malformed: a chunk's size is no such: \"\""},
    {"chunk_minus", chunked + "-1\r\nabc", "malformed: a chunk's size is no such: \"-1\""},
    {"chunk_0x", chunked + "0x3\r\nabc", "malformed: a chunk's size is no such: \"0x3\""},
    {"chunk_overflow", chunked + "fffffffffffffffff\r\nabc",
     "malformed: a chunk's size is no such: \"fffffffffffffffff\""},
    {"chunk_max", chunked + "ffffffffffffffff\r\nabc", "malformed: the body is larger than 1000 bytes"},
    {"chunk_too_large", chunked + "3e0\r\n" + std::string(992, 'a') + "\r\n9\r\n012345678\r\n",
     "malformed: the body is larger than 1000 bytes"},
    {"body_too_large", ok + "\r\n" + std::string(1'001, 'a'), "malformed: the body is larger than 1000 bytes"},
    {"long_chunk_line", chunked + "1;" + std::string(5'000, 'a') + "\r\n",
     "malformed: a chunk's size is longer than 4096 bytes"},
    {"long_extensions",
     [] {
       std::string wire = chunked;
       for (int i = 0; i < 20; ++i) wire += "1;" + std::string(4'000, 'a') + "\r\nb\r\n";
       return wire;
     }(),
     "malformed: the chunks' extensions are longer than 65536 bytes"},
    {"long_reason", "HTTP/1.1 200 " + std::string(300'000, 'a') + "\r\n\r\n",
     "malformed: the status line is longer than 262144 bytes"},
    {"long_field", ok + "A: " + std::string(300'000, 'a') + "\r\n\r\n",
     "malformed: the head is longer than 262127 bytes"},
    {"many_fields",
     [] {
       std::string wire = ok;
       for (int i = 0; i < 1'001; ++i) wire += "A: b\r\n";
       return wire + "\r\n";
     }(),
     "malformed: the head has more than 1000 fields"},
    {"many_interim_answers",
     [] {
       std::string wire;
       for (int i = 0; i < 17; ++i) wire += "HTTP/1.1 100 C\r\n\r\n";
       return wire;
     }(),
     "malformed: more than 16 interim answers came"},
};

INSTANTIATE_TEST_SUITE_P(Cases, AnswerReaderTest, testing::ValuesIn(answer_cases),
                         [](const auto& one) { return one.param.name; });

TEST(AnswerReader, WhatIsNotHttpNeedsNoLineToBeRefused) {
  EXPECT_EQ(read("\x15\x03\x03" + std::string(100, 'a'), 3).text,
            "malformed: what came is not HTTP: it begins with \"\\x15\\x03\\x03\"");
  EXPECT_EQ(read("HTML", 100).text, "malformed: what came is not HTTP: it begins with \"HTML\"");
  EXPECT_EQ(read("\r\n" + ok, 1).text, "malformed: what came is not HTTP: it begins with \"\\x0d\"");
}

TEST(AnswerReader, WhatComesBehindSpoilsTheConnection) {
  const Reading reading = read(ok + "Content-Length: 2\r\n\r\nhi!", 1'000);
  EXPECT_EQ(reading.text, "200 Content-Length=2 [hi]");
  EXPECT_EQ(reading.left, "!");
}

TEST(AnswerReader, EveryBeginningOfAnAnswerIsCut) {
  const std::string wire =
      "HTTP/1.1 100 C\r\n\r\n" + ok + "Transfer-Encoding: chunked\r\nA: b\r\n\r\n3\r\nabc\r\n0\r\nT: u\r\n\r\n";
  for (size_t bytes = 0; bytes < wire.size(); ++bytes) {
    EXPECT_EQ(read(wire.substr(0, bytes), 5).text.substr(0, 5), "cut: ") << bytes;
  }
  EXPECT_EQ(read(wire, 5).text, "200 Transfer-Encoding=chunked A=b [abc] kept");
}

TEST(AnswerReader, DamagedBytesEndInOneOfThreeWays) {
  const std::string wire = ok + "Transfer-Encoding: chunked\r\nA: b\r\n\r\n3\r\nabc\r\n0\r\nT: u\r\n\r\n";
  for (size_t at = 0; at < wire.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string damaged = wire;
      damaged[at] = static_cast<char>(byte);
      const std::string text = read(damaged, 7).text;
      EXPECT_TRUE(text.starts_with("malformed: ") || text.starts_with("cut: ") || text.starts_with("all ") ||
                  std::isdigit(static_cast<unsigned char>(text[0])))
          << text;
    }
  }
}

}  // namespace
}  // namespace counterpart::conformance
