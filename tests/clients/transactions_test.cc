// Transactions: all or nothing, for readers who wait for it.

#include <chrono>
#include <string>
#include <utility>

#include "tests/clients/client_test.h"

namespace levada::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const ClientProperties& uncommitted() {
  static const ClientProperties properties = {{"isolation.level", "read_uncommitted"}};
  return properties;
}

class Transactions : public ClientTest {
 protected:
  void begin(Producer& producer) { expect_ok(producer.begin_transaction()); }
  void commit(Producer& producer) { expect_ok(producer.commit_transaction(kPatience)); }
  void abort(Producer& producer) { expect_ok(producer.abort_transaction(kPatience)); }
  void flush(Producer& producer) { expect_ok(producer.flush(kPatience)); }
  // The record stands in the topic, and nobody is to see it.
  void send_in_vain(Producer& producer, const std::string& topic, const std::string& value) {
    begin(producer);
    send(producer, topic, value);
    flush(producer);
    abort(producer);
  }

  // A broker answers before the ends of a transaction stand in its partitions.
  void wait_until_decided(const std::string& topic) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    const auto end = [&](ClientProperties properties) {
      return consumer(std::move(properties))->offsets({topic, 0}, kPatience).value().end;
    };
    while (end({}) != end(uncommitted())) ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "still open";
  }

  // The metadata of a member that is alone in its group.
  GroupMetadata join(Member& member, const std::string& topic) {
    member.subscribe({topic});
    run_until({&member}, [&member] { return !member.partitions().empty(); });
    return member.consumer().group_metadata();
  }
  Offset committed(const std::string& group, const std::string& topic) {
    return admin().committed(group, {{topic, 0}}, kPatience).value().at(0).offset;
  }

 private:
  static void expect_ok(const absl::Status& status) { ASSERT_TRUE(status.ok()) << status; }
};
INSTANTIATE_TEST_SUITE_P(Clients, Transactions, ::testing::ValuesIn(both_clusters()), cluster_name);

TEST_P(Transactions, CommittedRecordsAreVisible) {
  const std::string topic = create_topic();
  const std::unique_ptr<Producer> writer = transactional(unique("id"));

  begin(*writer);
  send(*writer, topic, "a");
  send(*writer, topic, "b");
  commit(*writer);
  wait_until_decided(topic);

  EXPECT_THAT(values_of(read_all(topic)), ElementsAre("a", "b"));
}

TEST_P(Transactions, AbortedRecordsAreInvisible) {
  const std::string topic = create_topic();
  const std::unique_ptr<Producer> writer = transactional(unique("id"));

  send_in_vain(*writer, topic, "aborted");
  begin(*writer);
  send(*writer, topic, "committed");
  commit(*writer);

  EXPECT_THAT(values_of(read_all(topic)), ElementsAre("committed"));
}

TEST_P(Transactions, AbortedRecordsAreVisibleToWhoReadsUncommitted) {
  const std::string topic = create_topic();
  const std::unique_ptr<Producer> writer = transactional(unique("id"));

  send_in_vain(*writer, topic, "aborted");

  EXPECT_THAT(values_of(read_all(topic, 0, uncommitted())), ElementsAre("aborted"));
}

TEST_P(Transactions, EndsTakeAnOffset) {
  const std::string topic = create_topic();
  const std::unique_ptr<Producer> writer = transactional(unique("id"));
  begin(*writer);
  send(*writer, topic, "a");
  commit(*writer);
  wait_until_decided(topic);

  send_values(topic, {"b"});

  EXPECT_THAT(offsets_of(read_all(topic)), ElementsAre(0, 2));
}

TEST_P(Transactions, EndOfPartitionIsToldBehindTheirMarkers) {
  const std::string topic = create_topic();
  const std::unique_ptr<Producer> writer = transactional(unique("id"));
  send_in_vain(*writer, topic, "aborted");
  wait_until_decided(topic);
  const std::unique_ptr<Consumer> from = consumer();
  ASSERT_TRUE(from->assign({{.partition = {topic, 0}}}).ok());
  Collector collector;

  read_to_end(*from, collector);

  EXPECT_THAT(collector.records, ::testing::IsEmpty());
  EXPECT_EQ(collector.ends[0].back(), 2);
}

TEST_P(Transactions, OpenOneHidesWhatFollows) {
  const std::string topic = create_topic();
  send_values(topic, {"before"});
  const std::unique_ptr<Producer> writer = transactional(unique("id"));
  begin(*writer);
  send(*writer, topic, "open");
  flush(*writer);
  send_values(topic, {"after"});

  EXPECT_THAT(values_of(read_all(topic)), ElementsAre("before"));
  EXPECT_THAT(values_of(read_all(topic, 0, uncommitted())), ElementsAre("before", "open", "after"));
  EXPECT_EQ(consumer()->offsets({topic, 0}, kPatience).value(), (OffsetRange{0, 1}));
  EXPECT_EQ(consumer(uncommitted())->offsets({topic, 0}, kPatience).value(), (OffsetRange{0, 3}));
  EXPECT_EQ(admin().offsets({topic, 0}, kPatience).value(), (OffsetRange{0, 1}));
  EXPECT_THAT(admin().end_offsets({{topic, 0}}, kPatience).value(), ElementsAre(1));
}

TEST_P(Transactions, ThatAreOpenAreKnownToAnAdminOfAllThatWasWritten) {
  const std::string topic = create_topic();
  const std::unique_ptr<Producer> writer = transactional(unique("id"));
  begin(*writer);
  send(*writer, topic, "open");
  flush(*writer);
  const std::unique_ptr<Admin> all = cluster().admin(uncommitted()).value();

  EXPECT_EQ(all->offsets({topic, 0}, kPatience).value(), (OffsetRange{0, 1}));
  EXPECT_THAT(all->end_offsets({{topic, 0}}, kPatience).value(), ElementsAre(1));
  const Timestamp never = SystemClock().now() + std::chrono::hours(1);
  EXPECT_EQ(all->offset_at({topic, 0}, never, kPatience).value(), 1);
  EXPECT_EQ(admin().offset_at({topic, 0}, never, kPatience).value(), 0);
}

TEST_P(Transactions, ReaderGoesOnWhenTheOpenOneEnds) {
  const std::string topic = create_topic();
  const std::unique_ptr<Producer> writer = transactional(unique("id"));
  begin(*writer);
  send(*writer, topic, "open");
  flush(*writer);
  send_values(topic, {"after"});
  const std::unique_ptr<Consumer> from = consumer();
  ASSERT_TRUE(from->assign({{.partition = {topic, 0}}}).ok());
  Collector collector;
  read_to_end(*from, collector);
  EXPECT_THAT(collector.records, ::testing::IsEmpty());

  commit(*writer);
  read_until(*from, collector, [&collector] { return collector.records.size() == 2; });

  EXPECT_THAT(values_of(collector.records), ElementsAre("open", "after"));
}

TEST_P(Transactions, InterleavedOnesEndEachForItself) {
  const std::string topic = create_topic();
  const std::unique_ptr<Producer> aborts = transactional(unique("id"));
  const std::unique_ptr<Producer> commits = transactional(unique("id"));
  begin(*aborts);
  begin(*commits);
  for (int i = 0; i < 3; ++i) {
    send(*aborts, topic, "aborted");
    flush(*aborts);
    send(*commits, topic, "committed");
    flush(*commits);
  }

  commit(*commits);
  abort(*aborts);

  EXPECT_THAT(values_of(read_all(topic)), ElementsAre("committed", "committed", "committed"));
}

TEST_P(Transactions, SpanPartitionsAndTopics) {
  const std::string first = create_topic(2);
  const std::string second = create_topic();
  const std::unique_ptr<Producer> writer = transactional(unique("id"));

  begin(*writer);
  send(*writer, first, "a", 0);
  send(*writer, first, "b", 1);
  send(*writer, second, "c");
  flush(*writer);
  abort(*writer);

  EXPECT_THAT(values_of(read_all(first, 0)), ElementsAre());
  EXPECT_THAT(values_of(read_all(first, 1)), ElementsAre());
  EXPECT_THAT(values_of(read_all(second)), ElementsAre());
}

TEST_P(Transactions, WithNothingInThemCommit) {
  const std::unique_ptr<Producer> writer = transactional(unique("id"));

  begin(*writer);
  commit(*writer);
  begin(*writer);
  abort(*writer);
}

TEST_P(Transactions, ThatAreOpenAreAbortedWithTheirProducer) {
  const std::string topic = create_topic();
  std::unique_ptr<Producer> writer = transactional(unique("id"));
  begin(*writer);
  send(*writer, topic, "open");
  flush(*writer);

  writer.reset();
  send_values(topic, {"after"});

  const std::unique_ptr<Consumer> from = consumer();
  ASSERT_TRUE(from->assign({{.partition = {topic, 0}}}).ok());
  Collector collector;
  read_until(*from, collector, [&collector] { return !collector.records.empty(); });
  EXPECT_THAT(values_of(collector.records), ElementsAre("after"));
}

TEST_P(Transactions, NewerProducerFencesTheOlderOne) {
  const std::string topic = create_topic();
  const std::string id = unique("id");
  const std::unique_ptr<Producer> zombie = transactional(id);
  begin(*zombie);
  send(*zombie, topic, "zombie");
  flush(*zombie);

  const std::unique_ptr<Producer> successor = transactional(id);
  begin(*successor);
  send(*successor, topic, "successor");
  commit(*successor);

  const absl::Status late = zombie->commit_transaction(kPatience);
  EXPECT_TRUE(absl::IsFailedPrecondition(late)) << late;
  EXPECT_THAT(values_of(read_all(topic)), ElementsAre("successor"));
}

TEST_P(Transactions, CannotBeginBeforeTheyAreInitialized) {
  const std::unique_ptr<Producer> writer = producer({{"transactional.id", unique("id")}});

  const absl::Status begun = writer->begin_transaction();

  EXPECT_TRUE(absl::IsFailedPrecondition(begun)) << begun;
}

TEST_P(Transactions, NeedATransactionalId) {
  const absl::Status initialized = producer()->init_transactions(kPatience);

  EXPECT_FALSE(initialized.ok());
}

TEST_P(Transactions, CommitTheirOffsetsWithTheirRecords) {
  const std::string topic = create_topic();
  const std::string group = unique("group");
  Member reader = member(group);
  const GroupMetadata me = join(reader, topic);
  const std::unique_ptr<Producer> writer = transactional(unique("id"));

  begin(*writer);
  ASSERT_TRUE(writer->send_offsets({{.partition = {topic, 0}, .offset = 5, .metadata = "m"}}, me, kPatience).ok());
  commit(*writer);

  EXPECT_THAT(reader.consumer().committed({{topic, 0}}, kPatience).value(),
              ElementsAre(CommittedOffset{{topic, 0}, 5, "m"}));
}

TEST_P(Transactions, ThatAreOpenHoldBackTheOffsetsOfTheirGroup) {
  const std::string topic = create_topic();
  const std::string group = unique("group");
  Member reader = member(group);
  const GroupMetadata me = join(reader, topic);
  const std::unique_ptr<Producer> writer = transactional(unique("id"));
  begin(*writer);
  ASSERT_TRUE(writer->send_offsets({{.partition = {topic, 0}, .offset = 5}}, me, kPatience).ok());

  const absl::Status held_back = reader.consumer().committed({{topic, 0}}, 500ms).status();

  EXPECT_TRUE(absl::IsDeadlineExceeded(held_back)) << held_back;
  EXPECT_THAT(held_back.message(), AllOf(HasSubstr(group), HasSubstr("a transaction that has not ended")));
  commit(*writer);
  EXPECT_EQ(reader.consumer().committed({{topic, 0}}, kPatience).value()[0].offset, 5);
}

TEST_P(Transactions, ForgetTheirOffsetsWhenAborted) {
  const std::string topic = create_topic();
  const std::string group = unique("group");
  Member reader = member(group);
  const GroupMetadata me = join(reader, topic);
  ASSERT_TRUE(reader.consumer().commit({{.partition = {topic, 0}, .offset = 1}}).ok());
  const std::unique_ptr<Producer> writer = transactional(unique("id"));

  begin(*writer);
  ASSERT_TRUE(writer->send_offsets({{.partition = {topic, 0}, .offset = 5}}, me, kPatience).ok());
  EXPECT_EQ(committed(group, topic), 1) << "not before the transaction has committed";
  abort(*writer);

  EXPECT_EQ(reader.consumer().committed({{topic, 0}}, kPatience).value()[0].offset, 1);
}

TEST_P(Transactions, RefuseTheOffsetsOfAnEarlierGeneration) {
  const std::string topic = create_topic(2);
  const std::string group = unique("group");
  Member first = member(group);
  const GroupMetadata old = join(first, topic);
  Member second = member(group);
  second.subscribe({topic});
  run_until({&first, &second}, [&] { return first.partitions().size() == 1 && second.partitions().size() == 1; });
  const std::unique_ptr<Producer> writer = transactional(unique("id"));

  begin(*writer);
  const absl::Status sent = writer->send_offsets({{.partition = {topic, 0}, .offset = 5}}, old, kPatience);

  EXPECT_TRUE(absl::IsAborted(sent)) << sent;
  abort(*writer);
  EXPECT_EQ(committed(group, topic), kUnknownOffset);
}

TEST_P(Transactions, GoOnAfterAnAbort) {
  const std::string topic = create_topic();
  const std::unique_ptr<Producer> writer = transactional(unique("id"));
  for (int i = 0; i < 3; ++i) {
    begin(*writer);
    send(*writer, topic, "aborted");
    flush(*writer);
    abort(*writer);
    begin(*writer);
    send(*writer, topic, std::to_string(i));
    commit(*writer);
  }

  EXPECT_THAT(values_of(read_all(topic)), ElementsAre("0", "1", "2"));
}

}  // namespace
}  // namespace levada::testing
