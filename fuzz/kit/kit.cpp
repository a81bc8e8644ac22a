#include "fuzz/kit/kit.h"

#include <algorithm>

#include "fuzz/kit/message_text.h"

namespace counterpart::fuzz {

namespace {

std::string cut(std::string text, size_t size_max) {
  if (text.size() > size_max) text.resize(size_max);
  return text;
}

/// What coverage and dictionaries teach a fuzzer, it tells by changing bytes.
void change_body(Variant& variant, const Kit::ChangeBytes& change_bytes) {
  constexpr size_t room = 256;
  std::string& body = variant.answer.body;
  const size_t size = body.size();
  body.resize(std::min(size + room, Variant::body_bytes_max));
  body.resize(change_bytes(reinterpret_cast<uint8_t*>(body.data()), std::min(size, body.size()), body.size()));
}

}  // namespace

std::unique_ptr<Kit> Kit::load(const std::string& folder, document::Diagnostics& diagnostics) {
  conformance::SuiteOptions options;
  options.exact = true;
  auto suite = conformance::load_suite(folder, options, diagnostics);
  if (suite == nullptr) return nullptr;
  std::unique_ptr<Kit> kit(new Kit(std::move(suite)));
  if (!kit->mutator_.documented().empty()) return kit;
  diagnostics.error({kit->suite().contract().source, {}}, "the contract documents no response that could be mutated");
  return nullptr;
}

Variant Kit::parsed(std::string_view bytes) const {
  return read_message(bytes, mutator_.documented().front(), suite_->contract());
}

Variant Kit::read(std::string_view bytes) const {
  Variant variant = parsed(bytes);
  variant.legality = mutator_.judge().judge(variant);
  return variant;
}

std::string Kit::mutate(std::string_view bytes, size_t size_max, uint64_t seed, const ChangeBytes& change_bytes) const {
  state::SeededRandom random(seed);
  constexpr uint64_t afresh_one_in = 16;
  constexpr uint64_t bytes_one_in = 4;
  constexpr int tries = 4;
  constexpr size_t head_bytes = 512;  // about what is in front of a body
  const auto& documented = mutator_.documented();
  Variant from = parsed(bytes);
  if (bytes.empty() || random.below(afresh_one_in) == 0) {
    std::vector<const Variant*> fitting;
    for (const Variant& variant : documented) {
      if (variant.answer.body.size() + head_bytes <= size_max) fitting.push_back(&variant);
    }
    from = fitting.empty() ? documented.front() : *fitting[random.below(fitting.size())];
  }
  if (change_bytes && random.below(bytes_one_in) == 0) {
    change_body(from, change_bytes);
    return cut(write_message(from), size_max);
  }
  const auto wanted = static_cast<Legality>(random.below(3));
  const size_t head = write_message(from).size() - from.answer.body.size();
  const size_t body_max = std::min(Variant::body_bytes_max, size_max > head ? size_max - head : 0);
  for (int i = 0; i < tries; ++i) {
    std::string text = write_message(mutator_.mutate(from, wanted, random, body_max));
    if (text.size() <= size_max) return text;
  }
  return cut(write_message(from), size_max);
}

std::string Kit::cross_over(std::string_view a, std::string_view b, size_t size_max, uint64_t seed) const {
  state::SeededRandom random(seed);
  Variant one = parsed(a);
  const Variant other = parsed(b);
  switch (random.below(4)) {
    case 0:
      one.answer.body = other.answer.body;
      break;
    case 1:
      one.answer.headers = other.answer.headers;
      break;
    case 2:
      one.answer.status = other.answer.status;
      break;
    default: {
      const size_t at = static_cast<size_t>(random.below(one.answer.body.size() + 1));
      const size_t from = static_cast<size_t>(random.below(other.answer.body.size() + 1));
      one.answer.body.replace(at, std::string::npos, other.answer.body, from, std::string::npos);
    }
  }
  return cut(write_message(one), size_max);
}

}  // namespace counterpart::fuzz
