/// Runs given files, and every file of given folders, through a fuzz target: what ctest does with the tracked corpora, under
/// any compiler. A file whose input fails ends the program as a crash, its name being the last line of stderr.
///
///     x_replay PATH... [--optional PATH...] [--rate SECONDS]
///
/// Paths without `--optional` must hold an input. With `--rate`, goes on over all inputs for so long, then prints how many
/// a second were run.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/inputs/replay.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

namespace fs = std::filesystem;

void run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

/// The files at a path, in the order of their names.
std::vector<fs::path> files_at(const fs::path& path) {
  std::vector<fs::path> files;
  if (fs::is_regular_file(path)) files.push_back(path);
  if (!fs::is_directory(path)) return files;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void print_rate(const std::vector<std::string>& inputs, double seconds_max) {
  using Clock = std::chrono::steady_clock;
  const auto started = Clock::now();
  const uint64_t work_before = counterpart::fuzz::work_done;
  uint64_t executions = 0;
  double seconds = 0;
  while (seconds < seconds_max) {
    for (const std::string& input : inputs) run(input);
    executions += inputs.size();
    seconds = std::chrono::duration<double>(Clock::now() - started).count();
  }
  std::printf("%.0f executions/s\n", static_cast<double>(executions) / seconds);
  const uint64_t work = counterpart::fuzz::work_done - work_before;
  if (work > 0) std::printf("%.0f requests/s\n", static_cast<double>(work) / seconds);
}

}  // namespace

int main(int count, char** words) {
  std::vector<std::string> inputs;
  bool optional = false;
  double rate_seconds = 0;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--optional") {
      optional = true;
    } else if (word == "--rate" && i + 1 < count) {
      rate_seconds = std::atof(words[++i]);
    } else {
      const auto files = files_at(word);
      if (files.empty() && !optional) {
        std::fprintf(stderr, "%s: no input is there; ./dev fuzz-seeds makes them\n", word.c_str());
        return 1;
      }
      for (const fs::path& file : files) {
        std::ifstream stream(file, std::ios::binary);
        inputs.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
        std::fprintf(stderr, "%s\n", file.c_str());
        run(inputs.back());
      }
    }
  }
  std::fprintf(stderr, "%zu inputs, all well\n", inputs.size());
  if (rate_seconds > 0 && !inputs.empty()) print_rate(inputs, rate_seconds);
  return inputs.empty() ? 1 : 0;
}
