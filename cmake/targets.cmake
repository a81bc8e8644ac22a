# How a folder becomes a library and a test binary. One call a folder, so that all are built alike.
#
#   counterpart_library(engine LINK a b)   every *.cpp below the folder but *_test.cpp, *_fuzz.cpp, main.cpp and *_main.cpp;
#                                          WITHOUT REGEX leaves out more
#   counterpart_tests(engine LINK a b)     every *_test.cpp below the folder, one binary, one ctest entry a case

# Before any folder is added: ctest does not see the tests of folders that were added earlier.
if(COUNTERPART_TESTS OR COUNTERPART_FUZZ)
  enable_testing()
endif()

add_library(counterpart_options INTERFACE)
target_include_directories(counterpart_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(counterpart_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # False alarms about std::string once it is inlined (GCC bugs 105329 and 105651).
  target_compile_options(counterpart_options INTERFACE
    -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds)
  # And under sanitizers about shared_ptr in temporaries that are aggregates.
  if(COUNTERPART_SANITIZE)
    target_compile_options(counterpart_options INTERFACE -Wno-maybe-uninitialized)
  endif()
  # Asio's fences, which TSan does not see; what they order is under Asio's locks as well.
  if(COUNTERPART_SANITIZE MATCHES thread)
    target_compile_options(counterpart_options INTERFACE -Wno-tsan)
  endif()
endif()
if(COUNTERPART_WERROR)
  target_compile_options(counterpart_options INTERFACE -Werror)
endif()
if(COUNTERPART_SANITIZE)
  target_compile_options(counterpart_options INTERFACE -fsanitize=${COUNTERPART_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(counterpart_options INTERFACE -fsanitize=${COUNTERPART_SANITIZE})
  if(COUNTERPART_SANITIZE MATCHES undefined)
    # To see whether a vtable can be read, UBSan opens a pipe; where that fails it reports a sound object as a wrong one.
    # A server must be tested without descriptors, so this check is left out; wrong objects are AddressSanitizer's.
    target_compile_options(counterpart_options INTERFACE -fno-sanitize=vptr)
  endif()
endif()

# Coverage for libFuzzer to go by. Where LIB_FUZZING_ENGINE says what to link, CXXFLAGS have said how to compile.
if(COUNTERPART_FUZZ)
  target_compile_definitions(counterpart_options INTERFACE FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION)
endif()
if(COUNTERPART_FUZZ AND NOT LIB_FUZZING_ENGINE)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "COUNTERPART_FUZZ needs clang: libFuzzer is a part of it")
  endif()
  target_compile_options(counterpart_options INTERFACE -fsanitize=fuzzer-no-link)
  target_compile_definitions(counterpart_options INTERFACE _GLIBCXX_ASSERTIONS)
endif()

function(counterpart_library name)
  cmake_parse_arguments(arg "" "WITHOUT" "LINK;PRECOMPILE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "(_test|_fuzz|[/_]main)\\.cpp$")
  if(arg_WITHOUT)
    list(FILTER sources EXCLUDE REGEX "${arg_WITHOUT}")
  endif()
  add_library(counterpart_${name} STATIC ${sources})
  target_link_libraries(counterpart_${name} PUBLIC counterpart_options ${arg_LINK})
  if(arg_PRECOMPILE)
    target_precompile_headers(counterpart_${name} PRIVATE ${arg_PRECOMPILE})
  endif()
endfunction()

function(counterpart_tests name)
  if(NOT COUNTERPART_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "LINK;PRECOMPILE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp)
  add_executable(${name}_tests ${sources})
  target_link_libraries(${name}_tests PRIVATE ${arg_LINK} GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name}_tests PRIVATE COUNTERPART_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_precompile_headers(${name}_tests PRIVATE <gtest/gtest.h> <gmock/gmock.h> ${arg_PRECOMPILE})
  include(GoogleTest)
  get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  gtest_discover_tests(${name}_tests DISCOVERY_MODE PRE_TEST PROPERTIES LABELS ${folder})
endfunction()
