// A real broker that demands to know who comes: a listener for each way in, and users with and without rights.
//
//   SecuredBroker broker;
//   config.set("bootstrap.servers", broker.sasl());
//   config.set("ssl.ca.location", broker.certificate("ca.pem"));
//
// "orders" may do everything: with the password kPassword over SASL_SSL, or with its certificate (client.pem,
// client.key) over mutual TLS. "guest" has the same password and no rights. Who comes to open() may do everything, too.
#pragma once

#include <string>

#include "tests/support/kafka_broker.h"
#include "tests/support/temporary_directory.h"

namespace levada::testing {

class SecuredBroker {
 public:
  static constexpr const char* kPassword = "correct-horse-battery";

  const std::string& open() const { return broker_.bootstrap(); }
  const std::string& sasl() const { return broker_.listener("SECURE"); }
  const std::string& mutual_tls() const { return broker_.listener("MUTUAL"); }
  // TLS with a certificate that belongs to another name.
  const std::string& misnamed() const { return broker_.listener("MISNAMED"); }

  // A file of make_certificates.sh.
  std::string certificate(const std::string& name) const { return (certificates_ / name).string(); }

 private:
  KafkaBrokerOptions options() const;

  const TemporaryDirectory certificates_ = {};
  const KafkaBroker broker_{options()};
};

}  // namespace levada::testing
