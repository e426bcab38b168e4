// The ground of the conformance suite: every test runs against the embedded cluster and against a real broker, and
// sees both through the interfaces of runtime/ only. What holds here is the contract.
//
//   TEST_P(Records, NullIsNotEmpty) {
//     const std::string topic = create_topic();
//     send(topic, {.key = "k", .value = std::nullopt});
//     EXPECT_EQ(read_all(topic)[0].value, std::nullopt);
//   }
//
// The broker's address comes from the environment (ctest gives it); without it the tests against Kafka fail.
// --gtest_filter='*/embedded' leaves them out.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/runtime/cluster.h>

namespace levada::testing {

using namespace std::chrono_literals;

inline constexpr Duration kPatience = 30s;  // until a condition must hold, or a call must have its answer

inline Timestamp at(Duration since_epoch) { return Timestamp(since_epoch); }

// A record as a test writes it down.
struct Message {
  NullableBytes key = std::nullopt;
  NullableBytes value = std::nullopt;
  Timestamp timestamp = kNoTimestamp;
  Headers headers = {};
  Partition partition = 0;
};

// A record as it was read.
struct Seen {
  std::size_t tag = 0;
  NullableBytes key = {};
  NullableBytes value = {};
  Timestamp timestamp = {};
  Offset offset = 0;
  Headers headers = {};
};

std::vector<std::string> values_of(const std::vector<Seen>& records);  // "(null)" for a null
std::vector<Offset> offsets_of(const std::vector<Seen>& records);

// Keeps what a consumer delivers.
class Collector final : public RecordHandler {
 public:
  void on_record(std::size_t tag, const LogRecord& record) override;
  void on_end_of_partition(std::size_t tag, Offset next) override { ends[tag].push_back(next); }

  std::vector<Seen> records;
  std::map<std::size_t, std::vector<Offset>> ends;  // by tag, in the order told
};

// A member of a group that reads what it is given, and remembers what it was told.
class Member final : public RebalanceListener {
 public:
  explicit Member(std::unique_ptr<Consumer> consumer) : consumer_(std::move(consumer)) {}

  void subscribe(const std::vector<std::string>& topics);
  absl::Status poll();

  Consumer& consumer() { return *consumer_; }
  void leave() { consumer_.reset(); }
  const std::vector<TopicPartition>& partitions() const { return partitions_; }

  void on_assigned(const std::vector<TopicPartition>& partitions) override;
  void on_revoked(const std::vector<TopicPartition>& partitions) override;
  void on_lost(const std::vector<TopicPartition>& partitions) override;

  Collector seen;
  std::vector<std::string> told;  // "assigned 2", "revoked 2", "lost 2"
  std::function<void()> when_revoked = {};
  bool assigns = true;

 private:
  std::vector<TopicPartition> partitions_;
  std::unique_ptr<Consumer> consumer_;  // last: leaving the group, it calls this listener
};

class ClientTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override;

  Cluster& cluster() { return *cluster_; }
  std::unique_ptr<Consumer> consumer(ClientProperties properties = {});
  std::unique_ptr<Producer> producer(const ClientProperties& properties = {});
  std::unique_ptr<Producer> transactional(const std::string& id);  // after init_transactions()
  Member member(const std::string& group, ClientProperties properties = {});

  // Names no other test, and no other run, has used.
  std::string unique(const std::string& what);
  std::string create_topic(Partition partitions = 1, std::map<std::string, std::string> config = {});
  void create_topic_named(const std::string& name, Partition partitions);

  void send(const std::string& topic, const Message& message) { send(topic, std::vector<Message>{message}); }
  void send(const std::string& topic, const std::vector<Message>& messages);
  // Numbers, to each partition in turn.
  void send_many(const std::string& topic, Partition partitions, int count);
  void send_values(const std::string& topic, const std::vector<std::string>& values, Partition partition = 0);
  // Into the transaction that is open.
  static void send(Producer& producer, const std::string& topic, const std::string& value, Partition partition = 0);

  // What a partition holds, to its end.
  std::vector<Seen> read_all(const std::string& topic, Partition partition = 0, ClientProperties properties = {});
  static void read_to_end(Consumer& consumer, Collector& into);
  static void read_until(Consumer& consumer, Collector& into, const std::function<bool()>& done);
  static std::function<bool()> has(const Member& member, std::size_t partitions);
  // Polls the members in turn.
  static void run_until(const std::vector<Member*>& members, const std::function<bool()>& done);

  Admin& admin() { return *admin_; }

 private:
  std::unique_ptr<Cluster> cluster_;
  std::unique_ptr<Admin> admin_;
  int names_made_ = 0;
};

// The suites of one file run against both clusters.
std::vector<std::string> both_clusters();
std::string cluster_name(const ::testing::TestParamInfo<std::string>& info);

}  // namespace levada::testing
