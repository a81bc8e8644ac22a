#include "mock/admin/endpoint.h"

#include <fmt/format.h>

#include "engine/document/json.h"
#include "engine/http/problem.h"

namespace counterpart::mock::admin {

void refuse(int status, std::string_view detail, const std::vector<std::pair<std::string, std::string>>& extensions) {
  throw Refusal{http::problem(status, detail, extensions)};
}

Space& Call::space() {
  if (!use_) use_.emplace(spaces.use(space_name));
  if (!*use_) {
    refuse(503, fmt::format("there are {} spaces, as many as may be, and none is idle", spaces.options().spaces_max));
  }
  return **use_;
}

std::vector<size_t> Call::seats(const Stage& stage) const {
  std::vector<size_t> asked;
  std::vector<std::string> known;
  const auto name = query.find("contract");
  for (size_t i = 0; i < stage.seats().size(); ++i) {
    known.push_back(stage.seats()[i].name());
    if (name == query.end() || *name == known.back()) asked.push_back(i);
  }
  if (asked.empty() && name != query.end()) {
    const auto& text = name->get_ref<const std::string&>();
    refuse(400, fmt::format("there is no contract \"{}\"; {}", text, document::suggestion(text, known)));
  }
  return asked;
}

Reply problem(int status, std::string_view summary) { return {status, summary, "Problem", "application/problem+json"}; }

const std::vector<Endpoint>& endpoints() {
  static const std::vector<Endpoint> table = [] {
    std::vector<Endpoint> all;
    for (const auto& group : {report_endpoints(), request_endpoints(), verify_endpoints(), state_endpoints(),
                              space_endpoints(), script_endpoints(), metrics_endpoints(), openapi_endpoints()}) {
      all.insert(all.end(), group.begin(), group.end());
    }
    return all;
  }();
  return table;
}

http::Response answer_text(std::string json) { return {200, {{"Content-Type", "application/json"}}, std::move(json)}; }

http::Response answer(const Json& value) { return answer_text(document::write_json(value)); }

http::Response nothing() { return {204, {}, ""}; }

}  // namespace counterpart::mock::admin
