// A member of a group that commits where it stands when it gives partitions back, and begins where the group last
// committed. What it is given while it has others it adds to them.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/clients/client_test.h"

namespace levada::testing {

class Worker final : public RebalanceListener, private RecordHandler {
 public:
  explicit Worker(std::unique_ptr<Consumer> consumer, std::string topic)
      : topic_(std::move(topic)), consumer_(std::move(consumer)) {
    EXPECT_TRUE(consumer_->subscribe({topic_}, *this).ok());
  }

  void work() { EXPECT_TRUE(consumer_->poll(20ms, 50, *this).ok()); }
  void leave() {
    commit();
    consumer_.reset();
  }

  void on_assigned(const std::vector<TopicPartition>& partitions) override {
    std::vector<Assignment> assignment;
    const std::vector<CommittedOffset> all = consumer_->committed(partitions, kPatience).value();
    for (const CommittedOffset& committed : all) {
      const Partition partition = committed.partition.partition;
      const Offset start = positions_.try_emplace(partition, std::max<Offset>(0, committed.offset)).first->second;
      assignment.push_back({committed.partition, start, static_cast<std::size_t>(partition)});
    }
    EXPECT_TRUE(consumer_->assign(assignment).ok());
  }
  void on_revoked(const std::vector<TopicPartition>& partitions) override {
    commit();
    for (const TopicPartition& each : partitions) positions_.erase(each.partition);
  }
  void on_lost(const std::vector<TopicPartition>&) override { FAIL() << "lost partitions"; }

  std::map<std::pair<std::size_t, Offset>, int> seen;  // how often, by partition and offset

 private:
  void on_record(std::size_t tag, const LogRecord& record) override {
    ++seen[{tag, record.offset}];
    positions_[static_cast<Partition>(tag)] = record.offset + 1;
  }
  void on_end_of_partition(std::size_t, Offset) override {}

  void commit() {
    std::vector<CommittedOffset> offsets;
    for (const auto& [partition, next] : positions_) offsets.push_back({{topic_, partition}, next});
    const absl::Status committed = consumer_->commit(offsets);
    EXPECT_TRUE(committed.ok()) << committed;
  }

  const std::string topic_;
  std::map<Partition, Offset> positions_;
  std::unique_ptr<Consumer> consumer_;
};

// One worker stays while others join and leave, until the topic's records are read: each of them once.
void expect_each_is_read_once(const std::string& topic, std::size_t records,
                              const std::function<std::unique_ptr<Consumer>()>& join);

}  // namespace levada::testing
