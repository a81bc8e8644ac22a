/// No parser of the project's: a bug planted on purpose, four bytes deep. It proves that the set-up reports, minimises and
/// saves what it finds; see canary_test.sh.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size >= 4 && data[0] == 'b' && data[1] == 'u' && data[2] == 'g' && data[3] == '!') {
    // Reads one byte behind the block: AddressSanitizer's to see.
    volatile uint8_t* block = static_cast<uint8_t*>(std::malloc(size));
    const uint8_t behind = block[size];
    std::free(const_cast<uint8_t*>(block));
    std::abort();
    return behind;
  }
  return 0;
}
