// Clients in several threads share one embedded cluster.

#include <atomic>
#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/runtime/embedded_test_clients.h"

namespace levada::testing {
namespace {

constexpr int kRecords = 20'000;
constexpr Partition kPartitions = 4;

// Commits what it has read, and takes up where the group stands.
class Worker final : public RebalanceListener, public RecordHandler {
 public:
  explicit Worker(EmbeddedCluster& cluster) : consumer_(cluster.consumer({{"group.id", "g"}}).value()) {}

  void run(std::atomic<int>& missing) {
    EXPECT_TRUE(consumer_->subscribe({"t"}, *this).ok());
    while (missing > 0) {
      const std::size_t before = values.size();
      EXPECT_TRUE(consumer_->poll(100ms, 500, *this).ok());
      commit();
      missing -= static_cast<int>(values.size() - before);
    }
  }

  void on_assigned(const std::vector<TopicPartition>& partitions) override {
    std::vector<Assignment> assignment;
    const auto committed = consumer_->committed(partitions, 1s).value();
    positions_.clear();
    for (const CommittedOffset& each : committed) {
      assignment.push_back({each.partition, std::max<Offset>(0, each.offset), positions_.size()});
      positions_.push_back({each.partition, assignment.back().start});
    }
    EXPECT_TRUE(consumer_->assign(assignment).ok());
  }
  void on_revoked(const std::vector<TopicPartition>&) override { commit(); }
  void on_lost(const std::vector<TopicPartition>&) override { positions_.clear(); }

  void on_record(std::size_t tag, const LogRecord& record) override {
    values.push_back(std::string(record.value.value()));
    positions_[tag].offset = record.offset + 1;
  }
  void on_end_of_partition(std::size_t, Offset) override {}

  std::vector<std::string> values;

 private:
  void commit() { EXPECT_TRUE(consumer_->commit(positions_).ok()); }

  std::unique_ptr<Consumer> consumer_;
  std::vector<CommittedOffset> positions_;
};

void produce(EmbeddedCluster& cluster, int first, int end) {
  const std::unique_ptr<Producer> producer = cluster.producer({}).value();
  const TopicHandle topic = producer->topic("t", 1s).value();
  for (int i = first; i < end; ++i) {
    EXPECT_TRUE(producer->send({.topic = topic, .partition = i % kPartitions, .value = std::to_string(i)}).ok());
  }
}

TEST(EmbeddedThreads, GroupReadsWhatManyProducersWriteEachRecordOnce) {
  const SystemClock clock;
  EmbeddedCluster cluster(clock);
  ASSERT_TRUE(cluster.admin({}).value()->create_topics({{.name = "t", .partitions = kPartitions}}, 1s).ok());
  Worker first(cluster);
  Worker second(cluster);
  std::atomic<int> missing = kRecords;

  std::vector<std::thread> threads;
  threads.emplace_back([&] { first.run(missing); });
  threads.emplace_back([&] { produce(cluster, 0, kRecords / 2); });
  threads.emplace_back([&] { second.run(missing); });
  threads.emplace_back([&] { produce(cluster, kRecords / 2, kRecords); });
  for (std::thread& each : threads) each.join();

  std::multiset<std::string> read(first.values.begin(), first.values.end());
  read.insert(second.values.begin(), second.values.end());
  EXPECT_EQ(read.size(), static_cast<std::size_t>(kRecords));
  EXPECT_EQ(std::set<std::string>(read.begin(), read.end()).size(), static_cast<std::size_t>(kRecords));
}

TEST(EmbeddedThreads, PollIsEndedByWakeUpEvenIfThatCameFirst) {
  const SystemClock clock;
  EmbeddedCluster cluster(clock);
  const std::unique_ptr<Consumer> consumer = cluster.consumer({}).value();
  EmbeddedCollector collector;
  const auto started = std::chrono::steady_clock::now();

  consumer->wake_up();
  EXPECT_TRUE(consumer->poll(1h, 1, collector).ok());

  EXPECT_LT(std::chrono::steady_clock::now() - started, 1h);
}

TEST(EmbeddedThreads, CommittedWaitsForTheTransactionThatIsOpen) {
  const SystemClock clock;
  EmbeddedCluster cluster(clock);
  ASSERT_TRUE(cluster.admin({}).value()->create_topics({{.name = "t"}}, 1s).ok());
  const std::unique_ptr<Producer> writer = cluster.producer({{"transactional.id", "x"}}).value();
  ASSERT_TRUE(writer->init_transactions(1s).ok());
  ASSERT_TRUE(writer->begin_transaction().ok());
  ASSERT_TRUE(writer->send_offsets({{.partition = {"t", 0}, .offset = 5}}, {.group_id = "g"}, 1s).ok());
  const std::unique_ptr<Consumer> reader = cluster.consumer({{"group.id", "g"}}).value();

  std::thread other([&] { EXPECT_TRUE(writer->commit_transaction(1s).ok()); });
  const auto committed = reader->committed({{"t", 0}}, 1h);
  other.join();

  EXPECT_EQ(committed.value()[0].offset, 5);
}

}  // namespace
}  // namespace levada::testing
