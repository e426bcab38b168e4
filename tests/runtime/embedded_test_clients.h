// An embedded cluster on a clock that stands still until told, and clients that are short to write down.
//
//   EmbeddedWorld world;
//   world.create("t", 2);
//   world.send("t", {.key = "k", .value = "v"});
//   world.clock.advance(1h);
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/runtime/embedded_cluster.h>

namespace levada::testing {

using namespace std::chrono_literals;

inline constexpr Timestamp kStart{Duration(1'000'000h)};

struct EmbeddedRecord {
  NullableView key = "k";
  NullableView value = "v";
  Timestamp timestamp = kNoTimestamp;
  Partition partition = 0;
};

class EmbeddedCollector final : public RecordHandler {
 public:
  void on_record(std::size_t, const LogRecord& record) override {
    values.push_back(std::string(record.value.value_or("(null)")));
    offsets.push_back(record.offset);
  }
  void on_end_of_partition(std::size_t, Offset next) override { ends.push_back(next); }

  std::vector<std::string> values;
  std::vector<Offset> offsets;
  std::vector<Offset> ends;
};

class EmbeddedMember final : public RebalanceListener {
 public:
  EmbeddedMember(EmbeddedCluster& cluster, const ClientProperties& properties)
      : consumer(cluster.consumer(properties).value()) {}

  absl::Status poll() { return consumer->poll(0ms, 100, collector); }

  void on_assigned(const std::vector<TopicPartition>& given) override {
    partitions = given;
    told.push_back("assigned " + std::to_string(given.size()));
  }
  void on_revoked(const std::vector<TopicPartition>& taken) override {
    partitions.clear();
    told.push_back("revoked " + std::to_string(taken.size()));
  }
  void on_lost(const std::vector<TopicPartition>& taken) override {
    partitions.clear();
    told.push_back("lost " + std::to_string(taken.size()));
  }

  EmbeddedCollector collector;
  std::vector<TopicPartition> partitions;
  std::vector<std::string> told;
  std::unique_ptr<Consumer> consumer;
};

struct EmbeddedWorld {
  ManualClock clock{kStart};
  EmbeddedCluster cluster{clock};
  std::unique_ptr<Admin> admin = cluster.admin({}).value();
  std::unique_ptr<Producer> producer = cluster.producer({}).value();

  void create(const std::string& topic, Partition partitions = 1, std::map<std::string, std::string> config = {}) {
    const NewTopic made = {.name = topic, .partitions = partitions, .config = std::move(config)};
    ASSERT_TRUE(admin->create_topics({made}, 1s).ok());
  }

  void send(const std::string& topic, const EmbeddedRecord& record) { send(*producer, topic, record); }
  static void send(Producer& by, const std::string& topic, const EmbeddedRecord& record) {
    const absl::Status sent = by.send({.topic = by.topic(topic, 1s).value(),
                                       .partition = record.partition,
                                       .key = record.key,
                                       .value = record.value,
                                       .timestamp = record.timestamp});
    ASSERT_TRUE(sent.ok()) << sent;
  }

  EmbeddedCollector read(const std::string& topic, Offset from = 0) {
    const std::unique_ptr<Consumer> reader = cluster.consumer({}).value();
    EXPECT_TRUE(reader->assign({{.partition = {topic, 0}, .start = from}}).ok());
    EmbeddedCollector collector;
    while (collector.ends.empty()) EXPECT_TRUE(reader->poll(0ms, 100'000, collector).ok());
    return collector;
  }

  OffsetRange range(const std::string& topic) { return admin->offsets({topic, 0}, 1s).value(); }
};

}  // namespace levada::testing
