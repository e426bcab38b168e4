// The job *count-unique* by hand: more keys than one keeps in a hash map.

#include "bench/jobs/loop_disk_count.h"

int main(int argc, char** argv) {
  return bench::run_disk_count(argc, argv, "Job count-unique as a loop on librdkafka and RocksDB.",
                               [](const bench::Message& message, std::string& key) { key = message.key; });
}
