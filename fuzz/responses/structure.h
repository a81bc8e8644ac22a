#pragma once
/// What documented values have in common, where a contract has neither a schema nor a literal for them: types, fields,
/// and what is in lists. Used by the judge.

#include <map>
#include <memory>
#include <string>

#include "engine/document/node.h"

namespace counterpart::fuzz {

class Structure {
 public:
  /// Widens it so that the value fits.
  void learn(const document::Json& value);
  /// A type that was seen, or anything where nothing but null was; of maps, every field that all had, and none that no
  /// one had.
  bool fits(const document::Json& value) const;

 private:
  unsigned types_ = 0;  ///< a bit each
  size_t learned_ = 0;
  size_t maps_ = 0;  ///< how many of those
  std::map<std::string, std::unique_ptr<Structure>, std::less<>> members_;
  std::unique_ptr<Structure> element_;
};

}  // namespace counterpart::fuzz
