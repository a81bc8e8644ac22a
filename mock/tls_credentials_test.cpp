#include "mock/tls_credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "mock/test_tls_client.h"

namespace counterpart::mock::tls {
namespace {

/// Files in a folder of the test's own, named in errors without the folder.
class TlsFiles : public testing::Test {
 protected:
  TlsFiles() { std::filesystem::create_directories(folder_); }
  ~TlsFiles() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + name, std::ios::binary) << text;
    return folder_ + name;
  }

  /// What from_files says of these, or "ok".
  std::string load(const std::string& certificate, const std::string& key, const std::string& client_ca = "") {
    std::string error = "ok";
    const std::string ca = client_ca.empty() ? "" : folder_ + client_ca;
    const bool made = Context::from_files({folder_ + certificate, folder_ + key, ca}, error) != nullptr;
    EXPECT_EQ(ERR_peek_error(), 0u) << "the error queue is not empty";
    EXPECT_EQ(made, error == "ok");
    for (size_t at = 0; (at = error.find(folder_)) != std::string::npos;) error.erase(at, folder_.size());
    return error;
  }

  const std::string folder_ =
      testing::TempDir() + "counterpart_tls_" + testing::UnitTest::GetInstance()->current_test_info()->name() + "/";
};

using PemWriter = decltype(PEM_write_bio_PrivateKey);

std::string encrypted(const std::string& key_pem, PemWriter write) {
  const KeyPtr key(PEM_read_bio_PrivateKey(bio_of(key_pem).get(), nullptr, nullptr, nullptr));
  const BioPtr out(BIO_new(BIO_s_mem()));
  const auto* passphrase = reinterpret_cast<const unsigned char*>("secret");
  write(out.get(), key.get(), EVP_aes_128_cbc(), passphrase, 6, nullptr, nullptr);
  return text_of(out.get());
}

std::string in_der(const std::string& certificate_pem) {
  const X509Ptr certificate(PEM_read_bio_X509(bio_of(certificate_pem).get(), nullptr, nullptr, nullptr));
  const BioPtr out(BIO_new(BIO_s_mem()));
  i2d_X509_bio(out.get(), certificate.get());
  return text_of(out.get());
}

TEST_F(TlsFiles, AreServedOrNamedWithWhatIsWrong) {
  const Certificate mine = make_identity();
  const Certificate other = make_identity();
  std::string damaged = mine.pem;
  damaged[damaged.size() / 2] = '!';
  write("my.crt", mine.pem);
  write("my.key", mine.key_pem);
  write("both.pem", mine.key_pem + mine.pem);
  write("chain.crt", mine.pem + other.pem);
  write("other.crt", other.pem);
  write("other.key", other.key_pem);
  write("encrypted.key", encrypted(mine.key_pem, PEM_write_bio_PrivateKey));
  write("encrypted_sec1.key", encrypted(mine.key_pem, PEM_write_bio_PrivateKey_traditional));
  write("damaged.crt", damaged);
  write("damaged_chain.crt", mine.pem + damaged);
  write("damaged.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
  write("my.der", in_der(mine.pem));
  write("text", "hello\n");
  write("empty", "");
  write("large", std::string((1u << 20) + 1, ' '));
  std::filesystem::create_directories(folder_ + "folder");

  const struct {
    std::string certificate, key, client_ca, said;
  } cases[] = {
      {"my.crt", "my.key", "", "ok"},
      {"both.pem", "both.pem", "", "ok"},
      {"chain.crt", "my.key", "chain.crt", "ok"},
      {"missing", "my.key", "", "missing: no such file"},
      {"my.crt", "missing", "", "missing: no such file"},
      {"my.crt", "my.key", "missing", "missing: no such file"},
      {"folder", "my.key", "", "folder: expected a PEM file, found a folder"},
      {"large", "my.key", "", "large: expected a PEM file, found one larger than 1 MiB"},
      {"text", "my.key", "", "text: there is no PEM certificate in it"},
      {"empty", "my.key", "", "empty: there is no PEM certificate in it"},
      {"my.der", "my.key", "", "my.der: there is no PEM certificate in it"},
      {"my.key", "my.crt", "", "my.key: there is no PEM certificate in it"},
      {"my.crt", "my.key", "text", "text: there is no PEM certificate in it"},
      {"my.crt", "text", "", "text: there is no PEM private key in it"},
      {"my.crt", "my.crt", "", "my.crt: there is no PEM private key in it"},
      {"my.crt", "encrypted.key", "", "encrypted.key: the key is encrypted, and must not be"},
      {"my.crt", "encrypted_sec1.key", "", "encrypted_sec1.key: the key is encrypted, and must not be"},
      {"damaged.crt", "my.key", "", "damaged.crt: certificate 1 in it is damaged (bad base64 decode)"},
      {"damaged_chain.crt", "my.key", "", "damaged_chain.crt: certificate 2 in it is damaged (bad base64 decode)"},
      {"my.crt", "damaged.key", "", "damaged.key: the private key in it is damaged"},
      {"my.crt", "other.key", "", "other.key: not the key of the certificate in my.crt"},
      {"other.crt", "my.key", "", "my.key: not the key of the certificate in other.crt"},
  };
  for (const auto& [certificate, key, client_ca, said] : cases) EXPECT_EQ(load(certificate, key, client_ca), said);
}

TEST_F(TlsFiles, OfMemoryAreNamedByWhatTheyAre) {
  const Certificate mine = make_identity();
  std::string error;
  EXPECT_FALSE(Context::from_pem(mine.pem, make_identity().key_pem, "", error));
  EXPECT_EQ(error, "the key: not the key of the certificate in the certificate");
  EXPECT_FALSE(Context::from_pem("", mine.key_pem, "", error));
  EXPECT_EQ(error, "the certificate: there is no PEM certificate in it");
}

TEST_F(TlsFiles, ServeTheWholeChain) {
  const Certificate mine = make_identity();
  std::string error;
  const auto context = Context::from_pem(mine.pem + make_identity().pem, mine.key_pem, "", error);
  ASSERT_TRUE(context) << error;
  TestConnection connection(*context, {});
  ASSERT_TRUE(connection.shake_hands());
  EXPECT_EQ(sk_X509_num(SSL_get_peer_cert_chain(connection.client.ssl())), 2);
}

// ---------------------------------------------------------------------------------- clients that must be known

struct Demand {
  std::string name;
  int version;
  std::string shown;         ///< "none", "known", "unknown", "server" (one that is known and for servers only)
  std::string error;         ///< the server's; empty: the client is let in
  std::string client_error;  ///< what the alert told it
};

const std::string no_certificate = "the client showed no certificate, and must";
const std::string unknown = "the client's certificate is not accepted (self-signed certificate)";
const std::string not_for_clients = "the client's certificate is not accepted (unsuitable certificate purpose)";

class TlsClientCertificate : public testing::TestWithParam<Demand> {};

TEST_P(TlsClientCertificate, IsDemandedAndVerified) {
  static const Certificate known = make_identity();
  static const Certificate stranger = make_identity();
  std::string error;
  static const Certificate server = make_certificate("", error).value();
  const std::string path = testing::TempDir() + "counterpart_client_ca_" + GetParam().name + ".crt";
  std::ofstream(path, std::ios::binary) << known.pem << server.pem;
  const auto context = Context::from_pem(server.pem, server.key_pem, path, error);
  std::filesystem::remove(path);
  ASSERT_TRUE(context) << error;

  const std::string& shown = GetParam().shown;
  const Certificate* identity = shown == "known"     ? &known
                                : shown == "unknown" ? &stranger
                                : shown == "server"  ? &server
                                                     : nullptr;
  TestConnection connection(*context, {.version = GetParam().version, .trusted = server.pem, .identity = identity});
  connection.shake_hands();
  connection.client.send("request");
  connection.carry();
  EXPECT_EQ(connection.stream.error(), GetParam().error);
  EXPECT_EQ(connection.stream.established(), GetParam().error.empty());
  EXPECT_EQ(connection.plain, GetParam().error.empty() ? "request" : "");
  EXPECT_EQ(connection.client.error(), GetParam().client_error);
}

const Demand demands[] = {
    {"Known12", TLS1_2_VERSION, "known", "", ""},
    {"Known13", TLS1_3_VERSION, "known", "", ""},
    {"None12", TLS1_2_VERSION, "none", no_certificate, "sslv3 alert handshake failure"},
    {"None13", TLS1_3_VERSION, "none", no_certificate, "tlsv13 alert certificate required"},
    {"Unknown12", TLS1_2_VERSION, "unknown", unknown, "tlsv1 alert unknown ca"},
    {"Unknown13", TLS1_3_VERSION, "unknown", unknown, "tlsv1 alert unknown ca"},
    {"Server12", TLS1_2_VERSION, "server", not_for_clients, "sslv3 alert unsupported certificate"},
    {"Server13", TLS1_3_VERSION, "server", not_for_clients, "sslv3 alert unsupported certificate"},
};
INSTANTIATE_TEST_SUITE_P(Table, TlsClientCertificate, testing::ValuesIn(demands),
                         [](const auto& test) { return test.param.name; });

TEST_F(TlsFiles, LetKnownClientsResume) {
  std::string error;
  const Certificate server = make_certificate("", error).value();
  const Certificate known = make_identity();
  for (const std::string& client_ca : {std::string(), write("client_ca", known.pem)}) {
    const auto context = Context::from_pem(server.pem, server.key_pem, client_ca, error);
    ASSERT_TRUE(context) << error;
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
      TestConnection first(*context, {.version = version, .identity = &known});
      ASSERT_TRUE(first.shake_hands());
      const std::unique_ptr<SSL_SESSION, Freeing<SSL_SESSION_free>> session(SSL_get1_session(first.client.ssl()));
      SSL_shutdown(first.client.ssl());
      TestConnection second(*context, {.version = version, .session = session.get()});
      EXPECT_TRUE(second.shake_hands()) << second.stream.error();
      EXPECT_TRUE(SSL_session_reused(second.client.ssl())) << version << client_ca;
    }
  }
}

}  // namespace
}  // namespace counterpart::mock::tls
