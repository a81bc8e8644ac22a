#include "fuzz/server/dictionary.h"

#include <algorithm>
#include <set>

#include "engine/document/json.h"
#include "fuzz/server/odd_tables.h"

namespace counterpart::fuzz::server {

namespace {

using conformance::Json;
using conformance::Trick;
using namespace tables;

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
      return std::string(one_of(sizes, random), "aA0 %"[random.below(5)]);
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
