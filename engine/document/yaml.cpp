#include "engine/document/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <istream>
#include <streambuf>

#include "engine/document/utf8.h"
#include "engine/document/yaml_builder.h"
#include "engine/document/yaml_error.h"
#include "engine/document/yaml_text.h"

namespace counterpart::document {

namespace {

constexpr std::string_view bom = "\xEF\xBB\xBF";

constexpr std::array<bool, 256> token_beginnings = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("[]{},:?-&*!|>'\"")) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

/// The text as a stream that dries up when the parser has taken in too much without reporting anything: see
/// yaml_lookahead_max.
class Feed : public std::streambuf {
 public:
  explicit Feed(std::string_view text) : rest_(text) {}

  /// The parser has reported something.
  void progress() { pending_ = 0; }
  bool dried_up() const { return dried_up_; }

 protected:
  int_type underflow() override {
    constexpr size_t piece_bytes = 2048;
    if (pending_ > yaml_lookahead_max) dried_up_ = true;
    if (rest_.empty() || dried_up_) return traits_type::eof();
    const std::string_view piece = rest_.substr(0, piece_bytes);
    rest_.remove_prefix(piece.size());
    pending_ += static_cast<size_t>(std::count_if(piece.begin(), piece.end(), begins_token));
    // A get area is never written to: putback() of yaml-cpp gives back what it read.
    char* begin = const_cast<char*>(piece.data());
    setg(begin, begin, begin + piece.size());
    return traits_type::to_int_type(*begin);
  }

 private:
  static bool begins_token(char c) { return token_beginnings[static_cast<unsigned char>(c)]; }

  std::string_view rest_;
  size_t pending_ = 0;
  bool dried_up_ = false;
};

/// What YAML does not allow anywhere (YAML 1.2, 5.1 and 5.2), and yaml-cpp would misread: byte 4 ends its input, and a
/// lone carriage return is no line's end to anyone else.
bool check_characters(const YamlText& text, Diagnostics& diagnostics) {
  const std::string_view all = text.all();
  for (size_t at = 0; at < all.size();) {
    const Utf8Step step = utf8_step(all, at);
    const auto byte = static_cast<unsigned char>(all[at]);
    std::string problem;
    if (!step.valid) {
      problem = fmt::format("invalid UTF-8 (byte 0x{:02X})", byte);
    } else if (byte == '\r' && text.at(at + 1) != '\n') {
      problem = "a carriage return without a line feed";
    } else if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F) {
      problem = fmt::format("unexpected control character (byte 0x{:02X})", byte);
    }
    if (!problem.empty()) {
      const char* hint = !step.valid    ? "save the file as UTF-8"
                         : byte == '\r' ? "save the file with LF or CRLF line ends"
                                        : "write it as an escape in double quotes, e.g. \"\\x1b\"";
      diagnostics.error(text.where(at), problem, hint);
      return false;
    }
    at += step.bytes;
  }
  return true;
}

const char* kind_of(std::filesystem::file_type type) {
  switch (type) {
    case std::filesystem::file_type::directory:
      return "folder";
    case std::filesystem::file_type::fifo:
      return "pipe";
    case std::filesystem::file_type::socket:
      return "socket";
    default:
      return "device";
  }
}

/// Reads at most the limit and one byte more; false for what cannot be read at all.
bool read_limited(const std::string& path, std::string& text) {
  std::ifstream in(path, std::ios::binary);
  std::array<char, 65536> buffer;
  while (in && text.size() <= yaml_bytes_max) {
    in.read(buffer.data(), buffer.size());
    text.append(buffer.data(), static_cast<size_t>(in.gcount()));
  }
  return in.eof() || text.size() > yaml_bytes_max;
}

}  // namespace

std::shared_ptr<const Source> read_source(const std::string& path, Diagnostics& diagnostics) {
  auto source = std::make_shared<Source>(Source{path, {}});
  const auto fail = [&](std::string message) {
    source->text.clear();
    diagnostics.error({source, {}}, std::move(message));
    return nullptr;
  };
  std::error_code problem;
  const auto status = std::filesystem::status(path, problem);
  if (!std::filesystem::exists(status)) return fail("no such file");
  if (!std::filesystem::is_regular_file(status)) {  // a pipe or a device may never come to its end
    return fail(fmt::format("expected a regular file, found a {}", kind_of(status.type())));
  }
  if (!read_limited(path, source->text)) return fail("the file cannot be read");
  if (source->text.size() > yaml_bytes_max) {
    return fail(fmt::format("the file is larger than {} MiB", yaml_bytes_max >> 20));
  }
  return source;
}

std::optional<Node> parse_yaml(const std::shared_ptr<const Source>& source, Diagnostics& diagnostics) {
  if (source->text.size() > yaml_bytes_max) {
    diagnostics.error({source, {}}, fmt::format("the text is larger than {} MiB", yaml_bytes_max >> 20));
    return std::nullopt;
  }
  const YamlText text(source);
  if (!check_characters(text, diagnostics)) return std::nullopt;

  const size_t base = text.all().starts_with(bom) ? bom.size() : 0;
  Feed feed(text.all().substr(base));
  Diagnostics found;
  YamlBuilder builder(text, base, found, [&feed] { feed.progress(); });
  try {
    std::istream in(&feed);
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YamlBuilder::Abort&) {
    // said already
  } catch (const YAML::Exception& error) {
    found.add(explain_yaml_error(error, text, base, builder));
  } catch (const std::exception& error) {
    found.error(text.where(builder.last()), fmt::format("not readable as YAML: {}", error.what()));
  }
  if (feed.dried_up()) {
    found = {};  // whatever the parser made of a text that ends in its middle
    found.error(text.where(builder.last()), "the value that begins here is too large to read",
                fmt::format("it has more than {} brackets, quotes and commas", yaml_lookahead_max));
  }
  diagnostics.add_all(found);
  if (found.has_errors()) return std::nullopt;
  return builder.take();
}

}  // namespace counterpart::document
