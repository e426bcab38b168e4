#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/log.h>
#include <levada/core/log_text.h>

namespace levada {
namespace {

using testing::ElementsAre;

class TextLines final : public LogSink {
 public:
  void write(const LogEvent& event) override {
    std::string line(log_level_name(event.level));
    line += ' ';
    append_log_text(event, line);
    lines.push_back(line);
  }
  std::vector<std::string> lines = {};
};

std::string json(std::string_view message, std::initializer_list<LogField> fields) {
  std::string out = "{";
  append_log_json_members({.level = LogLevel::kWarn, .message = message, .fields = fields}, out);
  return out + "}";
}

TEST(Logger, IsSilentWithoutASink) {
  const Logger log;
  EXPECT_FALSE(log.enabled(LogLevel::kError));
  log.error("nobody hears this");
  log.log(LogLevel::kOff, "nor this");
}

TEST(Logger, WritesFieldsOfEveryType) {
  TextLines sink;
  const Logger log(sink, LogLevel::kTrace);
  const std::string topic = "orders";
  log.warn("record skipped", {{"topic", topic},
                              {"partition", 3},
                              {"offset", std::int64_t{17}},
                              {"size", std::size_t{12}},
                              {"share", 0.5},
                              {"late", true},
                              {"reason", "null key"}});
  EXPECT_THAT(sink.lines,
              ElementsAre("warn record skipped topic=orders partition=3 offset=17 size=12 share=0.5 late=true "
                          "reason=\"null key\""));
}

TEST(Logger, KeepsQuietBelowItsLevel) {
  TextLines sink;
  const Logger log(sink, LogLevel::kWarn);
  log.info("no");
  log.warn("yes");
  log.error("yes too");
  EXPECT_THAT(sink.lines, ElementsAre("warn yes", "error yes too"));
}

TEST(Logger, CarriesItsOwnFieldsInFrontOfTheEvents) {
  TextLines sink;
  const Logger log(sink, LogLevel::kInfo);
  const Logger task = log.with({{"thread", 1}}).with({{"task", std::string("0_3")}});
  task.info("restored", {{"records", 5}});
  log.info("plain");
  EXPECT_THAT(sink.lines, ElementsAre("info restored thread=1 task=0_3 records=5", "info plain"));
}

TEST(LogLevel, NamesGoBothWays) {
  for (const char* name : {"trace", "debug", "info", "warn", "error", "off"}) {
    ASSERT_TRUE(parse_log_level(name).has_value()) << name;
    EXPECT_EQ(log_level_name(*parse_log_level(name)), name);
  }
  EXPECT_EQ(parse_log_level("loud"), std::nullopt);
}

TEST(LogText, StaysOnOneLine) {
  std::string out;
  const LogField field{"error", "first\nsecond \"quoted\""};
  append_log_text({.level = LogLevel::kInfo, .message = "two\nlines", .fields = {&field, 1}}, out);
  EXPECT_EQ(out, "two\\nlines error=\"first\\nsecond \\\"quoted\\\"\"");
}

TEST(LogText, QuotesAnEmptyValue) {
  std::string out;
  const LogField field{"key", ""};
  append_log_text({.level = LogLevel::kInfo, .message = "m", .fields = {&field, 1}}, out);
  EXPECT_EQ(out, "m key=\"\"");
}

TEST(LogJson, KeepsNumbersAndEscapesText) {
  EXPECT_EQ(json("a \"b\"\n", {{"n", -1}, {"x", 0.25}, {"ok", false}, {"t", "tab\there\\"}}),
            "{\"level\":\"warn\",\"message\":\"a \\\"b\\\"\\u000a\",\"n\":-1,\"x\":0.25,\"ok\":false,"
            "\"t\":\"tab\\u0009here\\\\\"}");
}

TEST(LogJson, IsValidWhateverTheBytes) {
  EXPECT_EQ(json("grüße \xF0\x9F\x98\x80", {}), "{\"level\":\"warn\",\"message\":\"grüße \xF0\x9F\x98\x80\"}");
  EXPECT_EQ(json("\xFF\xC0\xAF\xE2\x82", {}),
            "{\"level\":\"warn\",\"message\":\"\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\"}");
  EXPECT_EQ(json("\xED\xA0\x80", {}), "{\"level\":\"warn\",\"message\":\"\\ufffd\\ufffd\\ufffd\"}");
  EXPECT_EQ(json("m", {{"x", std::numeric_limits<double>::infinity()}}),
            "{\"level\":\"warn\",\"message\":\"m\",\"x\":\"inf\"}");
}

}  // namespace
}  // namespace levada
