#pragma once
/// Mutators that know the form of an input, for targets whose parser turns random bytes away at the door. Each has the
/// signature of LLVMFuzzerCustomMutator: changes `data` in place, returns its new size, the same for the same seed. What
/// does not have the form is left to libFuzzer's own changes of bytes.

#include <cstddef>
#include <cstdint>

namespace counterpart::fuzz {

/// Of sequence.h: leaves out, repeats, swaps and moves whole requests, and changes the bytes of one.
size_t mutate_sequence(uint8_t* data, size_t size, size_t size_max, unsigned seed);

/// Of texts with JSON in them, parts separated by a line `---`: changes one value of one part.
size_t mutate_json(uint8_t* data, size_t size, size_t size_max, unsigned seed);

/// Of YAML and Lua: leaves out, repeats, swaps and indents lines, and puts one line's value into another.
size_t mutate_lines(uint8_t* data, size_t size, size_t size_max, unsigned seed);

}  // namespace counterpart::fuzz
