#pragma once
/// The files of a kit's project that are the same for every contract. Used by project.cpp.

#include <string>

namespace counterpart::fuzz {

std::string project_cmake();
std::string project_source();
std::string project_readme();

}  // namespace counterpart::fuzz
