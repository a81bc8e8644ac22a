#include "fuzz/client/damage.h"

#include <fmt/format.h>

#include "conformance/reports/text.h"
#include "conformance/yaml_text.h"
#include "engine/document/base64.h"
#include "engine/document/json.h"
#include "engine/document/utf8.h"
#include "engine/http/media_type.h"

namespace counterpart::fuzz::client {

namespace {

using conformance::yaml_text;

constexpr size_t remark_characters_max = 10'000;  // a command is to be pasted whole
constexpr size_t readable_bytes_max = 64u << 10;  ///< longer bodies are only for machines

std::string content_type_of(const http::Response& response) {
  const std::string* type = response.headers.find("content-type");
  return type == nullptr ? "" : *type;
}

/// Whether yaml_text says the text as it is: YAML has no place for what is no UTF-8, NUL, U+FFFE and U+FFFF.
bool is_yaml(const std::string& text) {
  return conformance::yaml_clean(text) == text && text.find("\xef\xbf\xbe") == std::string::npos &&
         text.find("\xef\xbf\xbf") == std::string::npos;
}

/// YAML that a loader reads back as the same JSON value, on one line; "" where it cannot be said: a key that templates
/// read, a character that YAML takes for something else.
std::string flow(const Json& value, int depth = 0) {
  constexpr int depth_max = 32;
  if (depth > depth_max) return "";
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    return is_yaml(text) ? yaml_text(text) : "";
  }
  if (!value.is_structured()) return value.dump();
  std::string out;
  for (const auto& item : value.items()) {
    std::string one = flow(item.value(), depth + 1);
    if (one.empty()) return "";
    if (value.is_object()) {
      const std::string& key = item.key();
      if (key.starts_with('$') || key.starts_with("each(") || key.find("${") != std::string::npos) return "";
      const std::string written = flow(key, depth + 1);
      if (written.empty()) return "";
      one = written + ": " + one;
    }
    out += (out.empty() ? "" : ", ") + one;
  }
  if (value.is_array()) return "[" + out + "]";
  return out.empty() ? "{}" : "{ " + out + " }";
}

bool is_readable(std::string_view bytes) {
  if (bytes.size() > readable_bytes_max || document::utf8_find_invalid(bytes) != std::string::npos) return false;
  for (const char c : bytes) {
    if (static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t') return false;
  }
  return true;
}

/// `body` as a person would write it, or `body-base64` where only bytes say it.
std::string body_lines(const http::Response& answer, bool as_bytes, std::string_view indent) {
  const std::string& bytes = answer.body;
  const std::string type = content_type_of(answer);
  const std::string type_line = type.empty() ? "" : fmt::format("{}content-type: {}\n", indent, yaml_text(type));
  if (as_bytes || type.empty() || !is_readable(bytes)) {
    // below
  } else if (http::is_json(type)) {
    const auto value = document::parse_json(bytes);
    // A number may have been written in a way that is lost, a key twice: what is read back decides.
    if (value && value->is_structured() && document::write_json(*value) == bytes) {
      const std::string written = flow(*value);
      const bool is_usual = type == "application/json";
      if (!written.empty()) return fmt::format("{}body: {}\n", indent, written) + (is_usual ? "" : type_line);
    }
  } else if (is_yaml(bytes)) {
    return fmt::format("{}body: {}\n", indent, yaml_text(bytes)) + type_line;
  }
  std::string lines;
  if (!bytes.empty()) {
    lines = fmt::format("{}# {}\n", indent, conformance::reports::one_line(bytes, remark_characters_max));
  }
  return lines + fmt::format("{}body-base64: \"{}\"\n", indent, document::base64(bytes)) + type_line;
}

/// Each name is there once: sayable() sees to that.
std::string header_lines(const http::Headers& is, const http::Headers& was, std::string_view indent) {
  std::string lines;
  for (const http::Header& field : is) {
    const std::string* before = was.find(field.name);
    const bool is_changed = before == nullptr || *before != field.value;
    if (!is_changed || http::equal_ignoring_case(field.name, "content-type")) continue;
    lines += fmt::format("{}{}: {}\n", indent, yaml_text(field.name), yaml_text(field.value));
  }
  return lines;
}

bool has_no_body(int status) { return status == 204 || status == 205 || status == 304; }

std::string override_lines(const Damage& damage, std::string_view indent) {
  const http::Response& is = damage.variant->answer;
  const http::Response& was = damage.documented->answer;
  std::string lines;
  if (is.status != was.status) lines += fmt::format("{}status: {}\n", indent, is.status);
  const std::string headers = header_lines(is.headers, was.headers, std::string(indent) + "  ");
  if (!headers.empty()) lines += fmt::format("{}headers:\n{}", indent, headers);
  const bool has_same_type = content_type_of(is) == content_type_of(was);
  if (is.body != was.body && !has_no_body(is.status)) {
    lines += body_lines(is, damage.as_bytes, indent);
  } else if (!has_same_type && !content_type_of(is).empty()) {
    lines += fmt::format("{}content-type: {}\n", indent, yaml_text(content_type_of(is)));
  }
  return lines;
}

}  // namespace

std::string_view name_of(Family family) {
  constexpr std::string_view names[families] = {"legal", "nearly legal", "broken", "cut short", "slow", "malformed"};
  return names[static_cast<size_t>(family)];
}

Family family_of(Legality legality) { return static_cast<Family>(legality); }

http::Response sayable(const http::Response& documented, http::Response changed) {
  http::Headers headers = documented.headers;
  for (const http::Header& field : changed.headers) {
    const std::string* before = documented.headers.find(field.name);
    if (before != nullptr && *before == field.value) continue;
    const bool is_type = http::equal_ignoring_case(field.name, "content-type");
    if (is_type && (field.value.empty() || field.value != content_type_of(changed))) continue;
    headers.set(field.name, http::field_value(conformance::yaml_clean(field.value)));
  }
  changed.headers = std::move(headers);
  if (has_no_body(changed.status)) changed.body.clear();
  return changed;
}

std::string fault_text(const Fault& fault) {
  return fault.settings.empty() ? fault.name : fmt::format("{{ {}: {} }}", fault.name, flow(fault.settings));
}

std::string describe(const Damage& damage) {
  std::string text = damage.operation->id;
  if (damage.respond != nullptr) text += "/" + damage.respond->name;
  if (damage.call > 0) text += fmt::format(", call {}", damage.call);
  if (damage.variant) {
    for (const std::string& change : damage.variant->changes) text += "; " + change;
  }
  if (!damage.fault.name.empty()) text += "; " + fault_text(damage.fault);
  if (damage.respond != nullptr && !damage.variant && damage.fault.name.empty()) text += " instead";
  return text;
}

std::string play_text(const Damage& damage, std::string_view indent) {
  std::string text;
  if (damage.call > 1) {  // an entry that only counts the calls before
    text += fmt::format("{0}- on: {1}\n{0}  times: {2}\n{0}  delay: 0ms\n", indent, yaml_text(damage.operation->id),
                        damage.call - 1);
  }
  text += fmt::format("{}- on: {}\n", indent, yaml_text(damage.operation->id));
  if (damage.call > 0) text += fmt::format("{}  times: 1\n", indent);
  std::string lines;
  const std::string inner = std::string(indent) + "    ";
  if (damage.respond != nullptr) lines += fmt::format("{}  respond: {}\n", indent, yaml_text(damage.respond->name));
  if (damage.variant) {
    const std::string changes = override_lines(damage, inner);
    if (!changes.empty()) lines += fmt::format("{}  override:\n{}", indent, changes);
  }
  if (!damage.fault.name.empty()) lines += fmt::format("{}  fault: {}\n", indent, fault_text(damage.fault));
  if (lines.empty()) lines = fmt::format("{}  delay: 0ms\n", indent);
  return text + lines;
}

std::string scenario_text(const Damage& damage, const std::string& name, const std::vector<std::string>& remarks) {
  std::string text;
  for (const std::string& remark : remarks) {
    text += "# " + conformance::reports::one_line(remark, remark_characters_max) + "\n";
  }
  text += fmt::format("scenario: {}\n", yaml_text(name));
  text += fmt::format("summary: {}\n", yaml_text(conformance::reports::one_line(describe(damage))));
  return text + "play:\n" + play_text(damage, "  ");
}

}  // namespace counterpart::fuzz::client
