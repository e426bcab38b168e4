#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/dsl/streams_builder.h>
#include <levada/runtime/topology_test_driver.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Number = std::int64_t;

Timestamp at(std::int64_t ms) { return Timestamp(Duration(ms)); }

// The timestamp that a record of key "k", value 7 and its own timestamp 3 leaves with, after one at 50.
Timestamp extracted(TimestampExtractor<std::string, Number> extractor, Timestamp own = at(3)) {
  StreamsBuilder builder;
  builder.stream<std::string, Number>("in", {.timestamp = std::move(extractor)}).to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology,
                            {.start_time = at(1000), .errors = {.deserialization = ExceptionHandler::kLogAndContinue}});
  driver.input<std::string, Number>("in").pipe("first", 0, at(50));
  driver.input<std::string, Number>("in").pipe("k", 7, own);
  return driver.output<std::string, Number>("out").read_records().back().timestamp;
}

TEST(TimestampExtractor, IsTheRecordsOwnByDefault) { EXPECT_EQ(extracted({}), at(3)); }

TEST(TimestampExtractor, TakesTheValue) {
  EXPECT_EQ(extracted([](const Number& value) { return at(value * 10); }), at(70));
}

TEST(TimestampExtractor, TakesTheKeyAndTheValue) {
  EXPECT_EQ(extracted([](const std::string& key, const Number& value) {
              return at(static_cast<std::int64_t>(key.size()) + value);
            }),
            at(8));
}

TEST(TimestampExtractor, TakesTheRecordAndPartitionTime) {
  EXPECT_EQ(extracted([](const Record<std::string, Number>& record, Timestamp partition_time) {
              return record.value == 0 ? record.timestamp : partition_time + Duration(1);
            }),
            at(51));
}

TEST(TimestampExtractor, UsesPartitionTimeWhereTheOwnIsInvalid) {
  EXPECT_EQ(extracted(use_partition_time_on_invalid_timestamp, at(-5)), at(50));
  EXPECT_EQ(extracted(use_partition_time_on_invalid_timestamp), at(3));
}

TEST(TimestampExtractor, UsesTheWallClock) { EXPECT_EQ(extracted(wallclock_timestamp), at(1000)); }

TEST(TimestampExtractor, NegativeTimestampsAreCountedAndSkipped) {
  EXPECT_EQ(extracted([](const Number& value) { return at(value == 7 ? -1 : 20); }), at(20));
  EXPECT_EQ(extracted(log_and_skip_on_invalid_timestamp, at(-5)), at(50));
}

TEST(TimestampExtractor, FailsOnNegativeTimestampsIfItSaysSo) {
  EXPECT_EQ(extracted(fail_on_invalid_timestamp), at(3));
  EXPECT_THAT([] { extracted(fail_on_invalid_timestamp, at(-5)); },
              testing::ThrowsMessage<std::runtime_error>(HasSubstr("the record's timestamp -5 is negative")));
}

// What a source without an extractor makes of a record of its own time, after one at 50.
std::vector<Timestamp> by_default(DefaultTimestampExtractor extractor, Timestamp own) {
  StreamsBuilder builder;
  builder.stream<std::string, Number>("in").to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology, {.start_time = at(1000), .default_timestamp_extractor = extractor});
  driver.input<std::string, Number>("in").pipe("first", 0, at(50));
  driver.input<std::string, Number>("in").pipe("k", 7, own);
  std::vector<Timestamp> times;
  for (const auto& record : driver.output<std::string, Number>("out").read_records()) times.push_back(record.timestamp);
  return times;
}

TEST(TimestampExtractor, IsTheConfiguredOneWhereASourceHasNone) {
  EXPECT_THAT(by_default(DefaultTimestampExtractor::kLogAndSkip, at(-5)), ElementsAre(at(50)));
  EXPECT_THAT(by_default(DefaultTimestampExtractor::kUsePartitionTime, at(-5)), ElementsAre(at(50), at(50)));
  EXPECT_THAT(by_default(DefaultTimestampExtractor::kWallclock, at(3)), ElementsAre(at(1000), at(1000)));
  EXPECT_ANY_THROW(by_default(DefaultTimestampExtractor::kFail, at(-5)));
}

TEST(TimestampExtractor, OfRepartitionTopicsIsAlwaysTheRecordsOwn) {
  StreamsBuilder builder;
  builder.stream<std::string, Number>("in", {.timestamp = [](const Number& value) { return at(value); }})
      .repartition({.name = "r"})
      .to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(
      topology, {.start_time = at(1000), .default_timestamp_extractor = DefaultTimestampExtractor::kWallclock});
  driver.input<std::string, Number>("in").pipe("k", 7, at(3));
  EXPECT_EQ((driver.output<std::string, Number>("out").read_record().timestamp), at(7));
}

}  // namespace
}  // namespace levada
