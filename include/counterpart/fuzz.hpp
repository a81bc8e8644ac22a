#pragma once
/// Fuzzing a parser of an API's answers, or anything that reads them, with libFuzzer or AFL++: all a user needs. One file,
///
///     #include <counterpart/fuzz.hpp>
///     COUNTERPART_FUZZ_RESPONSES("scenarios/keyauth-seller", [](const counterpart::Response& response) {
///       my_parser(response.body);
///     })
///
/// linked with counterpart::fuzz and -fsanitize=fuzzer, is a fuzz target whose mutator begins with every answer that the
/// contract documents and goes on from legal but unusual ones to broken bytes. `counterpart kit` writes such a project.
///
/// The contract's folder is looked for from the working directory; else $COUNTERPART_CONTRACT is the folder. Where neither
/// is a valid contract, the program says why and exits with 2. A crash is told with whose answer it was and how legal;
/// COUNTERPART_FUZZ_SHOW=1 in the environment prints each answer before it is parsed: for replaying a finding.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace counterpart {

/// How far an answer is from what the contract documents.
enum class Legality {
  legal,         ///< unusual perhaps, but documented: a parser must take it
  nearly_legal,  ///< well-formed, but not what is documented: a parser may refuse it, cleanly
  broken,        ///< not even of its content type: a parser must refuse it, cleanly
};

/// One answer.
struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names as sent, in order
  std::string body;
  Legality legality = Legality::legal;
  std::string operation;  ///< "killSession"
  std::string name;       ///< of the documented answer that it is, or was: "killed"
};

/// What the macro calls; no part of the interface.
namespace fuzz_kit {

using Parser = void (*)(const Response&);
using Mutate = size_t (*)(uint8_t* data, size_t size, size_t size_max);

void initialize(const char* folder);
void test_one(const uint8_t* data, size_t size, Parser parser);
/// Says on stderr which answer is being parsed. Safe in signal handlers.
void tell() noexcept;
/// `mutate` is the fuzzer's own, or nullptr.
size_t mutate(uint8_t* data, size_t size, size_t size_max, unsigned seed, Mutate mutate);
size_t cross_over(const uint8_t* a, size_t a_size, const uint8_t* b, size_t b_size, uint8_t* out, size_t out_size_max,
                  unsigned seed);

}  // namespace fuzz_kit

}  // namespace counterpart

extern "C" __attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t size_max);

/// Defines the functions libFuzzer asks for. What stands behind the folder is a function or a lambda without captures,
/// called with each answer. Once in a program, outside of namespaces.
#define COUNTERPART_FUZZ_RESPONSES(folder, ...)                                                                 \
  extern "C" int LLVMFuzzerInitialize(int*, char***) {                                                          \
    counterpart::fuzz_kit::initialize(folder);                                                                  \
    return 0;                                                                                                   \
  }                                                                                                             \
  extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t size_max, unsigned seed) {       \
    return counterpart::fuzz_kit::mutate(data, size, size_max, seed, LLVMFuzzerMutate);                         \
  }                                                                                                             \
  extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* a, size_t a_size, const uint8_t* b, size_t b_size, \
                                              uint8_t* out, size_t out_size_max, unsigned seed) {               \
    return counterpart::fuzz_kit::cross_over(a, a_size, b, b_size, out, out_size_max, seed);                    \
  }                                                                                                             \
  extern "C" void __asan_on_error() { counterpart::fuzz_kit::tell(); }                                          \
  extern "C" void __ubsan_on_report() { counterpart::fuzz_kit::tell(); }                                        \
  extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {                                     \
    counterpart::fuzz_kit::test_one(data, size, __VA_ARGS__);                                                   \
    return 0;                                                                                                   \
  }
