// What a processor finds in its Context beside stores, clocks and punctuations.
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/dsl/streams_builder.h>
#include <levada/runtime/topology_test_driver.h>

#include "tests/support/temporary_directory.h"

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TemporaryDirectory;

using Text = std::string;

// Emits what the application is configured with under the key that is the value.
class Configured final : public FixedKeyProcessor<Text, Text, Text> {
 public:
  explicit Configured(Context& context)
      : all_(context.app_configs()), own_(context.app_configs_with_prefix("app.greeting.")) {}

  void process_value(const Record& record) override {
    const auto found = own_.find(record.value);
    emit(found == own_.end() ? all_.at(record.value) : found->second);
  }

 private:
  const std::map<Text, Text>& all_;
  const std::map<Text, Text> own_;
};

// Writes each value to a file, and emits what was there before.
class Filed final : public FixedKeyProcessor<Text, Text, Text> {
 public:
  explicit Filed(Context& context) : file_(context.state_dir() / "latest") {}

  void process_value(const Record& record) override {
    Text before;
    std::ifstream(file_) >> before;
    std::ofstream(file_) << record.value;
    emit(before);
  }

 private:
  const std::filesystem::path file_;
};

// Measures how long values are.
class Measured final : public FixedKeyProcessor<Text, Text, Text> {
 public:
  explicit Measured(Context& context) : lengths_(context.metrics().add_sensor("lengths")) {}

  void process_value(const Record& record) override {
    lengths_.record(static_cast<double>(record.value.size()));
    emit(record.value);
  }

 private:
  Sensor& lengths_;
};

template <class P>
Topology processed_by() {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in").process_values<P>().to("out");
  return builder.build().value();
}

std::vector<Text> results(TopologyTestDriver& driver) { return driver.output<Text, Text>("out").read_values(); }

TEST(Context, TellsTheConfiguration) {
  const Topology topology = processed_by<Configured>();
  TopologyTestDriver driver(topology, {.app_configs = {{"app.greeting.en", "hello"}, {"poll.ms", "100"}}});
  driver.input<Text, Text>("in").pipe("k", "en", Timestamp());
  driver.input<Text, Text>("in").pipe("k", "poll.ms", Timestamp());
  EXPECT_THAT(results(driver), ElementsAre("hello", "100"));
}

TEST(Context, HasADirectoryForFilesOfItsTask) {
  const TemporaryDirectory directory;
  const Topology topology = processed_by<Filed>();
  for (const Text value : {"one", "two"}) {
    TopologyTestDriver driver(topology, {.state_directory = directory.path()});
    driver.input<Text, Text>("in").pipe("k", value, Timestamp());
    EXPECT_THAT(results(driver), ElementsAre(value == "one" ? "" : "one"));
  }
}

TEST(Context, TakesNumbersOfTheApplicationsOwn) {
  const Topology topology = processed_by<Measured>();
  TopologyTestDriver driver(topology);
  EXPECT_EQ(driver.sensors().at("lengths").count, 0U);
  for (const Text value : {"a", "abc", "ab"}) driver.input<Text, Text>("in").pipe("k", value, Timestamp());
  const SensorTotals lengths = driver.sensors().at("lengths");
  EXPECT_EQ(lengths.count, 3U);
  EXPECT_EQ(lengths.sum, 6);
  EXPECT_EQ(lengths.max, 3);
}

TEST(Context, HasNoDirectoryWhereNothingIsOnDisk) {
  const Topology topology = processed_by<Filed>();
  try {
    TopologyTestDriver driver(topology);
    FAIL() << "a directory";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("task 0_0 keeps nothing on disk, so it has no state_dir"));
  }
}

}  // namespace
}  // namespace levada
