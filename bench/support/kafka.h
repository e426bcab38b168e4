// Producing, consuming and creating topics with librdkafka: what the generator, the checks and the hand-written loops
// share. A thin skin that owns handles and tunes the clients; errors are thrown as std::runtime_error.
//
//   Producer producer({.bootstrap_servers = "localhost:9092"});
//   Topic orders = producer.topic("orders");
//   producer.send(orders, {.key = "o-1", .value = "{}", .timestamp_ms = 0});
//   producer.flush();
//
//   Consumer consumer({.bootstrap_servers = "localhost:9092"}, "my-group");
//   consumer.assign({{"orders", 0}, {"orders", 1}});
//   while (!consumer.at_end()) consumer.poll([](const Message& message) { ... });
//   consumer.commit();
//
// One thread at a time uses a Producer or a Consumer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/functional/function_ref.h>

struct rd_kafka_s;
struct rd_kafka_topic_s;
struct rd_kafka_queue_s;
struct rd_kafka_message_s;

namespace bench {

struct KafkaHandleDeleter {
  void operator()(rd_kafka_s* handle) const;
  void operator()(rd_kafka_topic_s* topic) const;
  void operator()(rd_kafka_queue_s* queue) const;
};
using KafkaHandle = std::unique_ptr<rd_kafka_s, KafkaHandleDeleter>;
using Topic = std::unique_ptr<rd_kafka_topic_s, KafkaHandleDeleter>;
using Queue = std::unique_ptr<rd_kafka_queue_s, KafkaHandleDeleter>;

struct Connection {
  std::string bootstrap_servers;
  std::map<std::string, std::string> settings = {};  // librdkafka's own keys; they win over the tuning in here
};

struct Outgoing {
  std::string_view key;
  std::string_view value;
  std::int64_t timestamp_ms = 0;
};

class Producer {
 public:
  explicit Producer(const Connection& connection);

  Topic topic(const std::string& name);
  void send(const Topic& topic, const Outgoing& record);
  void flush();  // throws if a record since the last flush was not delivered

 private:
  std::unique_ptr<std::int64_t> failures_ = std::make_unique<std::int64_t>(0);
  KafkaHandle handle_;
};

struct Partition {
  std::string topic;
  std::int32_t number = 0;
};

// Borrowed from the fetch buffer until the handler returns.
struct Message {
  std::size_t source = 0;  // index in what assign() was given
  std::string_view key;
  std::string_view value;
  bool is_null = false;
  std::int64_t timestamp_ms = 0;
};

class Consumer {
 public:
  Consumer(const Connection& connection, const std::string& group);
  ~Consumer();

  // Takes partitions, from their committed offset or their beginning, to be read to where they end now.
  void assign(const std::vector<Partition>& partitions);
  // Asks again where the partitions of this topic end.
  void refresh_end(const std::string& topic);
  bool at_end() const;
  bool at_end(const std::string& topic) const;

  // Hands over what has arrived, or waits a moment for it; returns how many records that were.
  std::int64_t poll(absl::FunctionRef<void(const Message&)> handle);
  // Hands over the next record as soon as it is there; waits some milliseconds for it.
  void poll_one(absl::FunctionRef<void(const Message&)> handle);
  void commit();  // the position of every assigned partition, synchronously

  std::int32_t partitions_of(const std::string& topic);

 private:
  struct Source {
    Partition partition;
    const rd_kafka_topic_s* handle = nullptr;  // known from the first message on
    std::int64_t next = 0;
    std::int64_t end = 0;
  };

  void deliver(const rd_kafka_message_s& message, absl::FunctionRef<void(const Message&)> handle);
  Source& source_of(const rd_kafka_message_s& message);
  void query_range(Source& source);

  KafkaHandle handle_;
  Queue queue_;
  std::vector<rd_kafka_message_s*> batch_;
  std::vector<Source> sources_;
  std::size_t latest_source_ = 0;
};

}  // namespace bench
