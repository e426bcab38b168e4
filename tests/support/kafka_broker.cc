#include "tests/support/kafka_broker.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "tests/support/places.h"

namespace levada::testing {
namespace {

std::filesystem::path make_directory() {
  std::string path = std::filesystem::temp_directory_path() / "levada-broker-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("kafka broker: cannot make the directory " + path);
  return path;
}

// The first line that `dev broker <arguments>` prints.
std::string dev_broker(const std::string& arguments) {
  const std::string command = dev_script().string() + " broker " + arguments;
  FILE* out = popen(command.c_str(), "r");
  if (out == nullptr) throw std::runtime_error("kafka broker: cannot run " + command);
  std::array<char, 256> buffer{};
  std::string line = fgets(buffer.data(), buffer.size(), out) == nullptr ? "" : buffer.data();
  if (pclose(out) != 0) throw std::runtime_error("kafka broker: failed: " + command);
  return line.substr(0, line.find('\n'));
}

}  // namespace

KafkaBroker::KafkaBroker() : directory_(make_directory()) { start(); }

KafkaBroker::~KafkaBroker() {
  try {
    kill();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void KafkaBroker::start() { bootstrap_ = dev_broker("start --port 0 --dir " + directory_.string()); }

void KafkaBroker::stop() { dev_broker("stop --dir " + directory_.string()); }

void KafkaBroker::kill() { dev_broker("kill --dir " + directory_.string()); }

std::optional<std::string> shared_broker() {
  const char* address = std::getenv("LEVADA_TEST_BOOTSTRAP");
  return address == nullptr ? std::nullopt : std::optional<std::string>(address);
}

}  // namespace levada::testing
