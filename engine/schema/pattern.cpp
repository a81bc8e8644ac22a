#include "engine/schema/pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include "engine/schema/regex.h"

namespace counterpart::schema {

namespace {

constexpr int64_t memory_bytes_max = 8 << 20;

PatternResult failed(std::string problem, std::string hint = {}) {
  return {nullptr, std::move(problem), std::move(hint)};
}

PatternResult missing(std::string_view feature) {
  return failed(fmt::format("the pattern uses {}, which RE2 does not have", feature),
                "patterns run in linear time (RE2): split it, or check it in a rule");
}

}  // namespace

PatternResult Pattern::compile(std::string_view written) {
  const Regex regex = read_regex(written);
  if (!regex.problem.empty()) return failed("not a regular expression: " + regex.problem);
  if (!regex.missing.empty()) return missing(regex.missing);
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(memory_bytes_max);
  auto compiled = std::make_unique<const re2::RE2>(regex.re2, options);
  if (compiled->ok()) return {std::make_shared<const Pattern>(std::move(compiled)), {}, {}};
  if (compiled->error_code() == re2::RE2::ErrorPatternTooLarge) {
    return failed("the pattern is too large", "its repetitions multiply");
  }
  if (compiled->error_code() == re2::RE2::ErrorBadCharRange &&
      (compiled->error_arg().find("\\p") == 0 || compiled->error_arg().find("\\P") == 0)) {
    return missing(compiled->error_arg());
  }
  return failed("not a regular expression: " + compiled->error());
}

Pattern::Pattern(std::unique_ptr<const re2::RE2> compiled) : compiled_(std::move(compiled)) {
  // RE2 reads a byte in constant time, unless its memory is over: then in a time that grows with the program.
  constexpr uint64_t instructions_a_step = 32;
  work_a_byte_ = 8 * (1 + static_cast<uint64_t>(compiled_->ProgramSize()) / instructions_a_step);
}

Pattern::~Pattern() = default;

bool Pattern::is_in(std::string_view text) const {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *compiled_);
}

}  // namespace counterpart::schema
