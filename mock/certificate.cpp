#include "mock/certificate.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "mock/openssl.h"

namespace counterpart::mock::tls {
namespace {

constexpr int valid_days = 825;  // what Apple's systems accept at most
constexpr long day_seconds = 24 * 60 * 60;
constexpr int serial_bits = 127;
constexpr size_t dns_name_bytes_max = 253;

using BioPtr = std::unique_ptr<BIO, Freeing<BIO_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Freeing<X509_EXTENSION_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;
using NamePtr = std::unique_ptr<GENERAL_NAME, Freeing<GENERAL_NAME_free>>;
using NamesPtr = std::unique_ptr<GENERAL_NAMES, Freeing<GENERAL_NAMES_free>>;
using NumberPtr = std::unique_ptr<BIGNUM, Freeing<BN_free>>;
using StringPtr = std::unique_ptr<ASN1_STRING, Freeing<ASN1_STRING_free>>;
using X509Ptr = std::unique_ptr<X509, Freeing<X509_free>>;

struct Subject {
  int type = GEN_DNS;
  std::string value;  ///< a name, or the bytes of an address
  bool operator==(const Subject&) const = default;
};

std::optional<Subject> address(const std::string& host) {
  std::array<char, sizeof(in6_addr)> bytes;
  if (inet_pton(AF_INET, host.c_str(), bytes.data()) == 1) {
    return Subject{GEN_IPADD, std::string(bytes.data(), sizeof(in_addr))};
  }
  // A certificate holds no zone ("fe80::1%eth0"), and clients compare without it.
  if (inet_pton(AF_INET6, host.substr(0, host.find('%')).c_str(), bytes.data()) == 1) {
    return Subject{GEN_IPADD, std::string(bytes.data(), sizeof(in6_addr))};
  }
  return std::nullopt;
}

std::optional<Subject> dns_name(std::string host) {
  for (char& c : host) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    if (!fits) return std::nullopt;
  }
  if (host.size() > dns_name_bytes_max) return std::nullopt;
  return Subject{GEN_DNS, std::move(host)};
}

/// Empty when the host is neither an address nor a name.
std::vector<Subject> subjects(const std::string& host) {
  std::vector<Subject> all{{GEN_DNS, "localhost"}, *address("127.0.0.1"), *address("::1")};
  if (host.empty()) return all;
  std::optional<Subject> own = address(host);
  if (!own) own = dns_name(host);
  if (!own) return {};
  if (std::find(all.begin(), all.end(), *own) == all.end()) all.push_back(std::move(*own));
  return all;
}

bool add_names(X509* certificate, const std::vector<Subject>& all) {
  const NamesPtr names(GENERAL_NAMES_new());
  if (!names) return false;
  for (const Subject& one : all) {
    NamePtr name(GENERAL_NAME_new());
    StringPtr value(ASN1_STRING_type_new(one.type == GEN_DNS ? V_ASN1_IA5STRING : V_ASN1_OCTET_STRING));
    if (!name || !value || !ASN1_STRING_set(value.get(), one.value.data(), static_cast<int>(one.value.size()))) {
      return false;
    }
    GENERAL_NAME_set0_value(name.get(), one.type, value.release());
    if (!sk_GENERAL_NAME_push(names.get(), name.get())) return false;
    (void)name.release();
  }
  return X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

bool add_extension(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

/// The same name every time; browsers take two certificates of one name and one serial number for a forgery.
bool set_identity(X509* certificate) {
  const NumberPtr serial(BN_new());
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto add = [&](const char* field, const char* value) {
    return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value), -1, -1,
                                      0) == 1;
  };
  return serial && BN_rand(serial.get(), serial_bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
         BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) && add("O", "Counterpart") &&
         add("CN", "Counterpart mock") && X509_set_issuer_name(certificate, name);
}

X509Ptr sign(EVP_PKEY* key, const std::vector<Subject>& all) {
  X509Ptr certificate(X509_new());
  X509* c = certificate.get();
  // Both ends of the validity count (RFC 5280, 4.1.2.5), hence the second less.
  const bool made = c && X509_set_version(c, X509_VERSION_3) && set_identity(c) && X509_set_pubkey(c, key) &&
                    X509_gmtime_adj(X509_getm_notBefore(c), -day_seconds) &&
                    X509_gmtime_adj(X509_getm_notAfter(c), (valid_days - 1) * day_seconds - 1) &&
                    add_extension(c, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                    add_extension(c, NID_key_usage, "critical,digitalSignature,keyCertSign") &&
                    add_extension(c, NID_ext_key_usage, "serverAuth") && add_names(c, all) &&
                    add_extension(c, NID_subject_key_identifier, "hash") &&
                    add_extension(c, NID_authority_key_identifier, "keyid:always") && X509_sign(c, key, EVP_sha256());
  return made ? std::move(certificate) : nullptr;
}

std::string text(BIO* bio) {
  char* data = nullptr;
  const long bytes = BIO_get_mem_data(bio, &data);
  return {data, static_cast<size_t>(bytes)};
}

std::optional<Certificate> make(const std::vector<Subject>& all) {
  const KeyPtr key(EVP_EC_gen("P-256"));
  if (!key) return std::nullopt;
  const X509Ptr certificate = sign(key.get(), all);
  const BioPtr pem(BIO_new(BIO_s_mem()));
  const BioPtr key_pem(BIO_new(BIO_s_mem()));
  if (!certificate || !pem || !key_pem || !PEM_write_bio_X509(pem.get(), certificate.get()) ||
      !PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr)) {
    return std::nullopt;
  }
  return Certificate{text(pem.get()), text(key_pem.get())};
}

}  // namespace

std::optional<Certificate> make_certificate(const std::string& host, std::string& error) {
  const std::vector<Subject> all = subjects(host);
  if (all.empty()) {
    error = fmt::format("no certificate can be made for '{}': it is neither a host name nor an IP address", host);
    return std::nullopt;
  }
  const CleanErrors clean;
  auto certificate = make(all);
  if (!certificate) error = fmt::format("no certificate can be made: {}", last_reason());
  return certificate;
}

}  // namespace counterpart::mock::tls
