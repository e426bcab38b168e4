// Runs a topology inside a test: no broker, no threads, no waiting. Records go in one by one; each is processed to its
// end, through repartition topics too, and committed before the next, as Kafka Streams' TopologyTestDriver does. The
// tasks, stores and caches are those of production.
//
//   TopologyTestDriver driver(topology);
//   auto in = driver.input<std::string, Order>("orders");
//   auto out = driver.output<std::string, std::int64_t>("order-counts");
//   in.pipe("o-1", {.type = "OrderCreated"}, at(5min));
//   EXPECT_THAT(out.read_key_values(), ElementsAre(Pair("OrderCreated", 1)));
//
// The driver outlives its topics; the topology outlives the driver. One thread. A failure of the topology is thrown as
// std::runtime_error, a topic or store that is not there as std::invalid_argument.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <levada/core/headers.h>
#include <levada/core/operator_context.h>
#include <levada/core/serde.h>
#include <levada/core/time.h>
#include <levada/core/topology.h>
#include <levada/runtime/error_policy.h>

namespace levada {

struct TestDriverOptions {
  std::string application_id = "app";
  Timestamp start_time = Timestamp(Duration(0));  // of the wall clock, which moves only when told
  bool caching = true;                            // false: as with statestore.cache.max.bytes=0
  ErrorPolicy errors = {};                        // what becomes of exceptions; by default the driver throws
  DefaultTimestampExtractor default_timestamp_extractor = DefaultTimestampExtractor::kFail;
  bool position_headers = false;  // as with __iq.consistency.offset.vector.enabled__
  // max.task.idle.ms: what waits for another topic is processed when the wall clock is moved on that far.
  Duration max_task_idle = Duration(0);
  std::optional<Duration> idle_timeout = std::nullopt;  // levada.idle.timeout.ms; time goes on with the wall clock
  // What processors find in Context::app_configs(), and `upgrade.from`. Other keys do nothing here.
  std::map<std::string, std::string> app_configs = {};
  // Where RocksDB stores keep their files, so that a later driver finds them again. None: everything is in memory.
  std::optional<std::filesystem::path> state_directory = std::nullopt;
};

// A record in a topic, as bytes.
struct TestBytes {
  NullableBytes key = std::nullopt;
  NullableBytes value = std::nullopt;
  Timestamp timestamp = kNoTimestamp;
  Headers headers = {};

  friend bool operator==(const TestBytes&, const TestBytes&) = default;
};

// A record read from a topic.
template <class K, class V>
struct TestRecord {
  K key;
  V value;
  Timestamp timestamp = kNoTimestamp;
  Headers headers = {};

  friend bool operator==(const TestRecord&, const TestRecord&) = default;
};

template <class K, class V>
class TestInputTopic;
template <class K, class V>
class TestOutputTopic;

class TopologyTestDriver {
 public:
  explicit TopologyTestDriver(const Topology& topology, TestDriverOptions options = {});
  TopologyTestDriver(const TopologyTestDriver&) = delete;
  TopologyTestDriver& operator=(const TopologyTestDriver&) = delete;
  ~TopologyTestDriver();

  template <class K, class V>
  TestInputTopic<K, V> input(const std::string& topic, Serde<K> key = {}, Serde<V> value = {}) {
    return {*this, topic, std::move(key), std::move(value)};
  }
  // Any topic that is written to, internal ones by their full name ("app-counts-changelog"). Starts where it stands.
  template <class K, class V>
  TestOutputTopic<K, V> output(const std::string& topic, Serde<K> key = {}, Serde<V> value = {}) {
    return {*this, topic, std::move(key), std::move(value)};
  }

  // Fires the wall-clock punctuations that become due.
  void advance_wall_clock_time(Duration by);

  template <class S>
  S& store(const StoreRef<S>& ref) {
    auto* store = dynamic_cast<S*>(&find_store(ref.name));
    if (store == nullptr) throw std::invalid_argument("store " + ref.name + " has another type");
    return *store;
  }
  template <class S>
  S& store(const std::string& name) {
    return store(StoreRef<S>{name});
  }

  std::uint64_t dropped_records() const;
  std::uint64_t dropped_records(DropReason reason) const;

  // What processors have recorded: see StreamsMetrics.
  std::map<std::string, SensorTotals> sensors() const;

  void pipe(const std::string& topic, const TestBytes& record);
  // Everything that stands in the topic, oldest first.
  const std::vector<TestBytes>& records(const std::string& topic) const;
  std::vector<std::string> topics_written() const;

 private:
  class Run;

  StateStore& find_store(const std::string& name);

  std::unique_ptr<Run> run_;
};

template <class K, class V>
class TestInputTopic {
 public:
  TestInputTopic(TopologyTestDriver& driver, std::string topic, Serde<K> key, Serde<V> value)
      : driver_(driver), topic_(std::move(topic)), key_(std::move(key)), value_(std::move(value)) {}

  void pipe(const K& key, const V& value, Timestamp timestamp, Headers headers = {}) {
    TestBytes record{.timestamp = timestamp, .headers = std::move(headers)};
    record.key = bytes(key_, key);
    record.value = bytes(value_, value);
    driver_.pipe(topic_, record);
  }

 private:
  template <class T>
  static NullableBytes bytes(const Serde<T>& serde, const T& value) {
    Bytes out;
    return serde.encode(value, out) ? NullableBytes(std::move(out)) : std::nullopt;
  }

  TopologyTestDriver& driver_;
  std::string topic_;
  Serde<K> key_;
  Serde<V> value_;
};

template <class K, class V>
class TestOutputTopic {
 public:
  TestOutputTopic(TopologyTestDriver& driver, std::string topic, Serde<K> key, Serde<V> value)
      : driver_(driver), topic_(std::move(topic)), key_(std::move(key)), value_(std::move(value)) {}

  bool empty() const { return next_ >= driver_.records(topic_).size(); }

  TestRecord<K, V> read_record() {
    if (empty()) throw std::invalid_argument("topic " + topic_ + " has no more records");
    const TestBytes& record = driver_.records(topic_)[next_++];
    return {key_.decode(view(record.key)), value_.decode(view(record.value)), record.timestamp, record.headers};
  }

  std::vector<TestRecord<K, V>> read_records() {
    std::vector<TestRecord<K, V>> records;
    while (!empty()) records.push_back(read_record());
    return records;
  }

  std::vector<std::pair<K, V>> read_key_values() {
    std::vector<std::pair<K, V>> pairs;
    while (!empty()) {
      TestRecord<K, V> record = read_record();
      pairs.emplace_back(std::move(record.key), std::move(record.value));
    }
    return pairs;
  }

  std::vector<V> read_values() {
    std::vector<V> values;
    while (!empty()) values.push_back(read_record().value);
    return values;
  }

 private:
  static NullableView view(const NullableBytes& bytes) { return bytes ? NullableView(*bytes) : std::nullopt; }

  TopologyTestDriver& driver_;
  std::string topic_;
  Serde<K> key_;
  Serde<V> value_;
  std::size_t next_ = 0;
};

}  // namespace levada
