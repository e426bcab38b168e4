#include "tests/support/kafka_broker.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "tests/support/command_output.h"
#include "tests/support/places.h"

namespace levada::testing {
namespace {

std::filesystem::path make_directory() {
  std::string path = std::filesystem::temp_directory_path() / "levada-broker-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("kafka broker: cannot make the directory " + path);
  return path;
}

std::vector<std::string> dev_broker(const std::string& arguments) {
  return lines_of(dev_script().string() + " broker " + arguments);
}

}  // namespace

KafkaBroker::KafkaBroker(KafkaBrokerOptions options) : options_(std::move(options)), directory_(make_directory()) {
  start();
}

KafkaBroker::~KafkaBroker() {
  try {
    kill();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void KafkaBroker::start() {
  const std::filesystem::path properties = directory_ / "added.properties";
  std::ofstream(properties) << options_.properties;
  std::string arguments =
      "start --brief --port 0 --dir " + directory_.string() + " --properties " + properties.string();
  for (const std::string& listener : options_.listeners) arguments += " --listener " + listener;
  const std::vector<std::string> addresses = dev_broker(arguments);
  bootstrap_ = addresses.at(0);
  for (std::size_t i = 1; i < addresses.size(); ++i) {
    const std::size_t equals = addresses[i].find('=');
    listeners_[addresses[i].substr(0, equals)] = addresses[i].substr(equals + 1);
  }
}

void KafkaBroker::stop() { dev_broker("stop --dir " + directory_.string()); }

void KafkaBroker::kill() { dev_broker("kill --dir " + directory_.string()); }

std::optional<std::string> shared_broker() {
  const char* address = std::getenv("LEVADA_TEST_BOOTSTRAP");
  return address == nullptr ? std::nullopt : std::optional<std::string>(address);
}

std::string group_protocol() {
  const char* protocol = std::getenv("LEVADA_TEST_GROUP_PROTOCOL");
  return protocol == nullptr ? "classic" : protocol;
}

}  // namespace levada::testing
