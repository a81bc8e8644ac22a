#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <mutex>

#include "counterpart/fuzz.hpp"
#include "fuzz/kit/kit.h"

namespace counterpart::fuzz_kit {

namespace {

/// One program, one contract; never destroyed, for fuzzers end programs as they like.
fuzz::Kit* kit = nullptr;
bool shows = false;

/// Which answer is being parsed, as a line that a signal handler can write.
char told[256];
size_t told_bytes = 0;

constexpr int crash_signals[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP};
struct sigaction others[std::size(crash_signals)];

/// Tells, then leaves the signal to whoever had it before: the fuzzer, a sanitizer, or the system.
void on_crash(int number, siginfo_t* information, void* context) {
  tell();
  for (size_t i = 0; i < std::size(crash_signals); ++i) {
    if (crash_signals[i] != number) continue;
    sigaction(number, &others[i], nullptr);
    if ((others[i].sa_flags & SA_SIGINFO) != 0) return others[i].sa_sigaction(number, information, context);
    raise(number);
  }
}

/// At the first answer: by then the fuzzer has set its own handlers, which it would not do later.
void watch_for_crashes() {
  struct sigaction action {};
  action.sa_sigaction = on_crash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < std::size(crash_signals); ++i) sigaction(crash_signals[i], &action, &others[i]);
}

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "counterpart: %s\n", why.c_str());
  std::_Exit(2);
}

std::string folder_of(const char* folder) {
  const auto has_contract = [](const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(std::filesystem::path(path) / "contract.yaml", ignored);
  };
  if (has_contract(folder)) return folder;
  const char* named = std::getenv("COUNTERPART_CONTRACT");
  if (named == nullptr || *named == '\0') {
    give_up(std::string("there is no contract in ") + folder +
            "; start in the folder that this path is from, or name the contract's folder in COUNTERPART_CONTRACT");
  }
  if (has_contract(named)) return named;
  give_up(std::string("there is no contract in ") + folder + ", nor in COUNTERPART_CONTRACT, " + named);
}

Response response_of(fuzz::Variant variant) {
  Response response;
  response.status = variant.answer.status;
  for (const http::Header& field : variant.answer.headers) response.headers.emplace_back(field.name, field.value);
  response.body = std::move(variant.answer.body);
  response.legality = static_cast<Legality>(variant.legality);
  response.operation = variant.operation->id;
  response.name = variant.response->name;
  return response;
}

void note(const Response& response) {
  const int bytes = std::snprintf(
      told, sizeof told, "counterpart: the answer is %.60s/%.60s, status %d, %s, %zu bytes\n",
      response.operation.c_str(), response.name.c_str(), response.status,
      std::string(fuzz::name_of(static_cast<fuzz::Legality>(response.legality))).c_str(), response.body.size());
  told_bytes = static_cast<size_t>(bytes);
}

size_t give(const std::string& bytes, uint8_t* out, size_t size_max) {
  const size_t size = std::min(bytes.size(), size_max);
  std::memcpy(out, bytes.data(), size);
  return size;
}

std::string_view text(const uint8_t* data, size_t size) { return {reinterpret_cast<const char*>(data), size}; }

}  // namespace

void initialize(const char* folder) {
  document::Diagnostics diagnostics;
  const std::string found = folder_of(folder);
  kit = fuzz::Kit::load(found, diagnostics).release();
  std::fputs(diagnostics.render(false).c_str(), stderr);
  if (kit == nullptr) give_up("the contract in " + found + " is invalid");
  shows = std::getenv("COUNTERPART_FUZZ_SHOW") != nullptr;
}

void test_one(const uint8_t* data, size_t size, Parser parser) {
  static std::once_flag watching;
  std::call_once(watching, watch_for_crashes);
  const Response response = response_of(kit->read(text(data, size)));
  note(response);
  if (shows) {
    tell();
    std::fwrite(response.body.data(), 1, response.body.size(), stderr);
    std::fputc('\n', stderr);
    note(response);
  }
  parser(response);
  told_bytes = 0;
}

void tell() noexcept {
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, told, told_bytes);
  told_bytes = 0;  // once for each answer: a sanitizer's report and the signal may both ask
}

size_t mutate(uint8_t* data, size_t size, size_t size_max, unsigned seed, Mutate mutate) {
  return give(kit->mutate(text(data, size), size_max, seed, mutate == nullptr ? fuzz::Kit::ChangeBytes() : mutate),
              data, size_max);
}

size_t cross_over(const uint8_t* a, size_t a_size, const uint8_t* b, size_t b_size, uint8_t* out, size_t out_size_max,
                  unsigned seed) {
  return give(kit->cross_over(text(a, a_size), text(b, b_size), out_size_max, seed), out, out_size_max);
}

}  // namespace counterpart::fuzz_kit
