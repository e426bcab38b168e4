// What becomes of records that fail: Kafka Streams' recorded cases are in tests/conformance/dead_letters_test.cc.
#include <cstdint>
#include <optional>
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

constexpr auto kContinue = ExceptionHandler::kLogAndContinue;

Timestamp at(std::int64_t ms) { return Timestamp(Duration(ms)); }

struct NotAnException {};

std::string checked(const std::string& value) {
  if (value == "bad") throw std::invalid_argument("no such thing");
  if (value == "odd") throw NotAnException();
  return value;
}

// Two branches, of which one fails; the flat map above emits a word at a time.
Topology words() {
  StreamsBuilder builder;
  const auto words = builder.stream<std::string, std::string>("in").flat_map_values([](const std::string& line) {
    std::vector<std::string> found;
    for (std::size_t begin = 0; begin < line.size(); begin += 4) found.push_back(line.substr(begin, 3));
    return found;
  });
  words.map_values(checked, {.name = "check"}).to("checked");
  words.to("all");
  return *builder.build();
}

std::string failure_of(TopologyTestDriver& driver, const std::string& value) {
  try {
    driver.input<std::string, std::string>("in").pipe("k", value, at(5), {{"h", "1"}});
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

std::optional<std::string> header(const TestBytes& record, std::string_view name) {
  for (const Header& each : record.headers) {
    if (each.key == name) return each.value;
  }
  return std::nullopt;
}

TEST(ExceptionHandlers, ContinuingLeavesOutOnlyWhatFailed) {
  const Topology topology = words();
  TopologyTestDriver driver(topology, {.errors = {.processing = kContinue}});
  driver.input<std::string, std::string>("in").pipe("k", "one bad two", at(5));
  EXPECT_THAT((driver.output<std::string, std::string>("checked").read_values()), ElementsAre("one", "two"));
  EXPECT_THAT((driver.output<std::string, std::string>("all").read_values()), ElementsAre("one", "bad", "two"));
  EXPECT_EQ(driver.dropped_records(DropReason::kProcessing), 1U);
}

TEST(ExceptionHandlers, WhatIsNoStdExceptionFailsWithItsType) {
  const Topology topology = words();
  TopologyTestDriver driver(topology);
  EXPECT_THAT(failure_of(driver, "odd"),
              HasSubstr("in-0 offset 0: check: levada::(anonymous namespace)::NotAnException"));
  EXPECT_EQ(driver.dropped_records(), 0U);
}

TEST(ExceptionHandlers, WhatIsNoStdExceptionCanBeLeftOutToo) {
  const Topology topology = words();
  TopologyTestDriver driver(topology, {.errors = {.processing = kContinue, .dead_letter_topic = "dead"}});
  EXPECT_EQ(failure_of(driver, "odd one"), "");
  EXPECT_THAT((driver.output<std::string, std::string>("checked").read_values()), ElementsAre("one"));
  const TestBytes letter = driver.records("dead").at(0);
  EXPECT_EQ(header(letter, kExceptionHeader), "levada::(anonymous namespace)::NotAnException");
  EXPECT_EQ(header(letter, kMessageHeader), std::nullopt);
  EXPECT_EQ(letter.value, "odd one");
}

TEST(ExceptionHandlers, ALetterTellsWhereAndWhy) {
  const Topology topology = words();
  TopologyTestDriver driver(topology, {.errors = {.processing = kContinue, .dead_letter_topic = "dead"}});
  EXPECT_EQ(failure_of(driver, "bad"), "");
  const TestBytes letter = driver.records("dead").at(0);
  EXPECT_EQ(header(letter, kExceptionHeader), "std::invalid_argument");
  EXPECT_EQ(header(letter, kMessageHeader), "no such thing");
  EXPECT_EQ(header(letter, kStackTraceHeader), "std::invalid_argument: no such thing\n\tat check (task 0_0)\n");
}

TEST(ExceptionHandlers, AHandlerOfTheApplicationSeesAllThereIsToKnow) {
  std::vector<std::string> seen;
  ErrorPolicy errors;
  errors.handlers.processing = [&seen](const ErrorHandlerContext& where, const AnyRecord* record,
                                       const ErrorDetails& error) {
    seen = {std::string(where.topic),
            std::to_string(where.partition),
            std::to_string(where.offset),
            where.headers.at(0).key,
            std::string(where.processor_node_id),
            std::string(where.task_id),
            std::to_string(where.timestamp.time_since_epoch().count()),
            std::string(where.source_raw_key.value()),
            std::string(where.source_raw_value.value()),
            *record->value<std::string>(),
            error.type,
            error.message.value()};
    return ErrorResponse::resume({dead_letter("mine", where, error)});
  };
  const Topology topology = words();
  TopologyTestDriver driver(topology, {.errors = errors});
  EXPECT_EQ(failure_of(driver, "one bad"), "");
  EXPECT_THAT(seen, ElementsAre("in", "0", "0", "h", "check", "0_0", "5", "k", "one bad", "bad",
                                "std::invalid_argument", "no such thing"));
  EXPECT_EQ(driver.records("mine").size(), 1U);
}

TEST(ExceptionHandlers, AHandlerThatThrowsIsAnErrorOfTheTask) {
  ErrorPolicy errors;
  errors.handlers.processing = [](const ErrorHandlerContext&, const AnyRecord*, const ErrorDetails&) -> ErrorResponse {
    throw std::runtime_error("lost for words");
  };
  const Topology topology = words();
  TopologyTestDriver driver(topology, {.errors = errors});
  EXPECT_THAT(failure_of(driver, "bad"), HasSubstr("check: an exception handler failed: lost for words"));
}

TEST(ExceptionHandlers, AHandlerMaySendLettersAndFail) {
  ErrorPolicy errors;
  errors.handlers.processing = [](const ErrorHandlerContext& where, const AnyRecord*, const ErrorDetails& error) {
    return ErrorResponse::fail({dead_letter("mine", where, error)});
  };
  const Topology topology = words();
  TopologyTestDriver driver(topology, {.errors = errors});
  EXPECT_THAT(failure_of(driver, "bad"), HasSubstr("no such thing"));
}

Topology numbers(Serde<std::int64_t> value = {}) {
  StreamsBuilder builder;
  builder.stream<std::string, std::int64_t>("in", {.name = "source", .value = std::move(value)}).to("out");
  return *builder.build();
}

TEST(ExceptionHandlers, ARecordThatCannotBeReadIsCountedOnlyIfItIsSkipped) {
  const Topology topology = numbers();
  TopologyTestDriver failing(topology);
  EXPECT_THAT(failure_of(failing, "x"), HasSubstr("in-0 offset 0"));
  EXPECT_EQ(failing.dropped_records(), 0U);
  TopologyTestDriver skipping(topology, {.errors = {.deserialization = kContinue}});
  EXPECT_EQ(failure_of(skipping, "x"), "");
  EXPECT_EQ(skipping.dropped_records(DropReason::kDeserialization), 1U);
}

TEST(ExceptionHandlers, ASerdeMayThrowWhatItLikes) {
  const Topology topology = numbers(
      Serde<std::int64_t>([](std::int64_t, Bytes&) {}, [](BytesView) -> std::int64_t { throw NotAnException(); }));
  TopologyTestDriver driver(topology, {.errors = {.deserialization = kContinue}});
  EXPECT_EQ(failure_of(driver, "x"), "");
  EXPECT_EQ(driver.dropped_records(DropReason::kDeserialization), 1U);
}

TEST(ExceptionHandlers, AHandlerSeesTheBytesThatCannotBeRead) {
  std::string seen;
  ErrorPolicy errors;
  errors.handlers.deserialization = [&seen](const ErrorHandlerContext& where, const RawRecord& record,
                                            const ErrorDetails& error) {
    seen = std::string(where.processor_node_id) + " " + std::string(*record.value) + " " + error.type;
    return ErrorResponse::resume({dead_letter("mine", where, error)});
  };
  const Topology topology = numbers();
  TopologyTestDriver driver(topology, {.errors = errors});
  EXPECT_EQ(failure_of(driver, "x"), "");
  EXPECT_EQ(seen, "source x levada::SerdeError");
  EXPECT_EQ(driver.records("mine").at(0).value, "x");
}

// Writes everything but "bad".
Topology choosy() {
  const Serde<std::string> choosy([](const std::string& value, Bytes& out) { out += checked(value); },
                                  [](BytesView bytes) { return std::string(bytes); });
  StreamsBuilder builder;
  const auto in = builder.stream<std::string, std::string>("in");
  in.to("out", {.name = "sink", .value = choosy});
  in.to("all");
  return *builder.build();
}

TEST(ExceptionHandlers, WhatCannotBeEncodedIsLeftOut) {
  const Topology topology = choosy();
  TopologyTestDriver driver(topology, {.errors = {.production = kContinue, .dead_letter_topic = "dead"}});
  EXPECT_EQ(failure_of(driver, "bad"), "");
  EXPECT_EQ(failure_of(driver, "one"), "");
  EXPECT_THAT((driver.output<std::string, std::string>("out").read_values()), ElementsAre("one"));
  EXPECT_THAT((driver.output<std::string, std::string>("all").read_values()), ElementsAre("bad", "one"));
  EXPECT_EQ(driver.dropped_records(DropReason::kProduction), 1U);
  EXPECT_EQ(driver.records("dead").at(0).value, "bad");
}

TEST(ExceptionHandlers, TheProcessingHandlerDoesNotDecideAboutOutput) {
  const Topology topology = choosy();
  TopologyTestDriver driver(topology, {.errors = {.processing = kContinue}});
  EXPECT_THAT(failure_of(driver, "bad"), HasSubstr("sink: no such thing"));
}

TEST(ExceptionHandlers, AProductionHandlerIsToldTheTopicAndTheStep) {
  std::string seen;
  ErrorPolicy errors;
  errors.handlers.production = [&seen](const ErrorHandlerContext& where, const FailedOutput& output,
                                       const ErrorDetails&) {
    seen = std::string(where.processor_node_id) + " " + std::string(output.topic);
    return output.step == OutputStep::kValue ? ErrorResponse::resume() : ErrorResponse::fail();
  };
  const Topology topology = choosy();
  TopologyTestDriver driver(topology, {.errors = errors});
  EXPECT_EQ(failure_of(driver, "bad"), "");
  EXPECT_EQ(seen, "sink out");
}

class Timer final : public Processor<std::string, std::string, std::string, std::string> {
 public:
  explicit Timer(Context& context) {
    context.schedule(Duration(10), PunctuationType::kWallClockTime, [](Timestamp) { throw NotAnException(); });
  }
  void process(const Record&) override {}
};

TEST(ExceptionHandlers, APunctuationHasNoRecordButANode) {
  std::string seen;
  ErrorPolicy errors;
  errors.handlers.processing = [&seen](const ErrorHandlerContext& where, const AnyRecord* record, const ErrorDetails&) {
    seen = std::string(where.processor_node_id) + (record == nullptr ? " without a record" : "");
    return ErrorResponse::resume();
  };
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in").process<Timer>(Named{"timer"});
  const Topology topology = *builder.build();
  TopologyTestDriver driver(topology, {.errors = errors});
  driver.advance_wall_clock_time(Duration(10));
  EXPECT_EQ(seen, "timer without a record");
  EXPECT_EQ(driver.dropped_records(DropReason::kProcessing), 1U);
}

}  // namespace
}  // namespace levada
