# Every library the project stands on, found here and nowhere else.
# CMake packages where the library brings one, pkg-config where it does not.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(OpenSSL REQUIRED)

# The package's own target before 0.8 has neither a namespace nor include folders.
pkg_check_modules(yaml-cpp REQUIRED IMPORTED_TARGET yaml-cpp)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)
# Lua built as C++: its errors are exceptions, so destructors run when an expression fails.
pkg_check_modules(lua REQUIRED IMPORTED_TARGET lua5.4-c++)

# Asio (standalone) is headers only and has no package file everywhere.
find_path(ASIO_INCLUDE_DIR asio.hpp REQUIRED)
add_library(asio INTERFACE)
target_include_directories(asio SYSTEM INTERFACE ${ASIO_INCLUDE_DIR})
target_compile_definitions(asio INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED)
target_link_libraries(asio INTERFACE Threads::Threads)

if(COUNTERPART_TESTS)
  find_package(GTest REQUIRED)
endif()
