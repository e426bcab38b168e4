#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/uuid.h>
#include <levada/runtime/kafka_cluster.h>

#include "examples/order_generator.h"
#include "examples/order_results.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/places.h"

namespace examples {
namespace {

using ::testing::HasSubstr;

struct Outcome {
  std::string output;  // of stdout
  int exit_code = 0;

  std::string last_line() const {
    std::istringstream lines(output);
    std::string last;
    for (std::string line; std::getline(lines, line);) last = line;
    return last;
  }
};

Outcome run(const std::string& program_and_arguments) {
  const std::string command = (levada::built_programs() / program_and_arguments).string();
  Outcome result;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  char buffer[4096];
  while (const std::size_t size = std::fread(buffer, 1, sizeof buffer, pipe)) result.output.append(buffer, size);
  result.exit_code = pclose(pipe);
  return result;
}

TEST(Demo, TotalsEqualWhatWasProduced) {
  const Outcome demo = run("demo --seconds 3");
  EXPECT_EQ(demo.exit_code, 0) << demo.output;
  EXPECT_THAT(demo.last_line(), HasSubstr("totals equal what was produced"));
}

TEST(OrderAnalytics, SaysWhichSettingIsWrong) {
  const Outcome wrong = run("order_analytics --set num.stream.thread=2 2>&1");
  EXPECT_NE(wrong.exit_code, 0);
  EXPECT_THAT(wrong.output, HasSubstr("num.stream.threads"));
}

class Programs : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!levada::testing::shared_broker()) GTEST_SKIP() << "no broker: run with ctest";
    bootstrap_ = *levada::testing::shared_broker();
    cluster_ = value_or_throw(levada::KafkaCluster::create({{"bootstrap.servers", bootstrap_}}));
    admin_ = value_or_throw(cluster_->admin({}));
  }
  void TearDown() override { std::filesystem::remove_all(state_dir_); }

  OrderTotals produce(const std::string& arguments) {
    const Outcome producer = run(absl::StrCat("order_producer --bootstrap-servers ", bootstrap_, " --topic ", input_,
                                              " --partitions 4 ", arguments));
    EXPECT_EQ(producer.exit_code, 0);
    return levada::from_json<OrderTotals>(producer.last_line());
  }

  // To the end of the input.
  Outcome run_app(const std::string& program, const std::string& arguments) const {
    return run(absl::StrCat(program, " --bootstrap-servers ", bootstrap_, " --application-id ", name_, " --input ",
                            input_, " --state-dir ", state_dir_.string(), " --stop-at-end ", arguments));
  }

  std::unique_ptr<levada::Consumer> consumer() {
    return value_or_throw(cluster_->consumer({{"group.id", name_ + "-test"}}));
  }

  static std::string unique_name() {
    std::random_device device;
    return fmt::format("examples-{:08x}", device());
  }

  const std::string name_ = unique_name();
  const std::string input_ = name_ + "-events";
  const std::string counts_ = name_ + "-counts";
  const std::string revenue_ = name_ + "-revenue";
  const std::string dead_letters_ = name_ + "-dead";
  const std::filesystem::path state_dir_ = std::filesystem::temp_directory_path() / name_;
  std::string bootstrap_;
  std::unique_ptr<levada::Cluster> cluster_;
  std::unique_ptr<levada::Admin> admin_;
};

TEST_F(Programs, AnalyticsFindWhatTheProducerSaysItProduced) {
  const OrderTotals truth = produce("--count 20000 --late 0.05 --broken 0.01");

  const Outcome analytics =
      run_app("order_analytics", absl::StrCat("--grace 36500d --report --set num.stream.threads=2 ", "--counts ",
                                              counts_, " --revenue ", revenue_));
  ASSERT_EQ(analytics.exit_code, 0);

  const auto reader = consumer();
  const OrderTotals results = OrderResults::read_to_end(*reader, *admin_, counts_, revenue_);
  EXPECT_EQ(results.created, truth.created);
  EXPECT_TRUE(same_totals(results, truth));
  EXPECT_THAT(analytics.last_line(), HasSubstr("\"records\":"));
}

TEST_F(Programs, ProducerSendsTheEventsOfAFile) {
  const std::filesystem::path file = std::filesystem::temp_directory_path() / (name_ + ".jsonl");
  std::ofstream(file) << R"({"type":"OrderCreated","orderId":"a","timestamp":"2026-01-01T00:10:00Z"})" << '\n'
                      << R"({"type":"PaymentProcessed","orderId":"a","data":{"amount":2.5},)"
                      << R"("timestamp":"2026-01-01T01:10:00Z"})" << '\n'
                      << "no event\n";
  const OrderTotals sent = produce("--file " + file.string());
  std::filesystem::remove(file);
  EXPECT_EQ(sent.events, 3u);
  EXPECT_EQ(sent.broken, 1u);

  const Outcome analytics =
      run_app("order_analytics", absl::StrCat("--grace 36500d --counts ", counts_, " --revenue ", revenue_));
  ASSERT_EQ(analytics.exit_code, 0);
  const auto reader = consumer();
  const OrderTotals results = OrderResults::read_to_end(*reader, *admin_, counts_, revenue_);
  EXPECT_EQ(results.created, (std::map<std::string, std::int64_t>{{"2026-01-01T00", 1}}));
  EXPECT_EQ(results.revenue, (std::map<std::string, double>{{"2026-01-01T01", 2.5}}));
}

// The dead letters of a topic, with what their headers say.
class DeadLetters final : private levada::RecordHandler {
 public:
  struct Letter {
    std::string value;
    std::map<std::string, std::string> headers = {};
  };

  static std::vector<Letter> read(levada::Consumer& consumer, const std::string& topic) {
    DeadLetters letters;
    std::vector<levada::Assignment> all;
    for (levada::Partition p = 0; p < 4; ++p) all.push_back({.partition = {topic, p}});
    throw_on(consumer.assign(all));
    while (letters.ends_ < all.size()) throw_on(consumer.poll(std::chrono::milliseconds(100), 1000, letters));
    return letters.letters_;
  }

 private:
  void on_record(std::size_t, const levada::LogRecord& record) override {
    Letter letter = {.value = std::string(record.value.value_or(""))};
    for (const levada::Header& header : record.headers) letter.headers[header.key] = header.value.value_or("");
    letters_.push_back(std::move(letter));
  }
  void on_end_of_partition(std::size_t, levada::Offset) override { ++ends_; }

  std::vector<Letter> letters_;
  std::size_t ends_ = 0;
};

TEST_F(Programs, ProcessorSendsWhatItCannotHandleToTheDeadLetters) {
  const OrderTotals truth = produce("--count 300 --broken 0.1");

  const Outcome processor = run_app("order_processor", "--flaky 10 --dead-letters " + dead_letters_);
  ASSERT_EQ(processor.exit_code, 0);
  EXPECT_THAT(processor.last_line(), HasSubstr(absl::StrCat("\"deadLetters\":", truth.broken)));

  const auto reader = consumer();
  const auto letters = DeadLetters::read(*reader, dead_letters_);
  ASSERT_EQ(letters.size(), truth.broken);
  for (const DeadLetters::Letter& letter : letters) {
    EXPECT_FALSE(letter.value.empty());
    EXPECT_EQ(letter.headers.at("topic"), input_);
    EXPECT_FALSE(letter.headers.at("error").empty());
    EXPECT_TRUE(letter.headers.contains("partition") && letter.headers.contains("offset"));
    EXPECT_TRUE(letter.headers.contains("correlation-id"));
  }
}

TEST(OrderGenerator, SameSeedSameEvents) {
  OrderGenerator one({.seed = 7, .late_share = 0.1, .broken_share = 0.1});
  OrderGenerator other({.seed = 7, .late_share = 0.1, .broken_share = 0.1});
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(one.next().value, other.next().value);
  EXPECT_GT(one.totals().late, 50);
  EXPECT_GT(one.totals().broken, 50);
}

TEST(OrderEvent, PaymentNeedsAnAmount) {
  EXPECT_THROW(read_order_event(R"({"type":"PaymentProcessed","orderId":"o","timestamp":"2026-01-01T00:00:00Z"})"),
               levada::SerdeError);
  EXPECT_NO_THROW(read_order_event(R"({"type":"OrderShipped","orderId":"o","timestamp":"2026-01-01T00:00:00Z"})"));
}

}  // namespace
}  // namespace examples
