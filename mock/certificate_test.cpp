#include "mock/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <vector>

#include "mock/openssl.h"

namespace counterpart::mock::tls {
namespace {

using BioPtr = std::unique_ptr<BIO, Freeing<BIO_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;
using NamesPtr = std::unique_ptr<GENERAL_NAMES, Freeing<GENERAL_NAMES_free>>;
using X509Ptr = std::unique_ptr<X509, Freeing<X509_free>>;

Certificate make(const std::string& host) {
  std::string error;
  auto certificate = make_certificate(host, error);
  EXPECT_TRUE(certificate) << error;
  EXPECT_EQ(ERR_peek_error(), 0u);
  return certificate.value_or(Certificate{});
}

X509Ptr parse(const Certificate& certificate) {
  const BioPtr bio(BIO_new_mem_buf(certificate.pem.data(), static_cast<int>(certificate.pem.size())));
  return X509Ptr(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

KeyPtr parse_key(const Certificate& certificate) {
  const BioPtr bio(BIO_new_mem_buf(certificate.key_pem.data(), static_cast<int>(certificate.key_pem.size())));
  return KeyPtr(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

/// "localhost", "127.0.0.1": as `openssl x509 -text` would show them, without the kind.
std::vector<std::string> names_in(const X509* certificate) {
  const NamesPtr names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> all;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    GENERAL_NAME_print(bio.get(), sk_GENERAL_NAME_value(names.get(), i));
    char* data = nullptr;
    const long bytes = BIO_get_mem_data(bio.get(), &data);
    all.emplace_back(data, static_cast<size_t>(bytes));
  }
  return all;
}

struct Hosts {
  std::string name;
  std::string host;
  std::vector<std::string> more;  ///< what stands after the three that are always there
};

class CertificateNames : public testing::TestWithParam<Hosts> {};

TEST_P(CertificateNames, AreThisMachinesAndTheHosts) {
  std::vector<std::string> expected{"DNS:localhost", "IP Address:127.0.0.1", "IP Address:0:0:0:0:0:0:0:1"};
  expected.insert(expected.end(), GetParam().more.begin(), GetParam().more.end());
  EXPECT_EQ(names_in(parse(make(GetParam().host)).get()), expected);
}

const Hosts hosts[] = {
    {"None", "", {}},
    {"Localhost", "localhost", {}},
    {"LocalhostInCapitals", "LocalHost", {}},
    {"Loopback", "127.0.0.1", {}},
    {"Loopback6", "::1", {}},
    {"Loopback6InFull", "0:0:0:0:0:0:0:1", {}},
    {"Any", "0.0.0.0", {"IP Address:0.0.0.0"}},
    {"Any6", "::", {"IP Address:0:0:0:0:0:0:0:0"}},
    {"Address", "192.168.1.20", {"IP Address:192.168.1.20"}},
    {"Address6", "2001:db8::5", {"IP Address:2001:DB8:0:0:0:0:0:5"}},
    {"Address6WithZone", "fe80::1%eth0", {"IP Address:FE80:0:0:0:0:0:0:1"}},
    {"Name", "mock.example.test", {"DNS:mock.example.test"}},
    {"ServiceName", "My_Mock-1", {"DNS:my_mock-1"}},
};
INSTANTIATE_TEST_SUITE_P(Table, CertificateNames, testing::ValuesIn(hosts),
                         [](const auto& test) { return test.param.name; });

TEST(Certificate, IsRefusedForWhatIsNoHost) {
  for (const std::string& host : {std::string("a b"), std::string("h,IP:1.2.3.4"), std::string("m\xc3\xbcnchen"),
                                  std::string("a\0b", 3), std::string("127.0.0.1:80"), std::string(254, 'a')}) {
    std::string error;
    EXPECT_FALSE(make_certificate(host, error)) << host;
    EXPECT_EQ(error, "no certificate can be made for '" + host + "': it is neither a host name nor an IP address");
  }
}

TEST(Certificate, IsItsOwnAuthorityForServersOnly) {
  const X509Ptr certificate = parse(make(""));
  ASSERT_TRUE(certificate);
  EXPECT_EQ(X509_check_purpose(certificate.get(), X509_PURPOSE_SSL_SERVER, 0), 1);
  EXPECT_EQ(X509_check_purpose(certificate.get(), X509_PURPOSE_SSL_SERVER, 1), 1);
  EXPECT_EQ(X509_check_purpose(certificate.get(), X509_PURPOSE_SSL_CLIENT, 0), 0);
  EXPECT_EQ(X509_get_key_usage(certificate.get()), uint32_t{KU_DIGITAL_SIGNATURE | KU_KEY_CERT_SIGN});
  EXPECT_EQ(X509_get_extended_key_usage(certificate.get()), uint32_t{XKU_SSL_SERVER});
  EXPECT_EQ(X509_get_pathlen(certificate.get()), 0);
  EXPECT_TRUE(X509_get0_subject_key_id(certificate.get()));
  EXPECT_TRUE(X509_get0_authority_key_id(certificate.get()));
}

TEST(Certificate, IsSignedWithItsKeyOnP256) {
  const Certificate made = make("");
  const X509Ptr certificate = parse(made);
  const KeyPtr key = parse_key(made);
  ASSERT_TRUE(certificate && key);
  EXPECT_EQ(X509_check_private_key(certificate.get(), key.get()), 1);
  EXPECT_EQ(X509_verify(certificate.get(), key.get()), 1);
  EXPECT_EQ(EVP_PKEY_get_bits(key.get()), 256);
  EXPECT_THAT(made.key_pem, testing::StartsWith("-----BEGIN PRIVATE KEY-----\n"));
}

TEST(Certificate, IsValidFromADayAgoFor825Days) {
  const X509Ptr certificate = parse(make(""));
  int days = 0;
  int seconds = 0;
  ASSERT_TRUE(ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(certificate.get()), nullptr));
  EXPECT_EQ(days, 1);
  EXPECT_LT(seconds, 3600);
  ASSERT_TRUE(
      ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(certificate.get()), X509_get0_notAfter(certificate.get())));
  EXPECT_EQ(days, 824);
  EXPECT_EQ(seconds, 24 * 60 * 60 - 1);
}

TEST(Certificate, IsAnotherEachTime) {
  const Certificate one = make("");
  const Certificate other = make("");
  EXPECT_NE(one.key_pem, other.key_pem);
  EXPECT_NE(ASN1_INTEGER_cmp(X509_get0_serialNumber(parse(one).get()), X509_get0_serialNumber(parse(other).get())), 0);
}

}  // namespace
}  // namespace counterpart::mock::tls
