/// A bare cpp-httplib server: the baseline of ./dev bench. It gives every request the same answer from the
/// library's stock loop, set up so that the comparison is fair: no connection waits for another one's thread, TCP_NODELAY
/// is on, a connection may be kept for ever, and no router (a list of std::regex) is asked.
///
///   bare_server BODY_FILE [--port N] [--status N] [--header 'Name: value']...

#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

constexpr time_t idle_seconds_max = 300;
constexpr int backlog_connections_max = 4096;  // the library's own 5 would make the 6th client at once wait a second

/// A thread for each connection, for as long as it lasts.
class ThreadPerConnection : public httplib::TaskQueue {
 public:
  void enqueue(std::function<void()> serve) override {
    {
      const std::lock_guard lock(mutex_);
      ++running_;
    }
    std::thread([this, serve = std::move(serve)] {
      serve();
      const std::lock_guard lock(mutex_);
      --running_;
      ended_.notify_all();
    }).detach();
  }

  void shutdown() override {
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return running_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  size_t running_ = 0;
};

struct Answer {
  int status = 200;
  std::string content_type = "text/plain";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

struct Options {
  int port = 0;
  Answer answer;
};

std::string read_file(const char* name) {
  std::ifstream file(name, std::ios::binary);
  if (!file) throw std::runtime_error(std::string("cannot read ") + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

void add_header(Answer& answer, const std::string& line) {
  const size_t colon = line.find(": ");
  if (colon == std::string::npos) throw std::runtime_error("a header is 'Name: value', not '" + line + "'");
  std::string name = line.substr(0, colon);
  std::string value = line.substr(colon + 2);
  if (name == "Content-Type") {
    answer.content_type = std::move(value);
  } else {
    answer.headers.emplace_back(std::move(name), std::move(value));
  }
}

Options read_options(int argc, char** argv) {
  if (argc < 2 || argc % 2 != 0) throw std::runtime_error("bare_server BODY_FILE [--port|--status|--header VALUE]...");
  Options options;
  options.answer.body = read_file(argv[1]);
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--port") {
      options.port = std::stoi(argv[i + 1]);
    } else if (name == "--status") {
      options.answer.status = std::stoi(argv[i + 1]);
    } else if (name == "--header") {
      add_header(options.answer, argv[i + 1]);
    } else {
      throw std::runtime_error("unknown option " + std::string(name));
    }
  }
  return options;
}

int serve(const Options& options) {
  httplib::Server server;
  int listening = -1;
  server.new_task_queue = [] { return new ThreadPerConnection; };
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(std::numeric_limits<size_t>::max());
  server.set_keep_alive_timeout(idle_seconds_max);
  server.set_socket_options([&](socket_t socket) { listening = socket; });
  server.set_pre_routing_handler([&](const httplib::Request&, httplib::Response& response) {
    response.status = options.answer.status;
    for (const auto& [name, value] : options.answer.headers) response.set_header(name, value);
    response.set_content(options.answer.body, options.answer.content_type);
    return httplib::Server::HandlerResponse::Handled;
  });

  int port = options.port;
  if (port == 0) {
    port = server.bind_to_any_port("127.0.0.1");
  } else if (!server.bind_to_port("127.0.0.1", port)) {
    port = -1;
  }
  if (port < 0 || ::listen(listening, backlog_connections_max) != 0) {
    throw std::runtime_error("cannot listen on 127.0.0.1:" + std::to_string(options.port));
  }
  std::printf("{\"event\":\"listening\",\"url\":\"http://127.0.0.1:%d\",\"pid\":%d}\n", port, getpid());
  std::fflush(stdout);
  return server.listen_after_bind() ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return serve(read_options(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bare_server: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
