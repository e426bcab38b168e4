// The job *count by key* by hand: a hash map in memory, RocksDB and a changelog topic behind it.
// At least once: a commit writes the changed counts to changelog and output, flushes, writes them to RocksDB in one
// sorted batch and commits the offsets.

#include <cstdint>
#include <string>
#include <vector>

#include <absl/container/flat_hash_map.h>
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

namespace {

struct Options : bench::JobOptions {
  std::string output;

  std::string changelog() const { return application_id + "-counts-changelog"; }
};

// Counts by key, and which of them changed since they were last taken.
class Counts {
 public:
  struct Entry {
    std::string key;
    std::int64_t count = 0;
    std::int64_t timestamp_ms = 0;
    bool changed = false;
  };

  void add(const bench::Message& message) {
    const auto [found, inserted] = index_.try_emplace(bench::absl_view(message.key), entries_.size());
    if (inserted) entries_.push_back({.key = std::string(message.key)});
    Entry& entry = entries_[found->second];
    ++entry.count;
    entry.timestamp_ms = std::max(entry.timestamp_ms, message.timestamp_ms);
    if (!entry.changed) changed_.push_back(found->second);
    entry.changed = true;
  }

  template <typename Take>
  void take_changes(const Take& take) {
    for (const std::size_t index : changed_) {
      take(entries_[index]);
      entries_[index].changed = false;
    }
    changed_.clear();
  }

 private:
  absl::flat_hash_map<std::string, std::size_t> index_;
  std::vector<Entry> entries_;
  std::vector<std::size_t> changed_;
};

class Worker {
 public:
  Worker(const Options& options, std::size_t index)
      : producer_({options.bootstrap_servers, settings_for(options, "producer.")}),
        output_(producer_.topic(options.output)),
        changelog_(producer_.topic(options.changelog())),
        consumer_({options.bootstrap_servers, settings_for(options, "consumer.")}, options.application_id),
        disk_(fmt::format("{}/worker-{}", options.state_dir, index)),
        timer_(options.commit_interval_ms) {
    consumer_.assign(partitions_of_worker(consumer_, {options.input}, {.worker = index, .workers = options.threads}));
  }

  bench::Measurement run() {
    while (!consumer_.at_end()) {
      const std::int64_t records = consumer_.poll([this](const bench::Message& message) {
        measurement_.begin();
        counts_.add(message);
      });
      if (records > 0) measurement_.processed(records);
      if (timer_.due()) commit();
    }
    commit();
    measurement_.committed();
    return measurement_;
  }

 private:
  void commit() {
    std::vector<bench::Row> rows;
    counts_.take_changes([this, &rows](const Counts::Entry& entry) {
      rows.emplace_back(entry.key, bench::big_endian(entry.timestamp_ms) + bench::big_endian(entry.count));
      const auto& [key, value] = rows.back();
      producer_.send(changelog_, {.key = key, .value = value, .timestamp_ms = entry.timestamp_ms});
      producer_.send(output_,
                     {.key = key, .value = bench::big_endian(entry.count), .timestamp_ms = entry.timestamp_ms});
    });
    producer_.flush();
    disk_.write(rows);
    consumer_.commit();
  }

  bench::Producer producer_;
  bench::Topic output_;
  bench::Topic changelog_;
  bench::Consumer consumer_;
  bench::DiskState disk_;
  bench::CommitTimer timer_;
  bench::Measurement measurement_;
  Counts counts_;
};

void run(const Options& options) {
  bench::Topics({options.bootstrap_servers}).create({options.changelog()}, {.config = {{"cleanup.policy", "compact"}}});
  std::vector<bench::Measurement> measurements(options.threads);
  bench::run_workers(options.threads, [&](std::size_t index) { measurements[index] = Worker(options, index).run(); });
  print(report_of(measurements));
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Job count by key as a loop on librdkafka, a hash map and RocksDB.");
  add_options(app, options);
  app.add_option("--output", options.output, "topic of the counts")->required();
  CLI11_PARSE(app, argc, argv);
  return bench::exit_code_of([&options] { run(options); });
}
