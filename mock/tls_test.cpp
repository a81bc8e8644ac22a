#include "mock/tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "mock/test_tls_client.h"

namespace counterpart::mock::tls {
namespace {

using testing::StartsWith;

const Certificate& server_certificate() {
  static const Certificate made = [] {
    std::string error;
    return make_certificate("mock.test", error).value();
  }();
  return made;
}

std::shared_ptr<const Context> make_context(const std::string& client_ca = "") {
  std::string error;
  auto context = Context::from_pem(server_certificate().pem, server_certificate().key_pem, client_ca, error);
  EXPECT_TRUE(context) << error;
  return context;
}

const Context& context() {
  static const std::shared_ptr<const Context> made = make_context();
  return *made;
}

/// No two pieces of it are the same.
std::string numbers(size_t bytes) {
  std::string text;
  for (size_t i = 0; text.size() < bytes; ++i) text += std::to_string(i) + ' ';
  text.resize(bytes);
  return text;
}

// ------------------------------------------------------------------------------------------ a good client

/// The client's version, and how many bytes arrive at once.
class TlsStream : public testing::TestWithParam<std::tuple<int, size_t>> {
 protected:
  TestConnection connection_{context(), {.version = std::get<0>(GetParam())}, std::get<1>(GetParam())};
};

TEST_P(TlsStream, CarriesManyRecordsEachWay) {
  ASSERT_TRUE(connection_.shake_hands()) << connection_.stream.error();
  EXPECT_EQ(SSL_version(connection_.client.ssl()), std::get<0>(GetParam()));
  const std::string text = numbers(std::get<1>(GetParam()) == 1 ? 100'000 : 1u << 20);
  connection_.client.send(text);
  EXPECT_TRUE(connection_.carry().empty());
  EXPECT_TRUE(connection_.plain == text);
  EXPECT_TRUE(connection_.stream.send(text, connection_.wire));
  EXPECT_TRUE(connection_.carry() == text);
  EXPECT_EQ(connection_.stream.state(), State::open);
}

TEST_P(TlsStream, EndsEachDirectionByItself) {
  ASSERT_TRUE(connection_.shake_hands());
  connection_.client.send("the last request");
  SSL_shutdown(connection_.client.ssl());
  connection_.carry();
  EXPECT_EQ(connection_.plain, "the last request");
  EXPECT_EQ(connection_.stream.state(), State::closed);
  EXPECT_EQ(connection_.stream.error(), "");

  ASSERT_TRUE(connection_.stream.send("the last answer", connection_.wire));
  connection_.stream.close(connection_.wire);
  EXPECT_FALSE(connection_.client.was_closed());
  EXPECT_EQ(connection_.carry(), "the last answer");
  EXPECT_TRUE(connection_.client.was_closed());

  connection_.stream.close(connection_.wire);
  EXPECT_FALSE(connection_.stream.send("more", connection_.wire));
  EXPECT_EQ(connection_.wire, "");
  EXPECT_EQ(connection_.stream.state(), State::closed);
}

TEST_P(TlsStream, EndsAtADamagedRecord) {
  ASSERT_TRUE(connection_.shake_hands());
  connection_.client.send("whole");
  std::string sent = connection_.client.take();
  connection_.client.send("damaged");
  sent += connection_.client.take();
  sent.back() = static_cast<char>(sent.back() ^ 1);
  connection_.to_server(sent);
  EXPECT_EQ(connection_.stream.state(), State::failed);
  EXPECT_EQ(connection_.plain, "whole");
  EXPECT_EQ(connection_.stream.error(), "the client broke TLS (decryption failed or bad record mac)");
  const std::string alert = connection_.wire;
  EXPECT_FALSE(connection_.stream.send("more", connection_.wire));
  connection_.stream.close(connection_.wire);
  EXPECT_EQ(connection_.wire, alert);
  connection_.carry();
  EXPECT_THAT(connection_.client.error(), testing::HasSubstr("bad record mac"));
}

TEST_P(TlsStream, HoldsOnAtEveryPlaceWhereAHandshakeStops) {
  SSL_do_handshake(connection_.client.ssl());
  const std::string hello = connection_.client.take();
  for (size_t cut = 0; cut < hello.size(); ++cut) {
    TestConnection other(context(), {}, std::get<1>(GetParam()));
    other.to_server(std::string_view(hello).substr(0, cut));
    ASSERT_EQ(other.stream.state(), State::open) << cut;
    ASSERT_FALSE(other.stream.established());
    ASSERT_FALSE(other.stream.send("early", other.wire));
    other.stream.close(other.wire);
    ASSERT_EQ(other.wire, "") << cut;
  }
}

std::string name_of(const testing::TestParamInfo<std::tuple<int, size_t>>& test) {
  const auto [version, bytes] = test.param;
  return std::string(version == TLS1_2_VERSION ? "Tls12" : "Tls13") +
         (bytes == SIZE_MAX ? "Whole" : "By" + std::to_string(bytes));
}

const auto versions = testing::Values(TLS1_2_VERSION, TLS1_3_VERSION);
const auto pieces = testing::Values(size_t{1}, size_t{2048}, SIZE_MAX);
INSTANTIATE_TEST_SUITE_P(Table, TlsStream, testing::Combine(versions, pieces), name_of);

TEST(TlsStreamOnce, TakesSixteenMegabytesAndKeepsNothing) {
  TestConnection connection(context(), {});
  ASSERT_TRUE(connection.shake_hands());
  const std::string part = numbers(64 * 1024);
  for (int i = 0; i < 256; ++i) {
    connection.client.send(part);
    connection.carry();
    ASSERT_TRUE(connection.plain == part) << i;
    connection.plain.clear();
  }
}

TEST(TlsStreamOnce, ChangesKeysWhenTheClientDoes) {
  TestConnection connection(context(), {});
  ASSERT_TRUE(connection.shake_hands());
  SSL_key_update(connection.client.ssl(), SSL_KEY_UPDATE_REQUESTED);
  connection.client.send("with new keys");
  connection.carry();
  EXPECT_EQ(connection.plain, "with new keys");
  EXPECT_TRUE(connection.stream.send("mine too", connection.wire));
  EXPECT_EQ(connection.carry(), "mine too");
}

TEST(TlsStreamOnce, DoesNotRenegotiate) {
  TestConnection connection(context(), {.version = TLS1_2_VERSION});
  ASSERT_TRUE(connection.shake_hands());
  SSL_renegotiate(connection.client.ssl());
  connection.carry();
  EXPECT_EQ(connection.client.error(), "no renegotiation");
}

TEST(TlsStreamOnce, OneContextServesManyThreads) {
  const auto shared = make_context();
  std::vector<std::thread> threads(4);
  for (size_t i = 0; i < threads.size(); ++i) {
    threads[i] = std::thread([&shared, i] {
      for (int round = 0; round < 10; ++round) {
        TestConnection connection(*shared, {.version = i % 2 == 0 ? TLS1_2_VERSION : TLS1_3_VERSION});
        EXPECT_TRUE(connection.shake_hands());
        EXPECT_TRUE(connection.stream.send("to " + std::to_string(i), connection.wire));
        EXPECT_EQ(connection.carry(), "to " + std::to_string(i));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// -------------------------------------------------------------------------- what the client wants of a server

struct Trust {
  std::string name;
  ClientOptions options;
  std::string client_error;  ///< empty: all is well
};

class TlsCertificate : public testing::TestWithParam<Trust> {};

TEST_P(TlsCertificate, IsVerifiedByTheClient) {
  ClientOptions options = GetParam().options;
  if (options.trusted.empty()) options.trusted = server_certificate().pem;
  TestConnection connection(context(), options);
  EXPECT_EQ(connection.shake_hands(), GetParam().client_error.empty());
  EXPECT_EQ(X509_verify_cert_error_string(SSL_get_verify_result(connection.client.ssl())),
            GetParam().client_error.empty() ? std::string("ok") : GetParam().client_error);
  EXPECT_EQ(connection.stream.state(), GetParam().client_error.empty() ? State::open : State::failed);
  if (!GetParam().client_error.empty()) {
    EXPECT_THAT(connection.stream.error(), StartsWith("the client refused the certificate (alert: "));
  }
}

const Trust trusts[] = {
    {"Localhost", {.name = "localhost"}, ""},
    {"Loopback", {.address = "127.0.0.1"}, ""},
    {"Loopback6", {.address = "::1"}, ""},
    {"TheHost", {.name = "mock.test"}, ""},
    {"InTls12", {.version = TLS1_2_VERSION, .name = "localhost"}, ""},
    {"AnotherName", {.name = "example.org"}, "hostname mismatch"},
    {"AnotherAddress", {.address = "127.0.0.2"}, "IP address mismatch"},
    {"AnotherRoot", {.trusted = make_identity().pem, .name = "localhost"}, "self-signed certificate"},
};
INSTANTIATE_TEST_SUITE_P(Table, TlsCertificate, testing::ValuesIn(trusts),
                         [](const auto& test) { return test.param.name; });

TEST(TlsStreamOnce, AnswersHttp11WhereAlpnOffersIt) {
  const std::pair<std::string, std::string> cases[] = {
      {"", ""}, {"\x08http/1.1", "http/1.1"}, {"\x02h2\x08http/1.1", "http/1.1"}, {"\x02h2", ""}, {"\x08http/1.0", ""}};
  for (const auto& [offered, chosen] : cases) {
    TestConnection connection(context(), {.protocols = offered});
    EXPECT_TRUE(connection.shake_hands()) << offered;
    const unsigned char* protocol = nullptr;
    unsigned bytes = 0;
    SSL_get0_alpn_selected(connection.client.ssl(), &protocol, &bytes);
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(protocol), bytes), chosen) << offered;
  }
}

// ------------------------------------------------------------------------------------------- a bad client

struct Bytes {
  std::string name;
  std::string bytes;
  State state;
  std::string error;
};

const std::string http_error = "the client spoke HTTP without TLS to a TLS port";
const std::string not_tls_error = "the TLS handshake failed (wrong version number)";

class TlsGarbage : public testing::TestWithParam<Bytes> {};

TEST_P(TlsGarbage, FailsWithASentence) {
  for (const size_t piece : {SIZE_MAX, size_t{1}}) {
    TestConnection connection(context(), {}, piece);
    connection.to_server(GetParam().bytes);
    EXPECT_EQ(connection.stream.state(), GetParam().state);
    EXPECT_EQ(connection.stream.error(), GetParam().error);
    EXPECT_EQ(connection.plain, "");
    // What is not even the head of a record is not told in records.
    const bool records = GetParam().state == State::failed && GetParam().error != not_tls_error;
    EXPECT_EQ(connection.wire.substr(0, 2), records ? "\x15\x03" : "");
    const std::string said = connection.wire;
    connection.to_server("GET / HTTP/1.1\r\n\r\n");
    EXPECT_EQ(connection.wire, said) << "it goes on";
    EXPECT_FALSE(connection.stream.send("answer", connection.wire));
  }
}

const Bytes garbage[] = {
    {"Get", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", State::plain_http, http_error},
    {"Put", "PUT /item HTTP/1.1\r\n", State::plain_http, http_error},
    {"Delete", "DELETE /item HTTP/1.1\r\n", State::plain_http, http_error},
    {"Connect", "CONNECT h:443 HTTP/1.1\r\n", State::plain_http, http_error},
    {"OtherMethod", "M-SEARCH * HTTP/1.1\r\n", State::plain_http, http_error},
    {"Http2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", State::plain_http, http_error},
    {"Zeros", std::string(64, '\0'), State::failed, not_tls_error},
    {"Ones", std::string(64, '\xff'), State::failed, not_tls_error},
    {"Digits", "0123456789", State::failed, not_tls_error},
    {"RecordTooLong", "\x16\x03\x01\xff\xff\x01", State::failed, "the TLS handshake failed (packet length too long)"},
    {"MessageTooLong", std::string("\x16\x03\x01\x00\x04\x01\xff\xff\xff", 9), State::failed,
     "the TLS handshake failed (excessive message size)"},
    {"DataFirst", std::string("\x17\x03\x03\x00\x05hello", 10), State::failed,
     "the TLS handshake failed (unexpected message)"},
};
INSTANTIATE_TEST_SUITE_P(Table, TlsGarbage, testing::ValuesIn(garbage),
                         [](const auto& test) { return test.param.name; });

TEST(TlsStreamOnce, OutlivesEveryDamagedHello) {
  TestClient client({.name = "localhost", .protocols = "\x08http/1.1"});
  SSL_do_handshake(client.ssl());
  const std::string hello = client.take();
  for (size_t i = 0; i < hello.size(); ++i) {
    std::string damaged = hello;
    damaged[i] = static_cast<char>(~damaged[i]);
    TestConnection connection(context(), {});
    connection.to_server(damaged + hello);
    ASSERT_FALSE(connection.stream.established()) << i;
    ASSERT_EQ(connection.stream.error().empty(), connection.stream.state() == State::open) << i;
  }
}

TEST(TlsStreamOnce, RefusesOlderVersions) {
  TestConnection connection(context(), {.version = TLS1_1_VERSION});
  EXPECT_FALSE(connection.shake_hands());
  EXPECT_EQ(connection.stream.error(), "the TLS handshake failed (unsupported protocol)");
  EXPECT_EQ(connection.client.error(), "tlsv1 alert protocol version");
}

}  // namespace
}  // namespace counterpart::mock::tls
