// The levada command: `levada --help` says what it can do.
#include <iostream>

#include <unistd.h>

#include <levada/runtime/kafka_cluster.h>

#include "tools/levada/program.h"

namespace {

absl::StatusOr<std::unique_ptr<levada::Cluster>> connect(const levada::StreamsConfig& config) {
  return levada::KafkaCluster::create({{"bootstrap.servers", config.bootstrap_servers()}});
}

}  // namespace

int main(int argc, char** argv) {
  levada::Surroundings surroundings{.out = std::cout, .err = std::cerr, .connect = connect, .environment = environ};
  return levada::run_program({argv + 1, argv + argc}, surroundings);
}
