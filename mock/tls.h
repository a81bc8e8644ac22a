#pragma once
/// TLS 1.2 and 1.3, the server's side, as a filter on bytes. Used by Session, which puts a Stream between its socket and
/// its Connection: delays and faults act on the plain answer, and the records that carry it stay well-formed. Hides
/// OpenSSL.

#include <memory>
#include <string>
#include <string_view>

namespace counterpart::mock::tls {

/// What all connections of a server share. Never changes, so any thread may use it.
class Context {
 public:
  /// Paths of PEM files.
  struct Files {
    std::string certificate;  ///< the server's own, then those that lead to the root, if any
    std::string key;          ///< not encrypted; may be the same file
    std::string client_ca;    ///< clients must show a certificate of one of these; empty: clients need none
  };

  /// Null when that cannot be served; `error` names the file and says why.
  static std::shared_ptr<const Context> from_files(const Files& files, std::string& error);
  /// The same for what is in memory already, but `client_ca`, which is a path or empty.
  static std::shared_ptr<const Context> from_pem(std::string_view certificate, std::string_view key,
                                                 const std::string& client_ca, std::string& error);

  Context(const Context&) = delete;
  ~Context();

 private:
  friend class Stream;
  struct Impl;
  explicit Context(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

enum class State {
  open,
  closed,      ///< the client sends no more (close_notify); it may still read
  failed,      ///< error() says why: send what `wire` holds (the alert, if there is one for it) and end
  plain_http,  ///< failed, because the client speaks HTTP without TLS: it would understand an answer without TLS
};

/// One connection's TLS: bytes in, bytes out; no sockets, no threads, no clock. Keeps one record at most.
class Stream {
 public:
  /// `context` must outlive the stream.
  explicit Stream(const Context& context);
  ~Stream();

  /// Takes all of `bytes`, which came from the socket; appends what the client said to `plain`, and to `wire` what TLS
  /// itself has to send: its handshake, tickets and alerts. Does nothing once the state is not open. What `plain` got
  /// before a failure is genuine.
  State received(std::string_view bytes, std::string& plain, std::string& wire);

  /// Appends `plain`, encrypted, to `wire`. False if nothing can be sent: before the handshake, after close() or a
  /// failure, which this may be itself.
  [[nodiscard]] bool send(std::string_view plain, std::string& wire);

  /// Says that nothing more is sent (close_notify). Nothing is to be said before the handshake or after a failure.
  void close(std::string& wire);

  State state() const;
  /// The handshake is done.
  bool established() const;
  /// Why the state is failed or plain_http: "the client refused the certificate (alert: unknown CA)".
  const std::string& error() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::mock::tls
