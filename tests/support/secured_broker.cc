#include "tests/support/secured_broker.h"

#include <cstdlib>
#include <stdexcept>

#include <fmt/format.h>

#include "tests/support/places.h"

namespace levada::testing {

KafkaBrokerOptions SecuredBroker::options() const {
  const std::string script = (test_support() / "make_certificates.sh").string();
  const std::string directory = certificates_.path().string();
  if (std::system((script + " " + directory).c_str()) != 0) {
    throw std::runtime_error("cannot make certificates; see " + directory + "/openssl.log");
  }
  constexpr const char* kProperties = R"(
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SECURE:SASL_SSL,MUTUAL:SSL,MISNAMED:SSL
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
listener.name.secure.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \
  user_orders="{0}" user_guest="{0}";
listener.name.secure.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
ssl.keystore.type=PEM
ssl.keystore.location={1}
ssl.truststore.type=PEM
ssl.truststore.location={2}
listener.name.mutual.ssl.client.auth=required
listener.name.misnamed.ssl.keystore.type=PEM
listener.name.misnamed.ssl.keystore.location={3}
ssl.principal.mapping.rules=RULE:^CN=([^,]+).*$/$1/,DEFAULT
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS;User:orders
)";
  return {.listeners = {"SECURE", "MUTUAL", "MISNAMED"},
          .properties = fmt::format(kProperties, kPassword, certificate("broker.pem"), certificate("ca.pem"),
                                    certificate("elsewhere.pem"))};
}

}  // namespace levada::testing
