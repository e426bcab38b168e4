// Which partitions a worker of a job reads: those whose number falls to it.
//
//   consumer.assign(partitions_of_worker(consumer, {"orders"}, {.worker = 0, .workers = 2}));
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bench/support/kafka.h"

namespace bench {

struct WorkerPlace {
  std::size_t worker = 0;
  std::size_t workers = 1;
};

inline std::vector<Partition> partitions_of_worker(Consumer& consumer, const std::vector<std::string>& topics,
                                                   WorkerPlace place) {
  std::vector<Partition> mine;
  for (const std::string& topic : topics) {
    for (std::int32_t number = 0; number < consumer.partitions_of(topic); ++number) {
      if (static_cast<std::size_t>(number) % place.workers == place.worker) mine.push_back({topic, number});
    }
  }
  return mine;
}

}  // namespace bench
