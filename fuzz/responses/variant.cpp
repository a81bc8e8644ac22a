#include "fuzz/responses/variant.h"

namespace counterpart::fuzz {

std::string_view name_of(Legality legality) {
  switch (legality) {
    case Legality::legal:
      return "legal";
    case Legality::nearly_legal:
      return "nearly legal";
    case Legality::broken:
      return "broken";
  }
  return "";
}

std::string name_of(const Variant& variant) {
  if (variant.operation == nullptr || variant.response == nullptr) return "";
  return variant.operation->id + "/" + variant.response->name;
}

}  // namespace counterpart::fuzz
