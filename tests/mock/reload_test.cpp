/// --watch: a changed contract is played from one request to the next, whatever goes on; a broken one is told and not
/// played.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "tests/mock/client.h"
#include "tests/mock/running_mock.h"

namespace counterpart::tests {
namespace {

using testing::HasSubstr;

const std::string reloaded = "counterpart: reloaded";
const std::string not_reloaded = "counterpart: not reloaded; what was loaded before is still played";

/// A contract's folder that the test changes.
class Folder {
 public:
  Folder() {
    std::string path = "/tmp/counterpart-test-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = path;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path() const { return path_; }
  std::string path_of(const std::string& file) const { return (path_ / file).string(); }

  /// Writes into the file that is there.
  void write(const std::string& file, const std::string& text) const { std::ofstream(path_ / file) << text; }
  /// Writes another file, and gives it the name.
  void replace(const std::string& file, const std::string& text) const {
    const std::string elsewhere = path_.string() + ".new";  // not watched
    std::ofstream(elsewhere) << text;
    std::filesystem::rename(elsewhere, path_ / file);
  }

 private:
  std::filesystem::path path_;
};

/// A contract whose answers say which version they are of. Its notes are the same in all versions.
std::string version(const std::string& name, const std::string& more = "") {
  return fmt::format(R"(counterpart: 1
name: reload
clock: 2024-01-01T00:00:00Z
state:
  notes: {{ key: id, items: [{{ id: first }}] }}
{}
operations:
  read:
    request: {{ method: GET, path: /version }}
    rules: [{{ respond: read }}]
    responses: {{ read: {{ status: 200, body: "{}" }} }}
  add:
    request: {{ method: PUT, path: "/notes/{{id}}" }}
    rules: [{{ do: "notes:insert{{ id = path.id }}", respond: added }}]
    responses: {{ added: {{ status: 201, body: "{}" }} }}
  count:
    request: {{ method: GET, path: /notes }}
    rules: [{{ respond: counted }}]
    responses: {{ counted: {{ status: 200, body: "${{#notes}}" }} }}
)",
                     more, name, name);
}

std::string lines(const std::string& line, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += line + "\n";
  return text;
}

std::string get(const RunningMock& mock, const std::string& target) { return ask(mock.port(), "GET", target).body; }

/// A client that reads the version and adds notes until it is told to stop. How many it added.
int add_notes(uint16_t port, int number, const std::atomic<bool>& done) {
  Client client(port);
  const std::string space = number % 2 == 0 ? "" : "/~odd";
  int added = 0;
  while (!done) {
    const Response read = client.ask("GET", space + "/version");
    if (read.status != 200 || (read.body != "even" && read.body != "odd")) {
      throw std::runtime_error(fmt::format("wrong answer: {} {}", read.status, read.body));
    }
    const Response note = client.ask("PUT", fmt::format("{}/notes/{}-{}", space, number, added));
    if (note.status != 201 || (note.body != "even" && note.body != "odd")) {
      throw std::runtime_error(fmt::format("wrong answer: {} {}", note.status, note.body));
    }
    ++added;
  }
  return added;
}

TEST(Reload, UnderLoadNoAnswerIsWrongOrMissing) {
  constexpr size_t changes_count = 20;
  constexpr int clients_count = 8;
  const Folder folder;
  folder.write("contract.yaml", version("even"));
  RunningMock mock({folder.path(), "--watch", "--quiet"});
  std::atomic<bool> done{false};
  std::atomic<int> added_even{0}, added_odd{0};
  std::mutex mutex;
  std::vector<std::string> failures;
  std::vector<std::thread> clients;
  for (int number = 0; number < clients_count; ++number) {
    clients.emplace_back([&, number] {
      try {
        (number % 2 == 0 ? added_even : added_odd) += add_notes(mock.port(), number, done);
      } catch (const std::exception& error) {
        const std::lock_guard lock(mutex);
        failures.push_back(error.what());
      }
    });
  }
  for (size_t i = 1; i <= changes_count; ++i) {
    const std::string name = i % 2 == 0 ? "even" : "odd";
    i % 4 < 2 ? folder.write("contract.yaml", version(name)) : folder.replace("contract.yaml", version(name));
    EXPECT_TRUE(mock.wait_for_error(reloaded, i));
    EXPECT_EQ(get(mock, "/version"), name);
    EXPECT_EQ(get(mock, "/~odd/version"), name);
  }
  done = true;
  for (std::thread& client : clients) client.join();
  for (const std::string& failure : failures) ADD_FAILURE() << failure;
  EXPECT_EQ(get(mock, "/notes"), fmt::format("{}", added_even + 1));
  EXPECT_EQ(get(mock, "/~odd/notes"), fmt::format("{}", added_odd + 1));
  mock.stop(lines(reloaded, changes_count));
}

TEST(Reload, AnInvalidVersionIsToldAndTheOldOneGoesOn) {
  const Folder folder;
  folder.write("contract.yaml", version("good"));
  RunningMock mock({folder.path(), "--watch", "--quiet"});
  EXPECT_EQ(ask(mock.port(), "PUT", "/notes/kept").status, 201);
  folder.write("contract.yaml", "counterpart: 1\nname: reload\noperation: {}\n");
  ASSERT_TRUE(mock.wait_for_error(not_reloaded));
  const std::string told = mock.errors();
  EXPECT_THAT(told, HasSubstr(folder.path_of("contract.yaml") + R"(:3:1: error: unknown key "operation")"));
  EXPECT_THAT(told, HasSubstr(R"(hint: did you mean "operations"?)"));
  EXPECT_EQ(get(mock, "/version"), "good");
  EXPECT_EQ(get(mock, "/notes"), "2");
  folder.write("contract.yaml", version("better"));
  ASSERT_TRUE(mock.wait_for_error(reloaded));
  EXPECT_EQ(get(mock, "/version"), "better");
  EXPECT_EQ(get(mock, "/notes"), "2");
  mock.stop(told + reloaded + "\n");
}

/// The contract may go away and come back, as when a branch is checked out.
TEST(Reload, AMissingContractIsToldAndTheOldOneGoesOn) {
  const Folder folder;
  folder.write("contract.yaml", version("good"));
  RunningMock mock({folder.path(), "--watch", "--quiet"});
  std::filesystem::remove(folder.path_of("contract.yaml"));
  ASSERT_TRUE(mock.wait_for_error(not_reloaded));
  EXPECT_EQ(get(mock, "/version"), "good");
  const std::string told = mock.errors();
  folder.write("contract.yaml", version("back"));
  ASSERT_TRUE(mock.wait_for_error(reloaded));
  EXPECT_EQ(get(mock, "/version"), "back");
  mock.stop(told + reloaded + "\n");
}

/// A change that a folder's own watch does not show. Each leaves a contract of another version.
struct Elsewhere {
  const char* name;
  const char* served;                        ///< below the folder
  void (*prepare)(const std::string& root);  ///< what is there at the start
  void (*change)(const std::string& root);

  friend std::ostream& operator<<(std::ostream& out, const Elsewhere& row) { return out << row.name; }
};

void write_contract(const std::string& folder, const std::string& name) {
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/contract.yaml") << version(name);
}

/// A contract whose answer is a file in one of its folders.
void write_page(const std::string& folder, const std::string& text) {
  std::filesystem::create_directories(folder + "/pages/deep");
  std::ofstream(folder + "/pages/deep/page.txt") << text;
  std::ofstream(folder + "/contract.yaml") << R"(counterpart: 1
name: reload
operations:
  read:
    request: { method: GET, path: /version }
    rules: [{ respond: read }]
    responses: { read: { status: 200, body-file: pages/deep/page.txt } }
)";
}

const Elsewhere elsewhere[] = {
    {"another_folder_in_its_place", "notes", [](const std::string& root) { write_contract(root + "/notes", "old"); },
     [](const std::string& root) {
       write_contract(root + "/fresh", "new");
       std::filesystem::rename(root + "/notes", root + "/gone");
       std::filesystem::rename(root + "/fresh", root + "/notes");
     }},
    {"another_folder_above_it", "a/b/notes",
     [](const std::string& root) { write_contract(root + "/a/b/notes", "old"); },
     [](const std::string& root) {
       write_contract(root + "/c/b/notes", "new");
       std::filesystem::rename(root + "/a", root + "/gone");
       std::filesystem::rename(root + "/c", root + "/a");
     }},
    {"a_link_turned_elsewhere", "current",
     [](const std::string& root) {
       write_contract(root + "/v1", "old");
       write_contract(root + "/v2", "new");
       std::filesystem::create_directory_symlink("v1", root + "/current");
     },
     [](const std::string& root) {
       std::filesystem::create_directory_symlink("v2", root + "/next");
       std::filesystem::rename(root + "/next", root + "/current");
     }},
    {"a_file_behind_a_linked_folder", "current",
     [](const std::string& root) {
       write_contract(root + "/v1", "old");
       std::filesystem::create_directory_symlink(root + "/v1", root + "/current");
     },
     [](const std::string& root) { write_contract(root + "/v1", "new"); }},
    {"a_linked_file", "notes",
     [](const std::string& root) {
       write_contract(root + "/shared", "old");
       std::filesystem::create_directory(root + "/notes");
       std::filesystem::create_symlink("../shared/contract.yaml", root + "/notes/contract.yaml");
     },
     [](const std::string& root) { write_contract(root + "/shared", "new"); }},
    {"a_file_in_a_folder_of_its", "notes", [](const std::string& root) { write_page(root + "/notes", "old"); },
     [](const std::string& root) { std::ofstream(root + "/notes/pages/deep/page.txt") << "new"; }},
    {"the_contracts_file_itself", "notes/contract.yaml",
     [](const std::string& root) { write_contract(root + "/notes", "old"); },
     [](const std::string& root) {
       write_contract(root + "/fresh", "new");
       std::filesystem::rename(root + "/fresh/contract.yaml", root + "/notes/contract.yaml");
     }},
};

class ChangesElsewhere : public testing::TestWithParam<Elsewhere> {};

TEST_P(ChangesElsewhere, AreSeen) {
  const Folder folder;
  GetParam().prepare(folder.path());
  RunningMock mock({folder.path_of(GetParam().served), "--watch", "--quiet"});
  EXPECT_EQ(get(mock, "/version"), "old");
  GetParam().change(folder.path());
  ASSERT_TRUE(mock.wait_for_error(reloaded)) << mock.errors();
  EXPECT_EQ(get(mock, "/version"), "new");
  // What is there now is watched as what was there before.
  const std::string told = mock.errors();
  const std::string served = GetParam().served;
  folder.write(served.ends_with(".yaml") ? served : served + "/contract.yaml", version("newest"));
  ASSERT_TRUE(mock.wait_for_error(reloaded, 2));
  EXPECT_EQ(get(mock, "/version"), "newest");
  mock.stop(told + reloaded + "\n");
}

INSTANTIATE_TEST_SUITE_P(Table, ChangesElsewhere, testing::ValuesIn(elsewhere),
                         [](const auto& row) { return row.param.name; });

TEST(Reload, AScenarioThatStandsElsewhereIsWatched) {
  const Folder folder, other;
  folder.write("contract.yaml", version("rules"));
  const auto write = [&](const std::string& body) {
    other.replace("x.scenario.yaml",
                  fmt::format("scenario: play\nplay: [{{ on: read, override: {{ body: {} }} }}]\n", body));
  };
  write("first");
  RunningMock mock({folder.path(), "--scenario", other.path_of("x.scenario.yaml"), "--watch", "--quiet"});
  EXPECT_EQ(get(mock, "/version"), "first");
  other.write("unrelated.txt", "x");
  write("second");
  ASSERT_TRUE(mock.wait_for_error(reloaded));
  EXPECT_EQ(get(mock, "/version"), "second");
  mock.stop(reloaded + "\n");
}

/// Of a collection whose definition changed the items are the new ones, of every other the old ones.
TEST(Reload, StateIsKeptWhereItsDefinitionIs) {
  const auto with_tags = [](const std::string& items) {
    return version("v", fmt::format("  tags: {{ key: id, items: [{}] }}", items)) + R"(  tag:
    request: { method: PUT, path: "/tags/{id}" }
    rules: [{ do: "tags:insert{ id = path.id }", respond: tagged }]
    responses: { tagged: { status: 201 } }
  countTags:
    request: { method: GET, path: /tags }
    rules: [{ respond: counted }]
    responses: { counted: { status: 200, body: "${#tags}" } }
)";
  };
  const Folder folder;
  folder.write("contract.yaml", with_tags("{ id: a }, { id: b }, { id: c }"));
  RunningMock mock({folder.path(), "--watch", "--quiet"});
  EXPECT_EQ(ask(mock.port(), "PUT", "/notes/second").status, 201);
  EXPECT_EQ(ask(mock.port(), "PUT", "/tags/d").status, 201);
  EXPECT_EQ(get(mock, "/tags"), "4");
  folder.write("contract.yaml", with_tags("{ id: a }, { id: b }"));
  ASSERT_TRUE(mock.wait_for_error(reloaded));
  EXPECT_EQ(get(mock, "/notes"), "2");
  EXPECT_EQ(get(mock, "/tags"), "2");
  mock.stop(lines(reloaded, 1));
}

/// A scenario that is played is changed as well; a broken one is not played.
TEST(Reload, ScenariosAreReloaded) {
  const auto overriding = [](const std::string& body) {
    return fmt::format("scenario: play\nplay: [{{ on: read, override: {{ body: {} }} }}]\n", body);
  };
  const Folder folder;
  folder.write("contract.yaml", version("rules"));
  folder.write("play.scenario.yaml", overriding("first"));
  RunningMock mock({folder.path(), "--scenario", "play", "--watch", "--quiet"});
  EXPECT_EQ(get(mock, "/version"), "first");
  folder.write("play.scenario.yaml", overriding("second"));
  ASSERT_TRUE(mock.wait_for_error(reloaded));
  EXPECT_EQ(get(mock, "/version"), "second");
  folder.write("play.scenario.yaml", "scenario: play\nplay: [{ on: read, fault: truncat }]\n");
  ASSERT_TRUE(mock.wait_for_error(not_reloaded));
  EXPECT_THAT(mock.errors(), HasSubstr(R"(error: there is no fault "truncat")"));
  EXPECT_EQ(get(mock, "/version"), "second");
  folder.write("play.scenario.yaml", "scenario: other\nplay: [{ on: read, fault: empty-response }]\n");
  ASSERT_TRUE(mock.wait_for_error(not_reloaded, 2));
  EXPECT_THAT(mock.errors(), HasSubstr(R"(there is no scenario "play")"));
  EXPECT_EQ(get(mock, "/version"), "second");
  mock.stop(mock.errors());
}

}  // namespace
}  // namespace counterpart::tests
