#pragma once
/// JSON bodies that are nearer to a documented one than one that was found, by their values rather than their bytes. Used
/// by shrink.cpp, beside less_damaged() of fuzz/responses/.

#include <string>
#include <vector>

namespace counterpart::fuzz::client {

/// The found value written plainly (keys in the documented order, no blanks, escapes, byte order mark); the documented one
/// with each difference alone; the found one with each difference undone. The outer differences come before those inside
/// of them. None where one of the two is no JSON, or large.
std::vector<std::string> plainer_bodies(const std::string& documented, const std::string& found);

}  // namespace counterpart::fuzz::client
