#include "tools/levada/plan.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/dsl/streams_builder.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Strings = KStream<std::string, std::string>;

Strings read(StreamsBuilder& builder, const std::string& topic = "in") {
  return builder.stream<std::string, std::string>(topic);
}

bool any(const std::string&) { return true; }
std::string same(const std::string& value) { return value; }
std::string last(const std::string&, const std::string& value) { return value; }

std::vector<std::string> lines(const SavedTopology& before, const SavedTopology& after) {
  std::vector<std::string> lines;
  for (const PlannedFate& fate : plan(before, after)) lines.push_back(to_line(fate));
  return lines;
}

std::vector<std::string> lines(const StreamsBuilder& before, const StreamsBuilder& after) {
  return lines(saved(*before.build()), saved(*after.build()));
}

StreamsBuilder count_by(const Materialized<std::string, std::int64_t>& options) {
  StreamsBuilder builder;
  read(builder).group_by_key().count(options).to_stream().to("out");
  return builder;
}

TEST(Plan, KeepsWhatHasTheSameName) {
  StreamsBuilder after;
  read(after).filter(any).group_by_key().count({.store = "counts"}).to_stream().to("out");
  EXPECT_THAT(lines(count_by({.store = "counts"}), after), ElementsAre("kept      store counts"));
}

TEST(Plan, FindsGeneratedNamesThatAStepInFrontChanges) {
  StreamsBuilder before;
  read(before).group_by_key().count().to_stream().to("out");
  StreamsBuilder after;
  read(after).filter(any).group_by_key().count().to_stream().to("out");
  EXPECT_THAT(lines(before, after), ElementsAre("renamed   store KSTREAM-AGGREGATE-STATE-STORE-0000000001: is called "
                                                "KSTREAM-AGGREGATE-STATE-STORE-0000000002 now, and begins empty"));
}

TEST(Plan, FindsANameThatWasGivenLater) {
  StreamsBuilder before;
  read(before).group_by_key().count().to_stream().to("out");
  EXPECT_THAT(lines(before, count_by({.store = "counts"})), ElementsAre(HasSubstr("is called counts now")));
}

TEST(Plan, FindsANumberThatAnotherStepHasNow) {
  StreamsBuilder before;
  read(before, "a").group_by_key().count().to_stream().to("counts");
  StreamsBuilder after;
  read(after, "b").group_by_key().count().to_stream().to("others");
  read(after, "a").group_by_key().count().to_stream().to("counts");
  EXPECT_THAT(lines(before, after), ElementsAre(HasSubstr("rebuilt   store KSTREAM-AGGREGATE-STATE-STORE-0000000001: "
                                                          "the number belongs to another step now"),
                                                HasSubstr("new       store")));
}

TEST(Plan, RebuildsAStoreOfAnotherKind) {
  StreamsBuilder after;
  read(after)
      .group_by_key()
      .windowed_by(TimeWindows::of(std::chrono::minutes(1)))
      .count({.store = "counts"})
      .to_stream()
      .to("out", {.key = time_windowed_serde<std::string>(std::chrono::minutes(1))});
  EXPECT_THAT(lines(count_by({.store = "counts"}), after),
              ElementsAre("rebuilt   store counts: was a timestamped key-value store, is a timestamped window store "
                          "now: what its changelog holds cannot be read"));
}

TEST(Plan, RebuildsAStoreWhoseTasksAreCalledOtherwise) {
  StreamsBuilder after;
  read(after, "first").to("somewhere");
  read(after).group_by_key().count({.store = "counts"}).to_stream().to("out");
  EXPECT_THAT(lines(count_by({.store = "counts"}), after),
              ElementsAre("rebuilt   store counts: its tasks are 1_* now, before 0_*: restored from its changelog"));
}

TEST(Plan, TellsOrphansAndWhatIsNew) {
  StreamsBuilder after;
  read(after, "other").group_by_key().reduce(last, {.store = "lasts"}).to_stream().to("elsewhere");
  EXPECT_THAT(lines(count_by({.store = "counts"}), after),
              ElementsAre("orphaned  store counts", "new       store lasts"));
}

StreamsBuilder repartitioned(const Repartitioned<std::string, std::string>& options) {
  StreamsBuilder builder;
  read(builder).select_key(same).repartition(options).to("out");
  return builder;
}

TEST(Plan, LooksAfterRepartitionTopics) {
  EXPECT_THAT(lines(repartitioned({.name = "r"}), repartitioned({.name = "r"})),
              ElementsAre("kept      repartition topic r-repartition"));
  EXPECT_THAT(lines(repartitioned({.name = "r"}), repartitioned({.name = "s"})),
              ElementsAre("renamed   repartition topic r-repartition: is called s-repartition now, and begins empty"));
  EXPECT_THAT(lines(repartitioned({.name = "r", .partitions = 3}), repartitioned({.name = "r", .partitions = 5})),
              ElementsAre("rebuilt   repartition topic r-repartition: its partitions were 3, are 5 now: it has to be "
                          "deleted first"));
}

TEST(Plan, ComparesWithWhatKafkaStreamsDescribes) {
  StreamsBuilder builder;
  read(builder).select_key(same).group_by_key().count({.store = "counts"}).to_stream().to("out");
  const Topology topology = *builder.build();
  const absl::StatusOr<SavedTopology> java = read_saved_topology(describe(topology));
  ASSERT_TRUE(java.ok()) << java.status();
  EXPECT_THAT(lines(*java, saved(topology)),
              ElementsAre("kept      store counts", "kept      repartition topic counts-repartition"));
}

}  // namespace
}  // namespace levada
