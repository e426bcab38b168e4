// A real Kafka broker of a test's own, which the test may stop, kill and start again: the port and the data stay.
// Tests that only need some broker use the shared one, whose address is in the environment: shared_broker().
//
//   KafkaBroker broker;
//   run_against(broker.bootstrap());
//   broker.kill();
//   broker.start();
//
// Starts in the constructor, ends in the destructor and takes its data with it. Throws std::runtime_error when the
// script behind it fails; what the script says stands on stderr.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace levada::testing {

struct KafkaBrokerOptions {
  std::vector<std::string> listeners = {};  // "NAME", or "NAME:port" if clients are to come to another port
  std::string properties = {};              // further lines of the broker's properties
};

class KafkaBroker {
 public:
  explicit KafkaBroker(KafkaBrokerOptions options = {});
  ~KafkaBroker();
  KafkaBroker(const KafkaBroker&) = delete;
  KafkaBroker& operator=(const KafkaBroker&) = delete;

  // "host:port", the same for the life of this object.
  const std::string& bootstrap() const { return bootstrap_; }
  // Where a further listener listens.
  const std::string& listener(const std::string& name) const { return listeners_.at(name); }

  void start();  // back when the broker answers
  void stop();   // lets it write down and leave
  void kill();   // SIGKILL; what it had not written to its log is gone

 private:
  const KafkaBrokerOptions options_;
  std::filesystem::path directory_;
  std::string bootstrap_ = {};
  std::map<std::string, std::string> listeners_ = {};
};

// "host:port" of the broker that ctest starts for the tests labelled clients and integration; none outside of them.
std::optional<std::string> shared_broker();

// What applications under test set group.protocol to: classic, or what the environment says where ctest runs them with
// a newer librdkafka.
std::string group_protocol();

}  // namespace levada::testing
