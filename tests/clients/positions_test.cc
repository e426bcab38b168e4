// Where a reader stands, where a log begins and ends.

#include <chrono>
#include <string>
#include <thread>

#include "tests/clients/client_test.h"

namespace levada::testing {
namespace {

using ::testing::ElementsAre;

class Positions : public ClientTest {
 protected:
  std::unique_ptr<Consumer> reader(const std::string& topic, Offset start, ClientProperties properties = {}) {
    std::unique_ptr<Consumer> made = consumer(std::move(properties));
    EXPECT_TRUE(made->assign({{.partition = {topic, 0}, .start = start}}).ok());
    return made;
  }
  void delete_before(const std::string& topic, Offset offset) {
    const absl::Status deleted = admin().delete_records({{.partition = {topic, 0}, .offset = offset}}, kPatience);
    ASSERT_TRUE(deleted.ok()) << deleted;
  }
};
INSTANTIATE_TEST_SUITE_P(Clients, Positions, ::testing::ValuesIn(both_clusters()), cluster_name);

TEST_P(Positions, ReadingBeginsAtTheOffsetGiven) {
  const std::string topic = create_topic();
  send_values(topic, {"a", "b", "c"});
  Collector collector;

  read_to_end(*reader(topic, 1), collector);

  EXPECT_THAT(values_of(collector.records), ElementsAre("b", "c"));
  EXPECT_THAT(offsets_of(collector.records), ElementsAre(1, 2));
}

TEST_P(Positions, RecordsCarryTheTagOfTheirPartition) {
  const std::string topic = create_topic(2);
  send_values(topic, {"zero"}, 0);
  send_values(topic, {"one"}, 1);
  const std::unique_ptr<Consumer> from = consumer();
  Collector collector;

  ASSERT_TRUE(from->assign({{.partition = {topic, 0}, .tag = 17}, {.partition = {topic, 1}, .tag = 4}}).ok());
  read_until(*from, collector, [&collector] { return collector.ends.size() == 2; });

  ASSERT_EQ(collector.records.size(), 2u);
  for (const Seen& record : collector.records) EXPECT_EQ(record.tag, record.value == "zero" ? 17u : 4u);
  EXPECT_THAT(collector.ends[17], ElementsAre(1));
  EXPECT_THAT(collector.ends[4], ElementsAre(1));
}

TEST_P(Positions, APollForNoRecordsDeliversNoneAndLosesNone) {
  const std::string topic = create_topic();
  std::vector<std::string> values;
  for (int i = 0; i < 300; ++i) values.push_back(std::to_string(i));
  send_values(topic, values);
  const std::unique_ptr<Consumer> from = reader(topic, 0);
  Collector collector;
  read_until(*from, collector, [&collector] { return !collector.records.empty(); });

  while (collector.records.size() < 300) {
    const std::size_t before = collector.records.size();
    for (const Duration timeout : {0ms, 20ms, 0ms}) ASSERT_TRUE(from->poll(timeout, 0, collector).ok());
    ASSERT_EQ(collector.records.size(), before);
    ASSERT_TRUE(from->poll(1s, 50, collector).ok());
  }

  EXPECT_EQ(values_of(collector.records), values);
}

TEST_P(Positions, AssignNeedsAnOffset) {
  const std::string topic = create_topic();

  const absl::Status assigned = consumer()->assign({{.partition = {topic, 0}, .start = kUnknownOffset}});

  EXPECT_TRUE(absl::IsInvalidArgument(assigned)) << assigned;
}

TEST_P(Positions, AssignOfNothingReadsNothing) {
  const std::string topic = create_topic();
  send_values(topic, {"a"});
  const std::unique_ptr<Consumer> from = reader(topic, 0);
  Collector collector;

  ASSERT_TRUE(from->assign({}).ok());
  ASSERT_TRUE(from->poll(10ms, 10, collector).ok());

  EXPECT_THAT(collector.records, ::testing::IsEmpty());
}

TEST_P(Positions, AssignReplacesWhatWasRead) {
  const std::string topic = create_topic(2);
  send_values(topic, {"a", "b"}, 0);
  send_values(topic, {"c", "d"}, 1);
  const std::unique_ptr<Consumer> from = reader(topic, 0);
  Collector before;
  read_to_end(*from, before);
  Collector after;

  ASSERT_TRUE(from->assign({{.partition = {topic, 1}, .start = 1}}).ok());
  send_values(topic, {"not read"}, 0);
  read_to_end(*from, after);

  EXPECT_THAT(values_of(after.records), ElementsAre("d"));
}

TEST_P(Positions, AssignDropsWhatWasPrefetched) {
  const std::string topic = create_topic();
  send_values(topic, {"a", "b", "c"});
  const std::unique_ptr<Consumer> from = reader(topic, 0);
  Collector first;
  while (first.records.empty()) ASSERT_TRUE(from->poll(kPatience, 1, first).ok());
  Collector again;

  ASSERT_TRUE(from->assign({{.partition = {topic, 0}, .start = 0}}).ok());
  read_to_end(*from, again);

  EXPECT_THAT(values_of(again.records), ElementsAre("a", "b", "c"));
}

TEST_P(Positions, EndIsToldForAnEmptyPartition) {
  const std::string topic = create_topic();
  Collector collector;

  read_to_end(*reader(topic, 0), collector);

  EXPECT_THAT(collector.records, ElementsAre());
  EXPECT_THAT(collector.ends[0], ElementsAre(0));
}

TEST_P(Positions, EndIsToldAgainAfterMoreWasRead) {
  const std::string topic = create_topic();
  send_values(topic, {"a", "b"});
  const std::unique_ptr<Consumer> from = reader(topic, 0);
  Collector collector;
  read_to_end(*from, collector);
  EXPECT_THAT(collector.ends[0], ElementsAre(2));

  send_values(topic, {"c"});
  read_until(*from, collector, [&collector] { return collector.ends[0].back() == 3; });

  EXPECT_THAT(values_of(collector.records), ElementsAre("a", "b", "c"));
}

TEST_P(Positions, OffsetsTellWhatAPartitionHolds) {
  const std::string topic = create_topic();
  const std::unique_ptr<Consumer> from = consumer();
  EXPECT_EQ(from->offsets({topic, 0}, kPatience).value(), (OffsetRange{0, 0}));

  send_values(topic, {"a", "b", "c"});

  EXPECT_EQ(from->offsets({topic, 0}, kPatience).value(), (OffsetRange{0, 3}));
  EXPECT_EQ(admin().offsets({topic, 0}, kPatience).value(), (OffsetRange{0, 3}));
}

TEST_P(Positions, EndsOfManyPartitionsComeInTheOrderAskedFor) {
  const std::string topic = create_topic(3);
  send_values(topic, {"a", "b"}, 0);
  send_values(topic, {"c"}, 2);

  const auto ends = consumer()->end_offsets({{topic, 2}, {topic, 0}, {topic, 1}}, kPatience);

  ASSERT_TRUE(ends.ok()) << ends.status();
  EXPECT_THAT(*ends, ElementsAre(1, 2, 0));
}

TEST_P(Positions, DeletedRecordsAreGone) {
  const std::string topic = create_topic();
  send_values(topic, {"a", "b", "c"});

  delete_before(topic, 2);

  EXPECT_EQ(consumer()->offsets({topic, 0}, kPatience).value(), (OffsetRange{2, 3}));
  EXPECT_THAT(values_of(read_all(topic)), ElementsAre("c"));
}

TEST_P(Positions, DeletingAllKeepsTheEnd) {
  const std::string topic = create_topic();
  send_values(topic, {"a", "b"});

  delete_before(topic, 2);

  EXPECT_EQ(consumer()->offsets({topic, 0}, kPatience).value(), (OffsetRange{2, 2}));
  send_values(topic, {"c"});
  EXPECT_THAT(offsets_of(read_all(topic)), ElementsAre(2));
}

TEST_P(Positions, DeletingPastTheEndIsRefused) {
  const std::string topic = create_topic();
  send_values(topic, {"a"});

  const absl::Status deleted = admin().delete_records({{.partition = {topic, 0}, .offset = 5}}, kPatience);

  EXPECT_TRUE(absl::IsOutOfRange(deleted)) << deleted;
}

TEST_P(Positions, StartBelowTheBeginningIsTheBeginning) {
  const std::string topic = create_topic();
  send_values(topic, {"a", "b", "c"});
  delete_before(topic, 1);
  Collector collector;

  read_to_end(*reader(topic, 0, {{"auto.offset.reset", "latest"}}), collector);

  EXPECT_THAT(values_of(collector.records), ElementsAre("b", "c"));
}

TEST_P(Positions, StartPastTheEndGoesWhereTheResetPolicySays) {
  const std::string topic = create_topic();
  send_values(topic, {"a", "b"});
  Collector earliest;
  Collector latest;

  read_to_end(*reader(topic, 9, {{"auto.offset.reset", "earliest"}}), earliest);
  read_to_end(*reader(topic, 9, {{"auto.offset.reset", "latest"}}), latest);

  EXPECT_THAT(values_of(earliest.records), ElementsAre("a", "b"));
  EXPECT_THAT(values_of(latest.records), ElementsAre());
  EXPECT_THAT(latest.ends[0], ElementsAre(2));
}

TEST_P(Positions, StartOutsideTheLogIsAnErrorWithoutAResetPolicy) {
  const std::string topic = create_topic();
  const std::unique_ptr<Consumer> from = reader(topic, 9, {{"auto.offset.reset", "none"}});
  Collector collector;
  absl::Status polled;

  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (polled.ok() && std::chrono::steady_clock::now() < deadline) polled = from->poll(50ms, 10, collector);

  EXPECT_TRUE(absl::IsOutOfRange(polled)) << polled;
}

TEST_P(Positions, OffsetAtIsTheFirstAtOrAfterATime) {
  const std::string topic = create_topic();
  send(topic, {{.value = "a", .timestamp = at(10s)},
               {.value = "b", .timestamp = at(20s)},
               {.value = "c", .timestamp = at(30s)}});
  const std::unique_ptr<Consumer> from = consumer();

  EXPECT_EQ(from->offset_at({topic, 0}, at(0s), kPatience).value(), 0);
  EXPECT_EQ(from->offset_at({topic, 0}, at(20s), kPatience).value(), 1);
  EXPECT_EQ(from->offset_at({topic, 0}, at(20001ms), kPatience).value(), 2);
}

TEST_P(Positions, AnAdminTellsTheOffsetAtATime) {
  const std::string topic = create_topic();
  send(topic, {{.value = "a", .timestamp = at(10s)}, {.value = "b", .timestamp = at(20s)}});

  EXPECT_EQ(admin().offset_at({topic, 0}, at(15s), kPatience).value(), 1);
  EXPECT_EQ(admin().offset_at({topic, 0}, at(21s), kPatience).value(), 2);
  EXPECT_EQ(admin().offset_at({unique("nowhere"), 0}, at(0s), 1s).status().code(), absl::StatusCode::kNotFound);
}

TEST_P(Positions, OffsetAtATimeAfterAllIsTheEnd) {
  const std::string topic = create_topic();
  send(topic, {{.value = "a", .timestamp = at(10s)}, {.value = "b", .timestamp = at(20s)}});

  EXPECT_EQ(consumer()->offset_at({topic, 0}, at(21s), kPatience).value(), 2);
}

TEST_P(Positions, OffsetAtWorksOnTimesOutOfOrder) {
  const std::string topic = create_topic();
  send(topic, {{.value = "a", .timestamp = at(30s)},
               {.value = "b", .timestamp = at(10s)},
               {.value = "c", .timestamp = at(40s)}});

  EXPECT_EQ(consumer()->offset_at({topic, 0}, at(20s), kPatience).value(), 0);
  EXPECT_EQ(consumer()->offset_at({topic, 0}, at(35s), kPatience).value(), 2);
}

TEST_P(Positions, LastKnownEndIsThatOfTheLastFetch) {
  const std::string topic = create_topic();
  send_values(topic, {"a", "b"});
  const std::unique_ptr<Consumer> from = reader(topic, 0);
  EXPECT_EQ(from->last_known_end({topic, 0}), kUnknownOffset);
  Collector collector;

  read_to_end(*from, collector);

  EXPECT_EQ(from->last_known_end({topic, 0}), 2);
  EXPECT_EQ(from->last_known_end({topic, 1}), kUnknownOffset);
}

TEST_P(Positions, PollReturnsWithNothingAfterItsTimeout) {
  const std::unique_ptr<Consumer> from = consumer();
  Collector collector;

  EXPECT_TRUE(from->poll(10ms, 10, collector).ok());

  EXPECT_TRUE(collector.records.empty());
}

TEST_P(Positions, WakeUpEndsAPollThatWaits) {
  const std::string topic = create_topic();
  const std::unique_ptr<Consumer> from = reader(topic, 0);
  Collector collector;
  read_to_end(*from, collector);
  const auto started = std::chrono::steady_clock::now();

  std::thread other([&from] { from->wake_up(); });
  EXPECT_TRUE(from->poll(kPatience, 10, collector).ok());
  other.join();

  EXPECT_LT(std::chrono::steady_clock::now() - started, kPatience);
}

TEST_P(Positions, PollIsEndedByARecordThatArrives) {
  const std::string topic = create_topic();
  const std::unique_ptr<Consumer> from = reader(topic, 0);
  Collector collector;
  read_to_end(*from, collector);

  std::thread other([this, &topic] { send_values(topic, {"late"}); });
  read_until(*from, collector, [&collector] { return !collector.records.empty(); });
  other.join();

  EXPECT_THAT(values_of(collector.records), ElementsAre("late"));
}

TEST_P(Positions, ReadingATopicThatDoesNotExistIsAnError) {
  // A real client gives a topic that was just made some time to get around.
  const std::unique_ptr<Consumer> from = reader(unique("nowhere"), 0, {{"topic.metadata.propagation.max.ms", "1000"}});
  Collector collector;
  absl::Status polled;

  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (polled.ok() && std::chrono::steady_clock::now() < deadline) polled = from->poll(50ms, 10, collector);

  EXPECT_TRUE(absl::IsNotFound(polled)) << polled;
}

TEST_P(Positions, OffsetsOfATopicThatDoesNotExistAreNotFound) {
  const absl::Status asked = consumer()->offsets({unique("nowhere"), 0}, 5s).status();

  EXPECT_TRUE(absl::IsNotFound(asked)) << asked;
}

// librdkafka would end the process, had it not stopped the last assignment before the next, or before the end.
TEST_P(Positions, MayBeAssignedAgainAndAgain) {
  const std::string topic = create_topic(2);
  std::unique_ptr<Consumer> from = consumer();
  Collector seen;
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(from->assign({{.partition = {topic, 0}}, {.partition = {topic, 1}}}).ok());
    ASSERT_TRUE(from->poll(0ms, 100, seen).ok());
  }
  from.reset();
}

}  // namespace
}  // namespace levada::testing
