#include "mock/tls_credentials.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

#include "mock/openssl.h"

namespace counterpart::mock::tls {
namespace {

constexpr size_t pem_bytes_max = 1u << 20;

using BioPtr = std::unique_ptr<BIO, Freeing<BIO_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Freeing<X509_free>>;

bool last_error_is(int library, int reason) {
  const unsigned long code = ERR_peek_last_error();
  return ERR_GET_LIB(code) == library && ERR_GET_REASON(code) == reason;
}

bool fail(std::string& error, const Pem& pem, std::string_view problem) {
  error = fmt::format("{}: {}", pem.name, problem);
  return false;
}

BioPtr open(const Pem& pem) {
  BioPtr bio(BIO_new_mem_buf(pem.text.data(), static_cast<int>(pem.text.size())));
  if (!bio) throw std::bad_alloc();
  return bio;
}

/// All certificates of the text, at least one.
bool read_certificates(const Pem& pem, std::vector<X509Ptr>& certificates, std::string& error) {
  const BioPtr bio = open(pem);
  while (X509Ptr certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    certificates.push_back(std::move(certificate));
  }
  if (!last_error_is(ERR_LIB_PEM, PEM_R_NO_START_LINE)) {
    return fail(error, pem,
                fmt::format("certificate {} in it is damaged ({})", certificates.size() + 1, last_reason()));
  }
  ERR_clear_error();
  return !certificates.empty() || fail(error, pem, "there is no PEM certificate in it");
}

/// In place of OpenSSL's own, which asks at the terminal.
int note_passphrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

bool read_key(const Pem& pem, KeyPtr& key, std::string& error) {
  const BioPtr bio = open(pem);
  bool asked = false;
  key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, note_passphrase, &asked));
  if (key) return true;
  if (asked) return fail(error, pem, "the key is encrypted, and must not be");
  if (pem.text.find("PRIVATE KEY-----") == std::string::npos) {
    return fail(error, pem, "there is no PEM private key in it");
  }
  return fail(error, pem, "the private key in it is damaged");
}

}  // namespace

bool read_file(const std::string& path, Pem& pem, std::string& error) {
  pem = {path, {}};
  std::error_code problem;
  const auto status = std::filesystem::status(path, problem);
  if (!std::filesystem::exists(status)) return fail(error, pem, "no such file");
  if (std::filesystem::is_directory(status)) return fail(error, pem, "expected a PEM file, found a folder");
  std::ifstream in(path, std::ios::binary);
  pem.text.resize(pem_bytes_max + 1);
  in.read(pem.text.data(), static_cast<std::streamsize>(pem.text.size()));
  pem.text.resize(static_cast<size_t>(in.gcount()));
  if (pem.text.size() > pem_bytes_max) return fail(error, pem, "expected a PEM file, found one larger than 1 MiB");
  return in.eof() || fail(error, pem, "the file cannot be read");
}

bool use_certificate(SSL_CTX* context, const Pem& certificate, const Pem& key, std::string& error) {
  std::vector<X509Ptr> certificates;
  KeyPtr own_key;
  if (!read_certificates(certificate, certificates, error) || !read_key(key, own_key, error)) return false;
  X509* own = certificates.front().get();
  if (X509_check_private_key(own, own_key.get()) != 1) {
    return fail(error, key, fmt::format("not the key of the certificate in {}", certificate.name));
  }
  bool used = SSL_CTX_use_certificate(context, own) == 1 && SSL_CTX_use_PrivateKey(context, own_key.get()) == 1;
  for (size_t i = 1; used && i < certificates.size(); ++i) {
    used = SSL_CTX_add1_chain_cert(context, certificates[i].get()) == 1;
  }
  return used || fail(error, certificate, fmt::format("OpenSSL refuses the certificate ({})", last_reason()));
}

bool demand_client_certificates(SSL_CTX* context, const std::string& client_ca, std::string& error) {
  Pem pem;
  std::vector<X509Ptr> certificates;
  if (!read_file(client_ca, pem, error) || !read_certificates(pem, certificates, error)) return false;
  for (const X509Ptr& certificate : certificates) {
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate.get()) != 1 ||
        SSL_CTX_add_client_CA(context, certificate.get()) != 1) {
      return fail(error, pem, fmt::format("OpenSSL refuses a certificate in it ({})", last_reason()));
    }
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return true;
}

}  // namespace counterpart::mock::tls
