#include "fuzz/kit/project_files.h"

namespace counterpart::fuzz {

std::string project_cmake() {
  return R"cmake(cmake_minimum_required(VERSION 3.25)
project(my_parser_fuzz LANGUAGES CXX)

set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()
set(SANITIZERS address,undefined CACHE STRING "What finds the errors; empty: nothing but crashes")
if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  message(FATAL_ERROR "libFuzzer is clang's: cmake -DCMAKE_CXX_COMPILER=clang++ (or afl-clang-fast++)")
endif()

find_package(counterpart REQUIRED)

# Your parser's own sources belong to this target: only what is compiled with these options is watched.
add_executable(my_parser_fuzz my_parser_fuzz.cpp)
target_link_libraries(my_parser_fuzz PRIVATE counterpart::fuzz)
set(options -fsanitize=fuzzer)
if(SANITIZERS)
  list(APPEND options -fsanitize=${SANITIZERS} -fno-sanitize-recover=all -fno-omit-frame-pointer)
endif()
target_compile_options(my_parser_fuzz PRIVATE ${options})
target_link_options(my_parser_fuzz PRIVATE ${options})
)cmake";
}

std::string project_source() {
  return R"source(// A parser of answers under fuzzing. Replace my_parser by yours, and add its sources in CMakeLists.txt.
#include <counterpart/fuzz.hpp>
#include <string>

namespace {

/// Stands for your parser: takes the bytes of a body, and says whether it could read them.
bool my_parser(const std::string& body) { return !body.empty() && body.front() == '{'; }

void parse(const counterpart::Response& response) {
  const bool could_read = my_parser(response.body);
  // A parser must not crash, whatever came. What it has to be able to read, it can be asked:
  //   if (response.legality == counterpart::Legality::legal && response.status == 200 && !could_read) __builtin_trap();
  (void)could_read;
}

}  // namespace

COUNTERPART_FUZZ_RESPONSES("contract", parse);
)source";
}

std::string project_readme() {
  return R"md(# Fuzzing a parser

Written by `counterpart kit`. Put your parser into `my_parser_fuzz.cpp` and its sources into `CMakeLists.txt`.

    contract/            the contract; the mutator reads it when the fuzzer starts
    corpus/              its documented answers, and changed ones
    my_parser_fuzz.dict  words that the answers are made of
    .counterpart-kit     a list of these files

`counterpart kit --force` makes them anew, for another contract or seed. It removes nothing that is not in the list, and
leaves `my_parser_fuzz.cpp`, `CMakeLists.txt` and this file alone.

With libFuzzer:

    cmake -B build -DCMAKE_CXX_COMPILER=clang++
    cmake --build build
    mkdir -p grown                                                    # what it learns goes there
    ./build/my_parser_fuzz -dict=my_parser_fuzz.dict grown corpus

If CMake does not find Counterpart: `-DCMAKE_PREFIX_PATH=` says where it is installed (`cmake --install` installs a build).

Start it in this folder, or name the contract's folder in `COUNTERPART_CONTRACT`.

With AFL++ (its fuzzer knows corpus and dictionary; the contract's mutator is libFuzzer's alone):

    cmake -B build-afl -DCMAKE_CXX_COMPILER=afl-clang-fast++
    cmake --build build-afl
    afl-fuzz -i corpus -o found -x my_parser_fuzz.dict -- ./build-afl/my_parser_fuzz

With `-DSANITIZERS=` it is faster, and finds nothing but crashes. Where `afl-fuzz` asks for another `core_pattern`, do as
it says, or set `AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1`.

## What the parser gets

`response.legality` says how far an answer is from what the contract documents:

| | | a parser |
|---|---|---|
| `legal` | documented, if unusual: numbers at their bounds, null where it may be, other key order, empty and huge lists, escapes, white space, a byte order mark | has to read it |
| `nearly_legal` | well-formed, but another type, a field missing, a key twice, another status | may refuse it, cleanly |
| `broken` | cut, garbled, not UTF-8, not JSON | has to refuse it, cleanly |

An input is a file like those of `corpus/`: a status line with the answer's name, headers, an empty line, the body. When
the parser crashes, a line in front of the report says which answer it was and how legal. To see it again, in full:

    COUNTERPART_FUZZ_SHOW=1 ./build/my_parser_fuzz crash-...
    COUNTERPART_FUZZ_SHOW=1 ./build-afl/my_parser_fuzz found/default/crashes/id...
)md";
}

}  // namespace counterpart::fuzz
