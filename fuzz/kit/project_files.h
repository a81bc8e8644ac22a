#pragma once
/// The files of a kit's project that are the same for every contract. Used by project.cpp.

#include <string>

namespace counterpart::fuzz {

std::string project_cmake();
std::string project_source();
/// `title` is the contract's.
std::string project_readme(const std::string& title, size_t documented, size_t changed);

}  // namespace counterpart::fuzz
