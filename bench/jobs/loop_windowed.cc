// The job *windowed* by hand: a count for each key and hour of event time. Hours that nobody will touch again stay on
// disk: a loop that drops them does more than this one.

#include "bench/jobs/loop_disk_count.h"

namespace {

constexpr std::int64_t kHourMs = 3'600'000;

}  // namespace

int main(int argc, char** argv) {
  return bench::run_disk_count(argc, argv, "Job windowed as a loop on librdkafka and RocksDB.",
                               [](const bench::Message& message, std::string& key) {
                                 key = message.key;
                                 key += bench::big_endian(message.timestamp_ms / kHourMs * kHourMs);
                               });
}
