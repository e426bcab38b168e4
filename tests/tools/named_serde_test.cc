#include "tools/levada/named_serde.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/serde.h>
#include <levada/core/serdes/basic.h>
#include <levada/core/serdes/windowed.h>

namespace levada {
namespace {

using namespace std::chrono_literals;

std::string json(const std::string& serde, BytesView bytes) { return NamedSerde::find(serde).value().json(bytes); }

template <class T>
Bytes encoded(const T& value, const Serde<T>& serde = {}) {
  Bytes bytes;
  serde.encode(value, bytes);
  return bytes;
}

TEST(NamedSerde, ShowsValuesAsJson) {
  EXPECT_EQ(json("string", "say \"no\"\n"), R"("say \"no\"\n")");
  EXPECT_EQ(json("int16", encoded<std::int16_t>(-2)), "-2");
  EXPECT_EQ(json("int32", encoded<std::int32_t>(7)), "7");
  EXPECT_EQ(json("int64", encoded<std::int64_t>(1LL << 60)), "1152921504606846976");
  EXPECT_EQ(json("float", encoded(1.5F)), "1.5");
  EXPECT_EQ(json("double", encoded(0.1)), "0.1");
  EXPECT_EQ(json("bool", encoded(true)), "true");
  EXPECT_EQ(json("timestamp", encoded(Timestamp(1s))), R"("1970-01-01T00:00:01.000Z")");
  EXPECT_EQ(json("bytes", BytesView("\0\xff", 2)), R"("00ff")");
  EXPECT_EQ(json("json", "{\n  \"a\": [1, 2]\n}"), R"({"a":[1,2]})");
}

TEST(NamedSerde, ShowsWindowedKeys) {
  const Windowed<std::string> hour = {"a", {Timestamp(1h), Timestamp(2h)}};
  EXPECT_EQ(json("windowed:string", encoded(hour, time_windowed_serde<std::string>(1h))),
            R"({"key":"a","start":"1970-01-01T01:00:00.000Z"})");
  EXPECT_EQ(json("session-windowed:string", encoded(hour, session_windowed_serde<std::string>())),
            R"({"key":"a","start":"1970-01-01T01:00:00.000Z","end":"1970-01-01T02:00:00.000Z"})");
}

TEST(NamedSerde, ThrowsForBytesOfAnotherKind) {
  EXPECT_THROW(json("int64", "abc"), SerdeError);
  EXPECT_THROW(json("string", "\xff"), SerdeError);
  EXPECT_THROW(json("json", "{"), SerdeError);
  EXPECT_THROW(json("windowed:string", "abc"), SerdeError);
}

TEST(NamedSerde, ReadsWhatIsTyped) {
  const auto typed = [](const std::string& serde, const std::string& text) {
    return NamedSerde::find(serde).value().bytes(text);
  };
  EXPECT_EQ(typed("string", "a b").value(), "a b");
  EXPECT_EQ(typed("int64", "7").value(), encoded<std::int64_t>(7));
  EXPECT_EQ(typed("double", "0.5").value(), encoded(0.5));
  EXPECT_EQ(typed("bytes", "00fF").value(), Bytes("\0\xff", 2));
  EXPECT_EQ(typed("timestamp", "1970-01-01T00:00:01Z").value(), encoded(Timestamp(1s)));
  EXPECT_FALSE(typed("int64", "seven").ok());
  EXPECT_FALSE(typed("bytes", "0g").ok());
  EXPECT_FALSE(typed("windowed:string", "a").ok());
}

}  // namespace
}  // namespace levada
