#include "mock/journal.h"

#include <cstring>

namespace counterpart::mock {

namespace {

/// What an entry costs beside its texts: the string, and its place in the deque.
constexpr size_t record_overhead_bytes = sizeof(std::string) + 16;

class Packer {
 public:
  explicit Packer(std::string& to) : to_(to) {}

  template <typename Number>
  void number(Number value) {
    to_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(std::string_view text) {
    number(static_cast<uint32_t>(text.size()));
    to_ += text;
  }

 private:
  std::string& to_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view from) : from_(from) {}

  template <typename Number>
  void number(Number& value) {
    std::memcpy(&value, from_.data(), sizeof value);
    from_.remove_prefix(sizeof value);
  }
  std::string_view text() {
    uint32_t bytes = 0;
    number(bytes);
    const std::string_view text = from_.substr(0, bytes);
    from_.remove_prefix(bytes);
    return text;
  }

 private:
  std::string_view from_;
};

/// Every field by one function, so that packing and unpacking cannot differ. `each` is called with numbers, then texts.
template <typename Entry, typename Number, typename Text>
void visit(Entry& entry, const Number& number, const Text& text) {
  number(entry.id);
  number(entry.at_ms);
  number(entry.real_ms);
  number(entry.microseconds);
  number(entry.delay_ms);
  number(entry.rule_line);
  number(entry.status);
  number(entry.violation);
  number(entry.unmatched);
  number(entry.undocumented);
  number(entry.request_body_bytes);
  number(entry.response_body_bytes);
  text(entry.method);
  text(entry.target);
  text(entry.contract);
  text(entry.operation);
  text(entry.response);
  text(entry.rule_file);
  text(entry.fault);
  text(entry.nearest);
  text(entry.request_body);
  text(entry.response_body);
}

std::string pack(const JournalEntry& entry) {
  size_t bytes = 216 + entry.target.size() + entry.request_body.size() + entry.response_body.size();
  for (const auto* headers : {&entry.request_headers, &entry.response_headers}) {
    for (const auto& [name, value] : *headers) bytes += name.size() + value.size() + 8;
  }
  std::string record;
  record.reserve(bytes);
  Packer packer(record);
  visit(
      entry, [&](const auto& value) { packer.number(value); }, [&](std::string_view text) { packer.text(text); });
  for (const auto* headers : {&entry.request_headers, &entry.response_headers}) {
    packer.number(static_cast<uint32_t>(headers->size()));
    for (const auto& [name, value] : *headers) {
      packer.text(name);
      packer.text(value);
    }
  }
  packer.number(static_cast<uint32_t>(entry.differences.size()));
  for (const std::string_view difference : entry.differences) packer.text(difference);
  return record;
}

JournalEntry without_bodies(const JournalEntry& entry) {
  constexpr size_t shown_bytes_max = 1024;
  JournalEntry cut = entry;
  cut.target = cut.target.substr(0, shown_bytes_max);
  cut.request_body = {};
  cut.response_body = {};
  cut.request_headers.clear();
  cut.response_headers.clear();
  cut.differences.clear();
  return cut;
}

}  // namespace

void Journal::add(const JournalEntry& entry) {
  if (!keeps()) return;
  JournalEntry numbered = entry;
  numbered.id = next_id_++;
  numbered.request_body_bytes = entry.request_body.size();
  numbered.response_body_bytes = entry.response_body.size();
  numbered.request_body = entry.request_body.substr(0, limits_.body_bytes_max);
  numbered.response_body = entry.response_body.substr(0, limits_.body_bytes_max);
  std::string record = pack(numbered);
  if (record.size() + record_overhead_bytes > limits_.bytes_max) record = pack(without_bodies(numbered));
  bytes_ += record.size() + record_overhead_bytes;
  records_.push_back(std::move(record));
  trim();
}

void Journal::set_bytes_max(size_t bytes) {
  limits_.bytes_max = bytes;
  trim();
}

void Journal::trim() {
  while (records_.size() > 1 && (records_.size() > limits_.entries_max || bytes_ > limits_.bytes_max)) {
    bytes_ -= records_.front().size() + record_overhead_bytes;
    records_.pop_front();
    ++dropped_;
  }
}

JournalEntry Journal::at(size_t index) const {
  JournalEntry entry;
  Unpacker unpacker(records_[index]);
  visit(
      entry, [&](auto& value) { unpacker.number(value); }, [&](std::string_view& text) { text = unpacker.text(); });
  for (auto* headers : {&entry.request_headers, &entry.response_headers}) {
    uint32_t count = 0;
    unpacker.number(count);
    for (uint32_t i = 0; i < count; ++i) {
      const std::string_view name = unpacker.text();
      headers->emplace_back(name, unpacker.text());
    }
  }
  uint32_t differences = 0;
  unpacker.number(differences);
  for (uint32_t i = 0; i < differences; ++i) entry.differences.push_back(unpacker.text());
  return entry;
}

void Journal::clear() {
  records_.clear();
  bytes_ = 0;
  dropped_ = 0;
}

}  // namespace counterpart::mock
