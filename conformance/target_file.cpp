#include "conformance/target_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "conformance/environment.h"
#include "conformance/target_url.h"
#include "engine/contract/fields.h"
#include "engine/document/yaml.h"
#include "engine/http/media_type.h"
#include "engine/scenario/duration.h"

namespace counterpart::conformance {

using contract::Fields;
using contract::Reading;
using document::Kind;
using document::Member;
using document::Node;

namespace {

constexpr double requests_per_second_min = 0.001;
constexpr double requests_per_second_max = 1'000'000;
constexpr int concurrency_max = 256;
constexpr int retries_max = 10;
constexpr int64_t timeout_ms_max = 3'600'000;

size_t width_of(const Node& node) { return std::max<size_t>(node.text.size(), 1); }

bool holds_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char byte) { return (byte < 0x20 && byte != '\t') || byte == 0x7f; });
}

/// The environment's variables replaced in the whole document, by what reads each part of it.
void replace_everywhere(Node& root, const Reading& reading) {
  for (Member& member : root.members) {
    if (member.key != "hooks" || !member.value.is(Kind::map)) {
      replace_environment(member.value, Reader::nobody, reading);
      continue;
    }
    for (Member& hook : member.value.members) {
      for (Member& part : hook.value.members) {
        replace_environment(part.value, part.key == "run" ? Reader::command : Reader::hook, reading);
      }
    }
  }
}

class Loader {
 public:
  Loader(Reading reading, TargetSettings& settings) : reading_(std::move(reading)), settings_(settings) {}

  void load(const Node& root) {
    Fields fields(root, "a target", reading_);
    if (!fields.good()) return;
    settings_.name = fields.required_text("target");
    settings_.contract = fields.text("contract");
    load_url(fields);
    settings_.headers = headers(fields);
    if (const Node* variables = fields.find("variables")) load_variables(*variables);
    settings_.starts_as_contract = fields.choice("state", {"unknown", "as-contract"}) == "as-contract";
    if (const Node* tls = fields.find("tls")) load_tls(*tls);
    if (const Node* limits = fields.find("limits")) load_limits(*limits);
    if (const Node* hooks = fields.find("hooks")) load_hooks(*hooks);
    for (const Node& known : fields.list("known-failures")) load_known_failure(known);
    fields.finish();
  }

 private:
  Place place(document::Position at) const { return {reading_.source->name, at.line, at.column}; }

  void load_url(Fields& fields) {
    const Node* node = fields.find("url");
    settings_.url = fields.required_text("url");
    std::string problem;
    if (settings_.url.empty() || parse_target_url(settings_.url, problem)) return;
    reading_.error(node->at, problem, "for example http://localhost:8080/api", width_of(*node));
  }

  /// `headers` of a target or of a hook's request.
  std::vector<std::pair<std::string, std::string>> headers(Fields& fields) {
    std::vector<std::pair<std::string, std::string>> headers;
    for (const Member& member : fields.map("headers")) {
      const size_t width = std::max<size_t>(member.key.size(), 1);
      const std::string name = http::lower_case(member.key);
      if (!http::is_token(member.key)) {
        reading_.error(member.key_at, "a header's name has letters, digits and !#$%&'*+-.^_`|~ only", {}, width);
      } else if (name == "content-length" || name == "transfer-encoding" || name == "connection") {
        reading_.error(member.key_at, fmt::format("the header {} is set by the program itself", member.key), {}, width);
      } else if (!member.value.is_scalar() || member.value.is(Kind::null)) {
        expected(reading_, member.value, "text");
      } else if (holds_control_characters(member.value.text)) {
        reading_.error(member.value.at, "a header's value is one line, without control characters");
      } else {
        headers.emplace_back(member.key, member.value.text);
      }
    }
    return headers;
  }

  void load_variables(const Node& node) {
    if (node.is(Kind::map)) {
      settings_.variables = node.to_json();
    } else {
      expected(reading_, node, "a map for \"variables\"");
    }
  }

  void load_tls(const Node& node) {
    Fields fields(node, "`tls`", reading_);
    settings_.client_certificate = path(fields, "client-certificate");
    settings_.client_key = path(fields, "client-key");
    settings_.authorities = path(fields, "authorities");
    settings_.insecure = fields.boolean("insecure", false);
    if (settings_.client_certificate.empty() != settings_.client_key.empty()) {
      reading_.error(node.at, "\"client-certificate\" and \"client-key\" go together");
    }
    fields.finish();
  }

  /// Paths begin at the file's folder.
  std::string path(Fields& fields, std::string_view key) {
    if (fields.find(key) == nullptr) return {};
    const std::string text = fields.required_text(key);
    if (text.empty()) return {};
    return (std::filesystem::path(reading_.source->name).parent_path() / text).string();
  }

  void load_limits(const Node& node) {
    Fields fields(node, "`limits`", reading_);
    Limits& limits = settings_.limits;
    if (const Node* rate = fields.find("requests-per-second")) {
      limits.requests_per_second = number(*rate, requests_per_second_min, requests_per_second_max);
    }
    if (const Node* timeout = fields.find("timeout")) limits.timeout_ms = duration(*timeout, 1, timeout_ms_max);
    if (const Node* wait = fields.find("wait")) limits.wait_ms = duration(*wait, 0, timeout_ms_max);
    if (const Node* concurrency = fields.find("concurrency")) {
      limits.concurrency = whole_number(*concurrency, 1, concurrency_max);
    }
    if (const Node* retries = fields.find("retries")) limits.retries = whole_number(*retries, 0, retries_max);
    fields.finish();
  }

  /// Numbers may come from the environment, as text.
  double number(const Node& node, double least, double most) {
    double value = 0;
    const char* const end = node.text.data() + node.text.size();
    const auto [stop, error] = std::from_chars(node.text.data(), end, value);
    if (node.is_scalar() && error == std::errc() && stop == end && value >= least && value <= most) return value;
    reading_.error(node.at, fmt::format("expected a number from {} to {}", least, static_cast<int64_t>(most)), {},
                   width_of(node));
    return least;
  }

  int whole_number(const Node& node, int least, int most) {
    int value = 0;
    const char* const end = node.text.data() + node.text.size();
    const auto [stop, error] = std::from_chars(node.text.data(), end, value);
    if (node.is_scalar() && error == std::errc() && stop == end && value >= least && value <= most) return value;
    reading_.error(node.at, fmt::format("expected an integer from {} to {}", least, most), {}, width_of(node));
    return least;
  }

  int64_t duration(const Node& node, int64_t least, int64_t most) {
    const auto ms = node.is_scalar() ? scenario::duration_ms(node.text) : std::nullopt;
    if (ms && *ms >= least && *ms <= most) return *ms;
    reading_.error(node.at, ms ? fmt::format("expected a duration from {}ms to 1h", least) : "expected a duration",
                   scenario::duration_hint, width_of(node));
    return least;
  }

  void load_hooks(const Node& node) {
    Fields fields(node, "`hooks`", reading_);
    Hooks& hooks = settings_.hooks;
    if (const Node* hook = fields.find("before-run")) hooks.before_run = load_hook(*hook);
    if (const Node* hook = fields.find("before-scenario")) hooks.before_scenario = load_hook(*hook);
    if (const Node* hook = fields.find("after-run")) hooks.after_run = load_hook(*hook);
    if (const Node* hook = fields.find("advance-clock")) hooks.advance_clock = load_hook(*hook);
    fields.finish();
  }

  Hook load_hook(const Node& node) {
    Hook hook;
    hook.where = place(node.at);
    Fields fields(node, "a hook", reading_);
    if (!fields.good()) return hook;
    const Node* run = fields.find("run");
    const Node* request = fields.find("request");
    if (run != nullptr) hook.run = fields.required_text("run");
    if (request != nullptr) load_request(*request, hook);
    fields.finish();
    if ((run == nullptr) == (request == nullptr)) reading_.error(node.at, "a hook has either \"run\" or \"request\"");
    return hook;
  }

  void load_request(const Node& node, Hook& hook) {
    Fields fields(node, "a hook's request", reading_);
    if (!fields.good()) return;
    hook.method = fields.text("method", hook.method);
    if (!http::is_token(hook.method)) reading_.error(fields.find("method")->at, "a method is a word such as POST");
    hook.url = fields.required_text("url");
    const Node* url = fields.find("url");
    std::string problem;
    if (!hook.url.empty() && !hook.url.starts_with("/") && !is_absolute(hook.url, problem)) {
      reading_.error(url->at, problem, "an absolute URL, or a path below the target's: /reset", width_of(*url));
    }
    hook.headers = headers(fields);
    if (const Node* body = fields.find("body")) hook.body = body->to_json();
    fields.finish();
  }

  /// Unlike a target's, a hook's URL may have a query.
  static bool is_absolute(std::string_view url, std::string& problem) {
    return parse_target_url(url.substr(0, url.find('?')), problem).has_value();
  }

  void load_known_failure(const Node& node) {
    Fields fields(node, "a known failure", reading_);
    if (!fields.good()) return;
    KnownFailure known;
    known.where = place(node.at);
    known.check = fields.required_text("check");
    known.on = fields.required_text("on");
    known.message = fields.text("message");
    known.reason = fields.required_text("reason");
    fields.finish();
    const auto twin =
        std::find_if(settings_.known_failures.begin(), settings_.known_failures.end(), [&](const KnownFailure& other) {
          return other.check == known.check && other.on == known.on && other.message == known.message;
        });
    if (twin != settings_.known_failures.end()) {
      reading_.error(node.at, fmt::format("the same known failure is also in line {}", twin->where.line));
    }
    settings_.known_failures.push_back(std::move(known));
  }

  const Reading reading_;
  TargetSettings& settings_;
};

/// A value whose variable is not set was reported; that the rest of it is no URL or no number then says nothing.
void add_apart_from_errors_before(const document::Diagnostics& from, document::Diagnostics& to) {
  std::vector<int> lines;
  for (const document::Diagnostic& before : to.all()) lines.push_back(before.where.at.line);
  for (const document::Diagnostic& one : from.all()) {
    if (std::find(lines.begin(), lines.end(), one.where.at.line) == lines.end()) to.add(one);
  }
}

}  // namespace

std::optional<TargetSettings> load_target(const std::string& file, document::Diagnostics& diagnostics) {
  const size_t errors_before = diagnostics.errors();
  const auto source = document::read_source(file, diagnostics);
  if (source == nullptr) return std::nullopt;
  auto root = document::parse_yaml(source, diagnostics);
  if (!root) return std::nullopt;
  const Reading reading{source, diagnostics};
  replace_everywhere(*root, reading);
  document::Diagnostics others;
  TargetSettings settings;
  settings.file = file;
  Loader({source, others}, settings).load(*root);
  add_apart_from_errors_before(others, diagnostics);
  if (diagnostics.errors() > errors_before) return std::nullopt;
  return settings;
}

std::optional<TargetSettings> target_of_url(const std::string& url, std::string& problem) {
  if (!parse_target_url(url, problem)) {
    if (!url.empty() && url.find("://") == std::string::npos) {
      problem += "; a target file is named *.yaml, and \"engine\" is the contract itself";
    }
    return std::nullopt;
  }
  TargetSettings settings;
  settings.name = url;
  settings.url = url;
  return settings;
}

}  // namespace counterpart::conformance
