#include "cli/child.h"

#include <unistd.h>

extern char** environ;

namespace counterpart::cli {

namespace {

/// "keyauth-seller" as a part of a variable's name: "KEYAUTH_SELLER".
std::string variable_name(const std::string& contract) {
  std::string name;
  for (const char c : contract) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += is_letter ? static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c) : '_';
  }
  return name;
}

}  // namespace

std::vector<std::string> environment_of(const MockSites& sites, const std::string& space) {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) variables.emplace_back(*variable);
  const auto set = [&](const std::string& name, const std::string& value) {
    std::erase_if(variables, [&](const std::string& known) { return known.starts_with(name + "="); });
    variables.push_back(name + "=" + value);
  };
  const std::string path = space.empty() ? "" : "/~" + space;
  set("COUNTERPART_URL", sites.sites().front()->server->url() + path);
  for (const auto& site : sites.sites()) {
    for (const std::string& contract : site->contracts)
      set(variable_name(contract) + "_URL", site->server->url() + path);
  }
  if (!sites.certificate_file().empty()) {
    set("COUNTERPART_CERTIFICATE", sites.certificate_file());
    set("NODE_EXTRA_CA_CERTS", sites.certificate_file());  // adds to Node's own, where other such variables replace
  }
  return variables;
}

}  // namespace counterpart::cli
