#include "fuzz/server/dictionary.h"

#include <algorithm>
#include <set>

#include "engine/document/json.h"

namespace counterpart::fuzz::server {

namespace {

using conformance::Json;
using conformance::Trick;
using namespace std::string_literals;

constexpr size_t sizes[] = {64, 255, 256, 257, 1023, 1024, 4096, 8192, 20'000};

const std::string odd_texts[] = {"",
                                 " ",
                                 "\0"s,
                                 "a\0b"s,
                                 "\t",
                                 "\r\n",
                                 "\xC3\xA9",
                                 "e\xCC\x81",
                                 "\xE6\x97\xA5\xE6\x9C\xAC",
                                 "\xF0\x9F\x98\x80",
                                 "\xE2\x80\xAE",
                                 "\xEF\xBB\xBF",
                                 "\xEF\xBF\xBF",
                                 "\xF4\x8F\xBF\xBF",
                                 "\xC2\x80",
                                 "\x7F",
                                 "%",
                                 "%00",
                                 "%41",
                                 "%2e%2e%2f",
                                 "%252e",
                                 ".",
                                 "..",
                                 "../",
                                 "../../../../etc/passwd",
                                 "/",
                                 "\\",
                                 "?",
                                 "#",
                                 "&",
                                 "=",
                                 "+",
                                 ";",
                                 ",",
                                 "*",
                                 "'",
                                 "\"",
                                 "`",
                                 "' OR '1'='1",
                                 "\"; --",
                                 "<script>",
                                 "${7*7}",
                                 "{{7*7}}",
                                 "%s%n%x",
                                 "$(id)",
                                 "|id",
                                 "null",
                                 "undefined",
                                 "true",
                                 "NaN",
                                 "Infinity",
                                 "-Infinity",
                                 "-0",
                                 "00",
                                 "01",
                                 "+1",
                                 " 1",
                                 "1 ",
                                 "1.0",
                                 "1.",
                                 ".5",
                                 "1e3",
                                 "1E400",
                                 "0x10",
                                 "1_000",
                                 "2147483647",
                                 "2147483648",
                                 "-2147483649",
                                 "4294967296",
                                 "9007199254740993",
                                 "9223372036854775807",
                                 "9223372036854775808",
                                 "18446744073709551616",
                                 "99999999999999999999999999",
                                 "[]",
                                 "{}",
                                 "[1]",
                                 "{\"a\":1}",
                                 "1970-01-01T00:00:00Z",
                                 "9999-12-31T23:59:60Z",
                                 "__proto__",
                                 "constructor",
                                 "toString"};

const int64_t odd_numbers[] = {0,
                               1,
                               -1,
                               2,
                               127,
                               128,
                               255,
                               256,
                               32'767,
                               65'536,
                               2'147'483'647,
                               2'147'483'648,
                               -2'147'483'648,
                               4'294'967'296,
                               9'007'199'254'740'993,
                               INT64_MAX,
                               INT64_MIN};

// Bytes as they go into a target: nothing that ends a request line.
const std::string path_pieces[] = {
    "/",     "//",  "/./",       "/../",         "/x/../", "%2f",   "%2F",  "%2e",         "%2e%2e/",  "..%2f",
    "\\",    "%5c", "%00",       "%0d%0a",       "%",      "%4",    "%zz",  "%c0%af",      "%c0%80",   "%e0%80%af",
    "%252f", "%ff", "%ed%a0%80", "%f4%90%80%80", ";a=b",   ";",     "*",    "~",           "$",        ":",
    "@",     "'",   "\"",        "<>",           "|",      ".json", ".php", "/index.html", "\xC3\xA9", "\xFF",
    "a",     "A",   "0"};

const std::string query_pieces[] = {"",
                                    "&",
                                    "&&",
                                    "=",
                                    "=x",
                                    "counterpart",
                                    "counterpart=",
                                    "counterpart=1",
                                    "counterpart[]=1",
                                    "counterpart[a]=1",
                                    "counterpart[a][b][c]=1",
                                    "a=b=c",
                                    "a;b",
                                    "%",
                                    "%=%",
                                    "%zz=1",
                                    "a=%00",
                                    "a=%c0%af",
                                    "a=%ff%fe",
                                    "a=%0d%0aX:%20y",
                                    "a=+",
                                    "a=%2B",
                                    "a=%u0041",
                                    "?",
                                    "?a=1",
                                    "[]",
                                    "{}",
                                    "__proto__=1",
                                    "__proto__[x]=1",
                                    "constructor=1",
                                    "callback=x",
                                    "_=1",
                                    "a=\xC3\xA9",
                                    "a=\xFF",
                                    "a='",
                                    "a=\"",
                                    "a=<script>"};

struct Field {
  const char* name;
  const char* text;
};

// Within the grammar of RFC 9110; none that changes the framing, and no Prefer: that asks a mock for another answer.
constexpr Field fields[] = {{"Accept", "application/xml"},
                            {"Accept", "*/*;q=0"},
                            {"Accept", ",,;q="},
                            {"Accept", "application/json;q=1.000"},
                            {"Accept-Charset", "utf-7"},
                            {"Accept-Encoding", "br;q=1, *;q=0"},
                            {"Accept-Encoding", "identity;q=0"},
                            {"Accept-Language", "x-klingon, *;q=0.5"},
                            {"Cache-Control", "only-if-cached"},
                            {"Connection", "close"},
                            {"Connection", "keep-alive, X-Counterpart"},
                            {"Cookie", "a"},
                            {"Cookie", "a=b; c=\"d; e"},
                            {"Cookie", "=;;="},
                            {"Content-Encoding", "gzip"},
                            {"Content-Language", "-"},
                            {"Content-Type", "text/plain"},
                            {"Content-Type", "json"},
                            {"Content-Type", "application/json; charset=utf-16"},
                            {"Content-Type", "multipart/form-data"},
                            {"Content-Type", ""},
                            {"Date", "yesterday"},
                            {"Expect", "100-continue"},
                            {"Expect", "the worst"},
                            {"Forwarded", "for=\"_gazonk\""},
                            {"From", "@"},
                            {"If-Match", "\"x\""},
                            {"If-Modified-Since", "Sat, 29 Feb 2100 25:61:61 GMT"},
                            {"If-None-Match", "W/"},
                            {"If-None-Match", "\"x\""},
                            {"If-Range", "\""},
                            {"If-Unmodified-Since", "0"},
                            {"Max-Forwards", "-1"},
                            {"Origin", "null"},
                            {"Origin", "https://evil.example"},
                            {"Pragma", "no-cache"},
                            {"Range", "bytes=0-0"},
                            {"Range", "bytes=-1"},
                            {"Range", "bytes=9-1"},
                            {"Range", "bytes=0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0"},
                            {"Range", "lines=1-2"},
                            {"Referer", "about:blank"},
                            {"TE", "trailers, gzip;q=0.5"},
                            {"Trailer", "Content-Length"},
                            {"User-Agent", ""},
                            {"User-Agent", "() { :; }"},
                            {"Via", "1.1 counterpart"},
                            {"Warning", "199 - \"\""},
                            {"X-Counterpart", ""},
                            {"X-Counterpart", "\xC3\xA9\xFF"},
                            {"X-Counterpart", "%s%n%x"},
                            {"X-Counterpart", "a\tb"},
                            {"X-Forwarded-For", "127.0.0.1, ::1, unknown"},
                            {"X-Forwarded-Host", "evil.example"},
                            {"X-Forwarded-Proto", "gopher"},
                            {"X-HTTP-Method-Override", "PATCH"},
                            {"X-Original-URL", "/"},
                            {"X-Real-IP", "0"},
                            {"!#$%&'*+-.^_`|~", "0"},
                            {"x", ""},
                            {"__proto__", "x"}};

constexpr Field bodies[] = {{"application/json", "{"},
                            {"application/json", "{}"},
                            {"application/json", "[]"},
                            {"application/json", "null"},
                            {"application/json", "0"},
                            {"application/json", "\"\\ud800\""},
                            {"application/json", "{\"a\":1,\"a\":2}"},
                            {"application/json", "\xEF\xBB\xBF{}"},
                            {"application/json", "{\"a\":\"\xFF\"}"},
                            {"application/json", "1e999"},
                            {"application/json", "{\"__proto__\":{\"x\":1}}"},
                            {"application/json", "nul"},
                            {"application/json", "[1,]"},
                            {"application/x-www-form-urlencoded", "a=1&a=2&=&%"},
                            {"text/plain", "x"},
                            {"application/octet-stream", "\xFF\xFE"},
                            {"application/xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"},
                            {"multipart/form-data; boundary=x", "--x\r\n\r\n--x--"},
                            {"multipart/form-data", "--\r\n"},
                            {"", "x"}};

constexpr const char* methods[] = {"POST",  "PUT",    "PATCH",   "OPTIONS", "TRACE", "PROPFIND",
                                   "QUERY", "SEARCH", "CONNECT", "get",     "G",     "M-SEARCH"};

Trick path_trick(const std::string& target, state::Random& random) {
  Trick trick;
  trick.kind = Trick::Kind::path;
  const size_t size = std::min(target.find('?'), target.size());
  trick.at = random.below(std::max<size_t>(1, size));
  trick.text = one_of(path_pieces, random);
  if (random.below(4) == 0) {  // an escape in place of its letter, or the other case
    const char letter = target[std::min(trick.at + 1, size - 1)];
    static constexpr char digits[] = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(letter);
    const bool is_lower = letter >= 'a' && letter <= 'z';
    trick.cut = 1;
    trick.text = random.below(2) == 0 && is_lower ? std::string(1, static_cast<char>(letter - 'a' + 'A'))
                                                  : std::string{'%', digits[byte >> 4], digits[byte & 15]};
  } else if (random.below(16) == 0) {
    trick.count = one_of(sizes, random);
  } else if (random.below(8) == 0) {
    trick.cut = 1 + random.below(8);
  }
  return trick;
}

Trick body_trick(state::Random& random) {
  Trick trick;
  trick.kind = Trick::Kind::body;
  const uint64_t choice = random.below(8);
  if (choice == 0) {  // deep
    static constexpr size_t depths[] = {65, 257, 1025, 10'000, 100'000};
    const bool is_list = random.below(2) == 0;
    trick.name = "application/json";
    trick.text = is_list ? "[" : "{\"a\":";
    trick.tail = is_list ? "]" : "}";
    trick.count = one_of(depths, random);
  } else if (choice == 1) {  // large
    trick.name = one_of(bodies, random).name;
    trick.text = "counterpart ";
    trick.count = random.below(8) == 0 ? conformance::trick_body_bytes_max : one_of(sizes, random);
  } else {
    const Field& body = one_of(bodies, random);
    trick.name = body.name;
    trick.text = body.text;
  }
  return trick;
}

Trick header_trick(const Dictionary& dictionary, state::Random& random) {
  const Field& field = one_of(fields, random);
  Trick trick;
  trick.kind = Trick::Kind::header;
  trick.name = field.name;
  trick.text = field.text;
  const uint64_t choice = random.below(16);
  if (choice == 0) trick.count = 2 + random.below(120);
  if (choice == 1) trick.text = std::string(one_of(sizes, random), 'x');
  if (choice == 2) trick.name = "X-" + std::string(one_of(sizes, random), 'x');
  if (choice == 3 && !dictionary.headers.empty()) trick.name = one_of(dictionary.headers, random);
  if (choice == 4 && !dictionary.words.empty()) trick.text = http::field_value(one_of(dictionary.words, random));
  return trick;
}

/// What a destructive operation is told by is no word to play with.
std::set<std::string> dangerous_words(const contract::Contract& contract) {
  std::set<std::string> words;
  for (const contract::Operation& operation : contract.operations) {
    if (!operation.destructive) continue;
    for (const contract::Parameter& parameter : operation.parameters) {
      if (parameter.literal && parameter.literal->is_string()) words.insert(parameter.literal->get<std::string>());
    }
  }
  return words;
}

}  // namespace

Dictionary dictionary_of(const conformance::Suite& suite) {
  const std::set<std::string> dangerous = dangerous_words(suite.contract());
  std::set<std::string> words, headers;
  const auto add = [&](const Json& value) {
    const std::string text = value.is_string() ? value.get<std::string>() : document::write_json(value);
    constexpr size_t word_bytes_max = 256;
    if (!text.empty() && text.size() <= word_bytes_max && !dangerous.contains(text)) words.insert(text);
  };
  for (const contract::Operation& operation : suite.contract().operations) {
    if (operation.destructive) continue;
    for (const contract::Segment& segment : operation.segments) add(segment.text);
    for (const contract::Parameter& parameter : operation.parameters) {
      add(parameter.name);
      if (parameter.literal) add(*parameter.literal);
      if (parameter.default_value) add(*parameter.default_value);
      const Json& schema = parameter.schema.source();
      const auto values = schema.is_object() ? schema.find("enum") : schema.end();
      if (schema.is_object() && values != schema.end() && values->is_array()) {
        for (const Json& value : *values) add(value);
      }
      if (parameter.in == contract::Place::header) headers.insert(parameter.name);
    }
    for (const auto& response : operation.responses) {
      for (const auto& [name, value] : response->headers) headers.insert(name);
    }
  }
  for (const auto& [name, value] : suite.contract().variables.items()) {
    add(name);
    if (!suite.undefined.contains(name)) add(value);
  }
  headers.erase("Prefer");
  return {{words.begin(), words.end()}, {headers.begin(), headers.end()}};
}

Json odd_value(const Dictionary& dictionary, state::Random& random) {
  switch (random.below(8)) {
    case 0:
    case 1:
      return one_of(odd_numbers, random);
    case 2:
      return std::string(one_of(sizes, random), "aA0 %\xC3"[random.below(5)]);
    case 3:
      if (!dictionary.words.empty()) return one_of(dictionary.words, random);
      [[fallthrough]];
    case 4:
      return one_of(odd_texts, random) + one_of(odd_texts, random);
    default:
      return one_of(odd_texts, random);
  }
}

Trick odd_trick(const Dictionary& dictionary, const std::string& target, state::Random& random) {
  switch (random.below(10)) {
    case 0:
    case 1:
    case 2:
      return path_trick(target, random);
    case 3:
    case 4: {
      Trick trick;
      trick.text = one_of(query_pieces, random);
      if (random.below(16) == 0) trick.text = "&a=1", trick.count = one_of(sizes, random);
      return trick;
    }
    case 5: {
      Trick trick;
      trick.kind = Trick::Kind::method;
      trick.text = one_of(methods, random);
      return trick;
    }
    case 6:
      return body_trick(random);
    default:
      return header_trick(dictionary, random);
  }
}

}  // namespace counterpart::fuzz::server
