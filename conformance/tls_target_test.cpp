#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <filesystem>
#include <fstream>

#include "conformance/http_target.h"
#include "conformance/test_identity.h"
#include "conformance/test_peer.h"

namespace counterpart::conformance {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using Kind = Reply::Kind;

class TlsTargetTest : public testing::Test {
 protected:
  TlsTargetTest() {
    std::string folder = testing::TempDir() + "tls-XXXXXX";
    folder_ = std::string(mkdtemp(folder.data())) + "/";
    server_.save(folder_ + "server");
    client_.save(folder_ + "client");
  }
  ~TlsTargetTest() override { std::filesystem::remove_all(folder_); }

  TargetSettings settings(const TestPeer& peer, const std::string& host = "127.0.0.1") const {
    std::string problem;
    TargetSettings made = target_of_url(peer.url("https", host), problem).value();
    made.limits.timeout_ms = 5'000;
    made.authorities = server_.certificate_file;
    return made;
  }

  static Reply ask(const TargetSettings& settings, const std::string& body = "") {
    return make_http_target(settings)->open(nullptr)->send({"POST", "/", {}, body}, true);
  }

  static void answer(PeerSocket& socket, int) {
    while (socket.greeted() && !socket.read_request().empty()) {
      socket.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    }
  }

  std::string folder_;
  Identity server_{"server", "IP:127.0.0.1"}, client_{"client", "DNS:client"};
  ContextPtr context_ = server_.server_context();
};

TEST_F(TlsTargetTest, TrustsWhomTheSettingsTrust) {
  TestPeer peer(answer, context_.get());
  const Reply reply = ask(settings(peer), std::string(1 << 20, 'x'));
  EXPECT_EQ(reply.kind, Kind::answered) << reply.error;
  EXPECT_EQ(reply.response.body, "hi");

  TargetSettings stranger = settings(peer);
  stranger.authorities = client_.certificate_file;
  EXPECT_EQ(ask(stranger).kind, Kind::unreachable);
  stranger.authorities = "";
  const Reply refused = ask(stranger);
  EXPECT_EQ(refused.kind, Kind::unreachable);
  EXPECT_EQ(refused.error, "no connection to 127.0.0.1:" + std::to_string(peer.port()) +
                               ": its certificate was refused: self-signed certificate");
  stranger.insecure = true;
  EXPECT_EQ(ask(stranger).kind, Kind::answered);
}

TEST_F(TlsTargetTest, TheNameMustBeTheCertificates) {
  TestPeer peer(answer, context_.get());
  const Reply reply = ask(settings(peer, "localhost"));
  EXPECT_EQ(reply.kind, Kind::unreachable);
  EXPECT_THAT(reply.error, HasSubstr("its certificate was refused: hostname mismatch"));
  TargetSettings insecure = settings(peer, "localhost");
  insecure.insecure = true;
  EXPECT_EQ(ask(insecure).kind, Kind::answered);
}

TEST_F(TlsTargetTest, TheAddressMustBeTheCertificates) {
  SSL_CTX_use_certificate(context_.get(), client_.certificate.get());
  SSL_CTX_use_PrivateKey(context_.get(), client_.key.get());
  TestPeer peer(answer, context_.get());
  TargetSettings trusting = settings(peer);
  trusting.authorities = client_.certificate_file;
  const Reply reply = ask(trusting);
  EXPECT_EQ(reply.kind, Kind::unreachable);
  EXPECT_THAT(reply.error, HasSubstr("its certificate was refused: IP address mismatch"));
}

TEST_F(TlsTargetTest, ShowsTheClientsCertificate) {
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), client_.certificate.get());
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  TestPeer peer(answer, context_.get());
  TargetSettings with = settings(peer);
  const Reply without = ask(with);
  EXPECT_EQ(without.kind, Kind::unreachable);
  EXPECT_THAT(without.error, HasSubstr("certificate required"));
  with.client_certificate = client_.certificate_file;
  with.client_key = client_.key_file;
  EXPECT_EQ(ask(with).kind, Kind::answered);
  if (std::system("command -v curl >/dev/null 2>&1") == 0) {
    const auto curl = [&](const std::string& options) {
      return std::system(("curl -s " + options + " " + with.url + " >/dev/null 2>&1").c_str());
    };
    EXPECT_EQ(curl(make_http_target(with)->curl_options()), 0);
    EXPECT_NE(curl("--insecure"), 0);
  }
  with.client_key = server_.key_file;
  try {
    make_http_target(with);
    ADD_FAILURE();
  } catch (const EnvironmentError& error) {
    EXPECT_THAT(error.what(), StartsWith(server_.key_file + ": the client key cannot be read, or is not the"));
  }
}

TEST_F(TlsTargetTest, AServerWithoutTlsIsUnreachable) {
  TestPeer peer([](PeerSocket& socket, int) {
    socket.send("HTTP/1.1 400 Bad\r\n\r\n");
    socket.read_request();
  });
  const Reply reply = ask(settings(peer));
  EXPECT_EQ(reply.kind, Kind::unreachable);
  EXPECT_THAT(reply.error, HasSubstr("the TLS handshake failed: "));
}

TEST_F(TlsTargetTest, AHandshakeThatHangsEnds) {
  TestPeer peer([](PeerSocket& socket, int) { socket.wait_for_the_end_of_the_test(); });
  TargetSettings short_of_time = settings(peer);
  short_of_time.limits.timeout_ms = 50;
  const Reply reply = ask(short_of_time);
  EXPECT_EQ(reply.kind, Kind::unreachable);
  EXPECT_EQ(reply.error, "no connection to 127.0.0.1:" + std::to_string(peer.port()) + ": none within 50 ms");
}

TEST_F(TlsTargetTest, OnlyACloseNotifyEndsABody) {
  for (const bool clean : {true, false}) {
    TestPeer peer(
        [clean](PeerSocket& socket, int) {
          socket.read_request();
          socket.send("HTTP/1.1 200 OK\r\n\r\nto the end");
          if (clean) socket.end_tls();
        },
        context_.get());
    const Reply reply = ask(settings(peer));
    EXPECT_EQ(reply.kind, clean ? Kind::answered : Kind::broken);
    EXPECT_EQ(reply.error, clean ? ""
                                 : "the connection failed (the TLS connection ended without a close_notify): "
                                   "10 bytes of the body came, and not its end");
  }
}

TEST_F(TlsTargetTest, KeepsAndRenewsConnections) {
  std::atomic<int> closed = 0;
  TestPeer peer(
      [&](PeerSocket& socket, int connection) {
        for (int i = 0; i < 2; ++i) {
          socket.read_request();
          socket.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        }
        if (connection == 0) socket.end_tls();
        if (connection == 1) socket.reset();
        ++closed;
        socket.read_request();
      },
      context_.get());
  const auto target = make_http_target(settings(peer));
  const auto conversation = target->open(nullptr);
  for (int i = 0; i < 6; ++i) {
    const Reply reply = conversation->send({"POST", "/", {}, ""}, true);
    ASSERT_EQ(reply.kind, Kind::answered) << i << ": " << reply.error;
    while (closed < (i + 1) / 2) std::this_thread::yield();
  }
  EXPECT_EQ(peer.connections(), 3);
}

}  // namespace
}  // namespace counterpart::conformance
