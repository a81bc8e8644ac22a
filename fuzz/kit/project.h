#pragma once
/// What `counterpart kit` writes: a CMake project that fuzzes a parser of one contract's answers with libFuzzer or AFL++,
/// and needs nothing but an installed Counterpart.
///
///     CMakeLists.txt  README.md  my_parser_fuzz.cpp     are for users to edit, and never written over
///     my_parser_fuzz.dict  contract/  corpus/           are generated, and made anew with ProjectOptions::force

#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/kit/kit.h"

namespace counterpart::fuzz {

struct ProjectOptions {
  std::string folder;  ///< of the contract
  std::string out;
  uint64_t seed = 1;
  size_t of_each_class = 2;  ///< changed answers for each documented one
  bool force = false;        ///< write into a folder that is not empty
};

struct ProjectWritten {
  std::string refusal;  ///< what is wrong with the options, in one sentence; nothing is written then. "": all is
  size_t documented = 0, changed = 0, words = 0;
  std::vector<std::string> kept;  ///< files for users to edit that were there, and are not as they would be written
};

/// The same contract and options give the same bytes. What was generated there earlier is removed first; all else that is
/// there stays. Throws std::runtime_error when the contract's folder cannot be read, or `out` cannot be written; some of it
/// may be then.
ProjectWritten write_project(const Kit& kit, const ProjectOptions& options);

/// Tokens that the answers are made of, for a fuzzer's dictionary, each once.
std::vector<std::string> dictionary_of(const Kit& kit);
/// As libFuzzer and AFL++ read it: a quoted word a line, bytes that are not printable as \xNN.
std::string dictionary_text(const std::vector<std::string>& words);

}  // namespace counterpart::fuzz
