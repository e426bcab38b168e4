// Runs a topology through the worst days of a production system, in one thread and without waiting: instances crash,
// stop, start, stall and lose their brokers, requests fail or take long while others go on, transactions time out,
// disks are full, directories are torn. Then everything recovers, and what the application promised must be true:
//
//   * under exactly-once the output is that of a run without faults;
//   * under at-least-once nothing of it is missing;
//   * nobody who reads committed records has seen one that was not committed;
//   * each store on each disk is the fold of its changelog;
//   * the input is processed to its end: nothing waits for ever.
//
//   Simulation simulation(topology, {.seed = 4711});
//   for (int i = 0; i < 500; ++i) simulation.produce<std::string, std::string>("orders", key(i), value(i), at(i));
//   const absl::StatusOr<SimulationReport> report = simulation.run();
//   EXPECT_TRUE(report.ok()) << report.status();
//
// The instances are those of production on an EmbeddedCluster, each with a disk of its own; the clock moves only
// between their rounds and while they wait for an answer. Everything is decided by the seed: the same seed, input and
// topology give the same run, so that a violation can be looked at again and again. Each seed has faults of its own
// kinds and frequencies: many short runs find more than a long one.
//
// What the topology does must follow from its input alone. Where the order in which partitions, or wall-clock time,
// change its output, OutputComparison says how much of it counts.
//
// The topology outlives it. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/core/serde.h>
#include <levada/core/time.h>
#include <levada/core/topology.h>
#include <levada/runtime/topology_test_driver.h>

namespace levada {

// What of the output must be as it is without faults. Under at-least-once, where records may come twice and count
// twice, it is less: each record (or key) of the run without faults must be there.
enum class OutputComparison : std::uint8_t {
  kInOrder,          // the values of each key, in their order
  kEachRecord,       // the same records, in any order
  kLatestOfEachKey,  // the last value of each key: for changes of tables, of which caches tell some only
  kNothing,
};

// About how often, in a thousand steps, requests or crashes. A seed takes more or less of each, or none.
struct SimulationFaults {
  // Of steps, of which most take 10 ms.
  double crashes = 4;     // between two rounds
  double stops = 2;       // an instance leaves as it should, and comes back later
  double stalls = 3;      // it does nothing for up to 8 s, and goes on as if nothing had happened
  double cuts = 3;        // it reaches no broker for up to 6 s
  double full_disks = 2;  // it can write nothing for up to 3 s
  // Of requests to brokers; of records that are sent, a fiftieth.
  double errors = 10;  // an error instead of the answer; what was asked for may have been done
  double delays = 6;   // up to 5 s
  double deaths = 2;   // the instance crashes: before the request arrives, or before its answer does
  // Of crashes.
  double torn_directories = 300;     // what was written last is not on disk
  double damaged_directories = 100;  // files are missing
  double lost_directories = 100;     // the disk is another one

  static SimulationFaults none() { return {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}; }
};

struct SimulationOptions {
  std::uint64_t seed = 1;
  int instances = 3;
  int threads = 1;   // of each instance
  int steps = 1000;  // with faults
  // Of topics that the application does not make itself, and of those with another number, or that the topology does
  // not name.
  Partition partitions = 2;
  std::map<std::string, Partition> topics = {};
  OutputComparison comparison = OutputComparison::kEachRecord;
  std::map<std::string, OutputComparison> comparisons = {};  // of topics with another one
  SimulationFaults faults = {};
  // Of the application, over those that a simulation chooses: exactly_once_v2 and short times.
  std::map<std::string, std::string> settings = {};
  Timestamp start_time = Timestamp(Duration(0));
  bool on_disk = true;  // false: stores are in memory, which is faster, and finds nothing about disks
  // How long, by the simulation's clock, all may take to be processed once the faults are over.
  Duration patience = std::chrono::minutes(10);
};

struct SimulationReport {
  std::uint64_t seed = 0;
  std::uint64_t fingerprint = 0;           // of everything that happened: equal runs have equal ones
  Duration time = {};                      // by the simulation's clock
  std::uint64_t restored = 0;              // records of changelogs
  std::map<std::string, int> faults = {};  // how many of each kind
  // What committed readers find in each output topic, and what they find without faults; partition by partition.
  std::map<std::string, std::vector<TestBytes>> outputs = {};
  std::map<std::string, std::vector<TestBytes>> expected = {};

  std::string to_string() const;  // one line
};

class Simulation {
 public:
  explicit Simulation(const Topology& topology, SimulationOptions options = {});

  // Input arrives in this order, in the course of the steps.
  template <class K, class V>
  void produce(const std::string& topic, const K& key, const V& value, Timestamp timestamp) {
    TestBytes record{.timestamp = timestamp};
    record.key = bytes(Serde<K>(), key);
    record.value = bytes(Serde<V>(), value);
    produce(topic, std::move(record));
  }
  void produce(const std::string& topic, TestBytes record) { input_.emplace_back(topic, std::move(record)); }

  // kInternal: what was promised is not true; the message has the seed, what is wrong, and what happened last. Other
  // errors are about options, settings and topology. May be called again, and does the same.
  absl::StatusOr<SimulationReport> run() const;

  using Input = std::vector<std::pair<std::string, TestBytes>>;  // topics and records, in their order
  const Topology& topology() const { return topology_; }
  const SimulationOptions& options() const { return options_; }
  const Input& input() const { return input_; }

 private:
  template <class T>
  static NullableBytes bytes(const Serde<T>& serde, const T& value) {
    Bytes out;
    return serde.encode(value, out) ? NullableBytes(std::move(out)) : std::nullopt;
  }

  const Topology& topology_;
  const SimulationOptions options_;
  Input input_ = {};
};

}  // namespace levada
