// Combiners in a running thread: several partitions, commits after few records and after many, and tasks that are lost
// with what they had combined. The test runs the thread round by round; its clock stands still in between.
#include <functional>
#include <map>
#include <optional>
#include <ostream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>
#include <levada/runtime/app_setup.h>
#include <levada/runtime/stream_thread.h>

namespace levada {
namespace {

using namespace std::chrono_literals;

constexpr Partition kPartitions = 4;
constexpr int kRecords = 2400;  // one a second of event time
constexpr int kKeys = 5;
constexpr std::size_t kRecordsPerRound = 50;
constexpr Duration kRound = 10ms;
constexpr Duration kOften = kRound;
constexpr Duration kNever = 24h;  // only when all input is read

using Stream = KStream<std::string, std::int64_t>;
using GroupedNumbers = KGroupedStream<std::string, std::int64_t>;
using Build = std::function<void(const GroupedNumbers&)>;
using Rows = std::map<Bytes, NullableBytes>;

Topology topology(const Build& build, bool combining) {
  StreamsBuilder builder;
  build(builder.stream<std::string, std::int64_t>("in").group_by(
      [](std::int64_t number) { return "k" + std::to_string(number % kKeys); }, {.name = "g", .combining = combining}));
  return builder.build().value();
}

Partition by_turns(int record) { return record % kPartitions; }

// One application from its start, on a cluster of its own.
class Application {
 public:
  Application(Topology topology, Duration commit_interval, Partition (*place)(int) = by_turns)
      : topology_(std::move(topology)) {
    EXPECT_TRUE(
        admin_->create_topics({{.name = "in", .partitions = kPartitions}, {.name = "out", .partitions = 1}}, 1s).ok());
    StreamsConfig config;
    config.set("application.id", "app");
    config.set("bootstrap.servers", "embedded");
    config.set("commit.interval.ms", std::to_string(commit_interval.count()));
    plan_ = internal::prepare_topics(topology_, config, *admin_, {}, Logger()).value();
    StreamThreadSettings settings = internal::thread_settings(config, budget_, 1);
    settings.max_poll_records = kRecordsPerRound;
    settings.commit_when_idle = true;
    settings.tasks.directory.reset();  // in memory
    thread_ = StreamThread::create(
                  settings, {.plan = *plan_, .cluster = cluster_, .budget = budget_, .clock = clock_, .log = Logger()})
                  .value();
    EXPECT_TRUE(thread_->join().ok());
    send_all(place);
  }

  void round() {
    clock_.advance(kRound);
    const absl::Status status = thread_->run_once();
    ASSERT_TRUE(status.ok()) << status;
  }
  void run_until(const std::function<bool()>& condition) {
    for (int i = 0; i < 20'000; ++i) {
      if (condition()) return;
      ASSERT_NO_FATAL_FAILURE(round());
    }
    FAIL() << "waited in vain";
  }
  void run_to_the_end() {
    run_until([this] { return committed("in", kPartitions) == kRecords && repartition_is_done(); });
  }
  // As long as the group does not hear of the thread, its tasks are taken away.
  void sleep(Duration time) { clock_.advance(time); }

  std::uint64_t processed() const { return thread_->metrics().processed.load(); }
  std::uint64_t dropped() const { return thread_->dropped().total(); }
  Offset repartitioned() { return end("app-g-repartition", kPartitions); }

  // The last value of each key in "out".
  Rows results() {
    struct Reader final : RecordHandler {
      void on_record(std::size_t, const LogRecord& record) override {
        rows[Bytes(*record.key)] = record.value ? NullableBytes(*record.value) : std::nullopt;
      }
      void on_end_of_partition(std::size_t, Offset) override { ended = true; }
      Rows rows = {};
      bool ended = false;
    } reader;
    auto consumer = cluster_.consumer({}).value();
    EXPECT_TRUE(consumer->assign({{.partition = {"out", 0}}}).ok());
    while (!reader.ended) EXPECT_TRUE(consumer->poll(0ms, 1000, reader).ok());
    return reader.rows;
  }

 private:
  void send_all(Partition (*place)(int)) {
    auto producer = cluster_.producer({}).value();
    const TopicHandle in = producer->topic("in", 1s).value();
    for (int i = 0; i < kRecords; ++i) {
      Bytes value;
      Serde<std::int64_t>().encode(i, value);
      ASSERT_TRUE(
          producer->send({.topic = in, .partition = place(i), .key = "k", .value = value, .timestamp = start_ + i * 1s})
              .ok());
    }
    ASSERT_TRUE(producer->flush(1s).ok());
  }

  Offset end(const std::string& topic, Partition partitions) {
    Offset sum = 0;
    for (Partition p = 0; p < partitions; ++p) sum += admin_->offsets({topic, p}, 1s)->end;
    return sum;
  }
  Offset committed(const std::string& topic, Partition partitions) {
    Offset sum = 0;
    for (Partition p = 0; p < partitions; ++p) {
      sum += std::max<Offset>(0, admin_->committed("app", {{topic, p}}, 1s)->front().offset);
    }
    return sum;
  }
  bool repartition_is_done() { return committed("app-g-repartition", kPartitions) == repartitioned(); }

  ManualClock clock_{Timestamp(1'000'000s)};
  const Timestamp start_ = clock_.now();
  EmbeddedCluster cluster_{clock_};
  MemoryBudget budget_{64 << 20};
  std::unique_ptr<Admin> admin_ = cluster_.admin({}).value();
  const Topology topology_;
  std::optional<ApplicationPlan> plan_ = std::nullopt;
  std::unique_ptr<StreamThread> thread_ = nullptr;
};

struct Case {
  std::string name;
  Build build;

  friend void PrintTo(const Case& tested, std::ostream* out) { *out << tested.name; }
};

void windowed_count(const GroupedNumbers& grouped, const TimeWindows& windows) {
  grouped.windowed_by(windows).count({.store = "s"}).to_stream().to("out");
}

const TimeWindows kTumbling = TimeWindows::of(10min);  // no grace
const TimeWindows kHopping = TimeWindows::of(10min, {.grace = 1min}).advance_by(4min);

std::vector<Case> cases() {
  return {{"Count", [](const GroupedNumbers& grouped) { grouped.count({.store = "s"}).to_stream().to("out"); }},
          {"Reduce",
           [](const GroupedNumbers& grouped) {
             grouped.reduce([](std::int64_t a, std::int64_t b) { return a + b; }).to_stream().to("out");
           }},
          {"Aggregate",
           [](const GroupedNumbers& grouped) {
             grouped
                 .aggregate([] { return std::string(); },
                            [](const std::string& so_far, std::int64_t) { return so_far + "|"; },
                            [](const std::string& a, const std::string& b) { return a + b; })
                 .to_stream()
                 .to("out");
           }},
          {"Tumbling", [](const GroupedNumbers& grouped) { windowed_count(grouped, kTumbling); }},
          {"Hopping", [](const GroupedNumbers& grouped) { windowed_count(grouped, kHopping); }}};
}

class Combiners : public ::testing::TestWithParam<Case> {};

INSTANTIATE_TEST_SUITE_P(Aggregations, Combiners, ::testing::ValuesIn(cases()),
                         [](const auto& tested) { return tested.param.name; });

TEST_P(Combiners, GiveTheSameResultsWithFewerRecordsWheneverCommitted) {
  Application plain(topology(GetParam().build, false), kOften);
  plain.run_to_the_end();
  EXPECT_EQ(plain.repartitioned(), kRecords);
  EXPECT_EQ(plain.dropped(), 0);
  Offset more_often = kRecords;
  for (const Duration interval : {kOften, 4 * kRound, kNever}) {
    Application combining(topology(GetParam().build, true), interval);
    combining.run_to_the_end();
    EXPECT_EQ(combining.results(), plain.results());
    EXPECT_EQ(combining.dropped(), 0);
    EXPECT_LT(combining.repartitioned(), more_often);
    more_often = combining.repartitioned();
  }
}

TEST_P(Combiners, LoseAndRepeatNothingWithATask) {
  Application undisturbed(topology(GetParam().build, true), kNever);
  undisturbed.run_to_the_end();
  Application lost(topology(GetParam().build, true), kNever);
  lost.run_until([&] { return lost.processed() > kRecordsPerRound; });
  const auto processed = lost.processed();
  EXPECT_EQ(lost.repartitioned(), 0);
  lost.sleep(10min);
  lost.run_to_the_end();
  EXPECT_GT(lost.processed(), processed + kRecords);  // what was combined is done again
  EXPECT_EQ(lost.results(), undisturbed.results());
  EXPECT_EQ(lost.repartitioned(), undisturbed.repartitioned());
}

// What that has combined is old when its next record comes.
Partition hardly_in_the_last(int record) { return record % 400 == 0 ? kPartitions - 1 : record % (kPartitions - 1); }

// Far more event time in an interval than a store keeps windows for, which forgets them on the dot. Each partition's
// share of a window comes by itself.
TEST(CombinersOfShortWindows, FindThemOpen) {
  for (const TimeWindows& windows : {TimeWindows::of(20s), TimeWindows::of(20s).advance_by(6s)}) {
    for (Partition (*place)(int) : {&by_turns, &hardly_in_the_last}) {
      const auto count = [&](const GroupedNumbers& grouped) {
        grouped.windowed_by(windows).count({.engine = StoreEngine::kInMemory}).to_stream().to("out");
      };
      Application plain(topology(count, false), kOften, place);
      plain.run_to_the_end();
      for (const Duration interval : {kOften, kNever}) {
        Application combining(topology(count, true), interval, place);
        combining.run_to_the_end();
        EXPECT_EQ(combining.dropped(), 0);
        EXPECT_EQ(combining.results(), plain.results());
      }
    }
  }
}

}  // namespace
}  // namespace levada
