#include <chrono>
#include <optional>
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
using ::testing::IsEmpty;
using ::testing::Pair;

using std::chrono::seconds;

using Number = std::int64_t;
using Counts = KTable<std::string, Number>;
using WindowedCounts = KTable<Windowed<std::string>, Number>;

Timestamp at(std::int64_t s) { return Timestamp(seconds(s)); }

struct Driven {
  explicit Driven(Topology built) : topology(std::move(built)), driver(topology) {}

  void pipe(const std::string& key, std::int64_t s) {
    driver.input<std::string, std::string>("in").pipe(key, "x", at(s));
  }

  Topology topology;
  TopologyTestDriver driver;
};

template <class Suppress>
Topology counts(Suppress suppress) {
  StreamsBuilder builder;
  suppress(builder.stream<std::string, std::string>("in").group_by_key().count()).to_stream().to("out");
  return builder.build().value();
}

template <class Suppress>
Topology windowed_counts(Suppress suppress) {
  StreamsBuilder builder;
  suppress(builder.stream<std::string, std::string>("in")
               .group_by_key()
               .windowed_by(TimeWindows::of(seconds(10), {.grace = seconds(5)}))
               .count())
      .to_stream([](const Windowed<std::string>& key, Number) { return key.key; })
      .to("out");
  return builder.build().value();
}

std::vector<std::pair<std::string, Number>> results(Driven& run) {
  return run.driver.output<std::string, Number>("out").read_key_values();
}

TEST(Suppress, ShowsOneResultAWindowWhenItCloses) {
  Driven run(windowed_counts([](const WindowedCounts& table) {
    return table.suppress(Suppressed::until_window_closes(BufferConfig::unbounded()));
  }));
  run.pipe("a", 1);
  run.pipe("a", 2);
  run.pipe("b", 14);
  EXPECT_THAT(results(run), IsEmpty());
  run.pipe("b", 15);
  EXPECT_THAT(results(run), ElementsAre(Pair("a", 2)));
  EXPECT_EQ(run.driver.records("out").back().timestamp, at(2));
}

TEST(Suppress, ALateRecordWithinTheGraceStillCounts) {
  Driven run(windowed_counts([](const WindowedCounts& table) {
    return table.suppress(Suppressed::until_window_closes(BufferConfig::unbounded()));
  }));
  run.pipe("a", 1);
  run.pipe("b", 14);
  run.pipe("a", 9);
  run.pipe("b", 20);
  EXPECT_THAT(results(run), ElementsAre(Pair("a", 2)));
}

// The counts of "in" over windows of that kind, each when it closes.
template <class Windows>
Topology final_counts(const Windows& windows) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .group_by_key()
      .windowed_by(windows)
      .count()
      .suppress(Suppressed::until_window_closes(BufferConfig::unbounded()))
      .to_stream([](const Windowed<std::string>& key, const auto&) { return key.key; })
      .to("out");
  return builder.build().value();
}

// A session is closed when nothing can join it any more: its gap and its grace after its end.
TEST(Suppress, ShowsOneResultASessionWhenItCloses) {
  Driven run(final_counts(SessionWindows::of(seconds(10), {.grace = seconds(5)})));
  run.pipe("a", 1);
  run.pipe("a", 12);
  run.pipe("a", 6);
  run.pipe("b", 26);
  EXPECT_THAT(results(run), IsEmpty());
  run.pipe("b", 27);
  EXPECT_THAT(results(run), ElementsAre(Pair("a", 3)));
  EXPECT_EQ(run.driver.records("out").back().timestamp, at(12));
}

TEST(Suppress, ShowsOneResultASlidingWindowWhenItCloses) {
  Driven run(final_counts(SlidingWindows::of(seconds(10), {.grace = seconds(5)})));
  run.pipe("a", 20);
  run.pipe("a", 24);
  run.pipe("b", 24);
  EXPECT_THAT(results(run), IsEmpty());
  run.pipe("b", 25);  // [10, 20]
  EXPECT_THAT(results(run), ElementsAre(Pair("a", 1)));
  run.pipe("b", 30);  // [14, 24] of both, and [15, 25]
  EXPECT_THAT(results(run), ElementsAre(Pair("a", 1), Pair("a", 2), Pair("b", 1), Pair("b", 2)));
}

TEST(Suppress, WaitsFromTheFirstChangeOn) {
  Driven run(counts([](const Counts& table) {
    return table.suppress(Suppressed::until_time_limit(seconds(10), BufferConfig::unbounded()));
  }));
  run.pipe("a", 0);
  run.pipe("a", 9);
  run.pipe("b", 9);
  EXPECT_THAT(results(run), IsEmpty());
  run.pipe("c", 10);
  EXPECT_THAT(results(run), ElementsAre(Pair("a", 2)));
}

TEST(Suppress, EmitsEarlyWhenThereAreTooManyRecords) {
  Driven run(counts([](const Counts& table) {
    return table.suppress(Suppressed::until_time_limit(seconds(100), BufferConfig::max_records(2)));
  }));
  run.pipe("a", 2);
  run.pipe("b", 1);
  EXPECT_THAT(results(run), IsEmpty());
  run.pipe("c", 3);
  EXPECT_THAT(results(run), ElementsAre(Pair("b", 1)));
}

TEST(Suppress, EmitsEarlyWhenThereAreTooManyBytes) {
  Driven run(counts([](const Counts& table) {
    return table.suppress(Suppressed::until_time_limit(seconds(100), BufferConfig::max_bytes(100)));
  }));
  for (int i = 0; i < 4; ++i) run.pipe(std::string(1, static_cast<char>('a' + i)), i);
  EXPECT_THAT(results(run), ElementsAre(Pair("a", 1), Pair("b", 1)));
}

TEST(Suppress, ShutsDownWhenFull) {
  Driven run(windowed_counts([](const WindowedCounts& table) {
    return table.suppress(Suppressed::until_window_closes(BufferConfig::max_records(1).shut_down_when_full()));
  }));
  run.pipe("a", 1);
  try {
    run.pipe("b", 1);
    FAIL() << "nothing was thrown";
  } catch (const std::exception& error) {
    EXPECT_THAT(error.what(), HasSubstr("the buffer exceeds its limits: 2 of 1 records"));
  }
}

TEST(Suppress, CanDoWithoutAChangelog) {
  const Topology topology = counts([](const Counts& table) {
    return table.suppress(
        Suppressed::until_time_limit(seconds(1), BufferConfig::unbounded().with_logging_disabled(), {.name = "sup"}));
  });
  EXPECT_FALSE(topology.find_store("sup-store")->logging);
}

TEST(Suppress, FinalResultsNeedWindowsAbove) {
  StreamsBuilder builder;
  const auto plain = builder.stream<Windowed<std::string>, std::string>("in").group_by_key().count();
  plain.suppress(Suppressed::until_window_closes(BufferConfig::unbounded(), {.name = "sup"})).to_stream().to("out");
  EXPECT_THAT(builder.build().status().message(),
              HasSubstr("sup: until_window_closes needs a table that is aggregated over windows"));
}

// describe() lists them in the order of a hash set, where those of one bucket stand as they came.
TEST(Suppress, ItsViewNamesTheBufferBeforeTheStoresAbove) {
  StreamsBuilder builder;
  const auto table = builder.table<std::string, std::string>("t");
  const auto suppressed = table.suppress(Suppressed::until_time_limit(seconds(1), BufferConfig::unbounded()));
  EXPECT_THAT(suppressed.point().view().stores,
              ElementsAre("KTABLE-SUPPRESS-STATE-STORE-0000000004", "t-STATE-STORE-0000000000"));
}

TEST(Suppress, ANegativeWaitIsAMistake) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .group_by_key()
      .count()
      .suppress(Suppressed::until_time_limit(seconds(-1), BufferConfig::unbounded()))
      .to_stream()
      .to("out");
  EXPECT_THAT(builder.build().status().message(), HasSubstr("cannot wait for a negative time"));
}

}  // namespace
}  // namespace levada
