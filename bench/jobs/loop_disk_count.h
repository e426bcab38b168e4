// Counting by hand when the keys do not fit into memory: the counts are in RocksDB as it comes. A hash map holds those
// that changed since the last commit; a key that is not in it is looked up on disk.
// At least once: a commit writes the changed counts to changelog and output, flushes, writes them to RocksDB in one
// batch, unsorted, and commits the offsets. A put of its own for each record would cost half as much again.
//
//   int main(int argc, char** argv) {
//     return bench::run_disk_count(argc, argv, "Job …", [](const bench::Message& message, std::string& key) {
//       key = message.key;
//     });
//   }
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/functional/function_ref.h>
#include <fmt/core.h>

#include "bench/support/absl_view.h"
#include "bench/support/assignment.h"
#include "bench/support/big_endian.h"
#include "bench/support/commit_timer.h"
#include "bench/support/disk_state.h"
#include "bench/support/job_options.h"
#include "bench/support/kafka.h"
#include "bench/support/measurement.h"
#include "bench/support/topics.h"
#include "bench/support/workers.h"

namespace bench {

// Writes the key to count by.
using KeyOf = absl::FunctionRef<void(const Message&, std::string& key)>;

struct DiskCountOptions : JobOptions {
  std::string output;

  std::string changelog() const { return application_id + "-counts-changelog"; }
};

class DiskCounter {
 public:
  DiskCounter(const DiskCountOptions& options, std::size_t index, KeyOf key_of)
      : key_of_(key_of),
        producer_({options.bootstrap_servers, settings_for(options, "producer.")}),
        output_(producer_.topic(options.output)),
        changelog_(producer_.topic(options.changelog())),
        consumer_({options.bootstrap_servers, settings_for(options, "consumer.")}, options.application_id),
        disk_(fmt::format("{}/worker-{}", options.state_dir, index)),
        timer_(options.commit_interval_ms) {
    consumer_.assign(partitions_of_worker(consumer_, {options.input}, {.worker = index, .workers = options.threads}));
  }

  Measurement run() {
    while (!consumer_.at_end()) {
      const std::int64_t records = consumer_.poll([this](const Message& message) {
        measurement_.begin();
        count(message);
      });
      if (records > 0) measurement_.processed(records);
      if (timer_.due()) commit();
    }
    commit();
    measurement_.committed();
    return measurement_;
  }

 private:
  struct Count {
    std::int64_t number = 0;
    std::int64_t timestamp_ms = 0;
  };

  void count(const Message& message) {
    key_of_(message, key_);
    const auto [found, fresh] = changed_.try_emplace(key_);
    Count& counted = found->second;
    if (fresh && disk_.get(key_, stored_)) counted = read(stored_);
    ++counted.number;
    counted.timestamp_ms = std::max(counted.timestamp_ms, message.timestamp_ms);
  }

  static Count read(std::string_view stored) {
    return {.number = from_big_endian(stored.substr(8)), .timestamp_ms = from_big_endian(stored.substr(0, 8))};
  }

  void commit() {
    std::vector<Row> rows;
    for (const auto& [key, counted] : changed_) {
      const std::string number = big_endian(counted.number);
      const std::string value = big_endian(counted.timestamp_ms) + number;
      producer_.send(changelog_, {.key = key, .value = value, .timestamp_ms = counted.timestamp_ms});
      producer_.send(output_, {.key = key, .value = number, .timestamp_ms = counted.timestamp_ms});
      rows.emplace_back(key, value);
    }
    changed_.clear();
    producer_.flush();
    disk_.write_as_it_comes(rows);
    consumer_.commit();
  }

  KeyOf key_of_;
  Producer producer_;
  Topic output_;
  Topic changelog_;
  Consumer consumer_;
  DiskState disk_;
  CommitTimer timer_;
  Measurement measurement_;
  absl::flat_hash_map<std::string, Count> changed_;
  std::string key_;
  std::string stored_;
};

inline void run_workers_of(const DiskCountOptions& options, KeyOf key_of) {
  Topics({options.bootstrap_servers}).create({options.changelog()}, {.config = {{"cleanup.policy", "compact"}}});
  std::vector<Measurement> measurements(options.threads);
  run_workers(options.threads,
              [&](std::size_t index) { measurements[index] = DiskCounter(options, index, key_of).run(); });
  print(report_of(measurements));
}

inline int run_disk_count(int argc, char** argv, const std::string& description, KeyOf key_of) {
  DiskCountOptions options;
  CLI::App app(description);
  add_options(app, options);
  app.add_option("--output", options.output, "topic of the counts")->required();
  CLI11_PARSE(app, argc, argv);
  return exit_code_of([&] { run_workers_of(options, key_of); });
}

}  // namespace bench
