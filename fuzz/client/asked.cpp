#include "fuzz/client/asked.h"

#include <algorithm>

#include "mock/codec.h"

namespace counterpart::fuzz::client {

namespace {

/// Hands the codec an answer that is there already.
class Ready final : public mock::Handler {
 public:
  explicit Ready(http::Response response) : response_(std::move(response)) {}
  mock::Reply answer(http::Request&) override { return response_; }
  void refused(const http::Request&, http::Response&) override {}

 private:
  const http::Response response_;
};

/// As it is sent, in whichever framing is the longest: an offset past the end is the end.
Sizes sizes_of(const http::Response& response, http::Request request) {
  Ready ready(response);
  mock::Codec codec(ready);
  Sizes longest;
  for (const mock::Framing framing : {mock::Framing{false, true}, {false, false}, {true, true}, {true, false}}) {
    std::string bytes;
    const size_t head = codec.answer(request, framing, bytes).head_bytes;
    if (bytes.size() > longest.all()) longest = {head, bytes.size() - head};
  }
  return longest;
}

void grow(Sizes& sizes, const Sizes& other) {
  if (other.all() > sizes.all()) sizes = other;
}

std::vector<http::Request> requests_in(mock::Spaces& spaces, const std::string& space) {
  std::vector<http::Request> requests;
  spaces.use(space)->with_journal([&](mock::Journal& journal) {
    for (size_t i = 0; i < journal.size(); ++i) {
      const mock::JournalEntry entry = journal.at(i);
      http::Request request{std::string(entry.method), std::string(entry.target), {}, std::string(entry.request_body)};
      for (const auto& [name, value] : entry.request_headers)
        request.headers.add(std::string(name), std::string(value));
      requests.push_back(std::move(request));
    }
  });
  return requests;
}

/// Asks again in a fresh space; `use` sees each request and what it was answered.
template <typename Use>
void ask_again(mock::Spaces& spaces, const std::vector<http::Request>& requests,
               const std::shared_ptr<mock::Cues>& cues, Use use) {
  constexpr const char* name = "asked-again";
  spaces.remove(name);
  const mock::Spaces::Use space = spaces.use(name);
  space->reset(spaces.options().seed);
  if (cues != nullptr) space->add_cues(0, cues);
  for (const http::Request& request : requests) use(request, space->play(request));
  spaces.remove(name);
}

AskedOperation& entry_of(std::vector<AskedOperation>& asked, const contract::Operation& operation) {
  for (AskedOperation& one : asked) {
    if (one.operation == &operation) return one;
  }
  asked.push_back({&operation, 0, {}, {}, {}});
  return asked.back();
}

}  // namespace

std::vector<AskedOperation> asked_in(mock::Spaces& spaces, const std::string& space, const conformance::Suite& suite) {
  const std::vector<http::Request> requests = requests_in(spaces, space);
  std::vector<AskedOperation> asked;
  ask_again(spaces, requests, nullptr, [&](const http::Request& request, const mock::Played& played) {
    if (played.answer.operation == nullptr) return;
    const contract::Operation* operation = suite.contract().find_operation(played.answer.operation->id);
    if (operation == nullptr) return;
    AskedOperation& one = entry_of(asked, *operation);
    ++one.calls;
    grow(one.sizes, sizes_of(played.answer.response, request));
    if (played.answer.documented == nullptr) return;
    if (const auto* given = operation->find_response(played.answer.documented->name)) one.given.insert(given);
  });
  const contract::Contract& played_contract = spaces.stage()->seats()[0].engine->contract();
  for (AskedOperation& one : asked) {
    for (const auto& response : one.operation->responses) {
      Damage damage;
      damage.operation = one.operation;
      damage.respond = response.get();
      document::Diagnostics unheard;  // names that are the contract's own fit it
      const auto cues = mock::Cues::parse("play", play_text(damage), played_contract, unheard);
      Sizes sizes;
      ask_again(spaces, requests, cues, [&](const http::Request& request, const mock::Played& played) {
        const auto* operation = played.answer.operation;
        if (operation != nullptr && operation->id == one.operation->id) {
          grow(sizes, sizes_of(played.answer.response, request));
        }
      });
      one.could.emplace_back(response.get(), sizes);
    }
  }
  return asked;
}

}  // namespace counterpart::fuzz::client
