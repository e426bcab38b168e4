#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/serde.h>
#include <levada/core/serdes/change.h>
#include <levada/core/serdes/list.h>
#include <levada/core/serdes/windowed.h>

namespace levada {

struct Point {
  int x = 0;
  int y = 0;

  bool operator==(const Point&) const = default;
};

template <>
struct SerdeTraits<Point> {
  static void encode(const Point& point, Bytes& out) {
    out += static_cast<char>('0' + point.x);
    out += static_cast<char>('0' + point.y);
  }
  static Point decode(BytesView in) {
    if (in.size() != 2) throw SerdeError("point: expected two digits");
    return {in[0] - '0', in[1] - '0'};
  }
};

namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

template <class T>
Bytes encoded(const Serde<T>& serde, const T& value) {
  Bytes out;
  EXPECT_TRUE(serde.encode(value, out));
  return out;
}

static_assert(HasSerde<std::string> && HasSerde<std::optional<Point>> && HasSerde<std::vector<Point>>);
static_assert(!HasSerde<std::string_view> && !HasSerde<const char*> && !HasSerde<wchar_t> && !HasSerde<std::uint64_t>);
static_assert(std::is_same_v<Unwrapped<std::optional<int>>, int> && std::is_same_v<Unwrapped<int>, int>);

TEST(Serde, IsFoundFromTheTypesTraits) {
  EXPECT_EQ(encoded(Serde<Point>(), {1, 2}), "12");
  EXPECT_EQ(Serde<Point>().decode("34"), (Point{3, 4}));
}

TEST(Serde, AppendsToWhatIsThere) {
  Bytes out = "kept";
  EXPECT_TRUE(Serde<std::string>().encode("+more", out));
  EXPECT_EQ(out, "kept+more");
}

TEST(Serde, RefusesNullWhereTheTypeHasNone) {
  EXPECT_THROW(Serde<std::string>().decode(std::nullopt), NullValueError);
  EXPECT_THROW(Serde<Point>().decode(std::nullopt), SerdeError);
}

TEST(Serde, OfAnOptionalKeepsNullAndEmptyApart) {
  const Serde<std::optional<std::string>> serde;
  Bytes out;
  EXPECT_FALSE(serde.encode(std::nullopt, out));
  EXPECT_TRUE(serde.encode("", out));
  EXPECT_EQ(out, "");
  EXPECT_EQ(serde.decode(std::nullopt), std::nullopt);
  EXPECT_EQ(serde.decode(""), "");
}

TEST(Serde, OfAnOptionalIsMadeFromTheSerdeOfItsType) {
  const Serde<Point> reversed(
      [](const Point& point, Bytes& out) {
        SerdeTraits<Point>::encode({point.y, point.x}, out);
      },
      [](BytesView in) {
        return Point{in[1] - '0', in[0] - '0'};
      });
  const Serde<std::optional<Point>> serde = reversed;
  EXPECT_EQ(encoded<std::optional<Point>>(serde, Point{1, 2}), "21");
  EXPECT_EQ(serde.decode("21"), (Point{1, 2}));
}

TEST(Serde, OfTwoFunctionsMayKnowNull) {
  const Serde<int> zero_is_null(
      [](const int& value, Bytes& out) {
        if (value != 0) out += std::to_string(value);
        return value != 0;
      },
      [](NullableView in) { return in ? std::stoi(std::string(*in)) : 0; });
  Bytes out;
  EXPECT_FALSE(zero_is_null.encode(0, out));
  EXPECT_EQ(zero_is_null.decode(std::nullopt), 0);
  EXPECT_EQ(zero_is_null.decode(encoded(zero_is_null, 42)), 42);
}

TEST(Serde, DecodesIntoAnObjectAndUsesItsMemoryAgain) {
  const Serde<std::string> serde;
  std::optional<std::string> text = std::string(100, 'x');
  const char* memory = text->data();
  serde.decode("a text that is no short string", text);
  EXPECT_EQ(text, "a text that is no short string");
  EXPECT_EQ(text->data(), memory);
}

TEST(Serde, OfAnOptionalDecodesIntoAnObject) {
  const Serde<std::optional<std::string>> serde;
  std::optional<std::optional<std::string>> text;
  serde.decode("a", text);
  EXPECT_EQ(text, std::optional<std::string>("a"));
  serde.decode(std::nullopt, text);
  ASSERT_TRUE(text.has_value());
  EXPECT_EQ(*text, std::nullopt);
}

TEST(Serde, OfTwoFunctionsMayFillAnObject) {
  const Serde<int> serde([](int value, Bytes& out) { out.append(static_cast<std::size_t>(value), '|'); },
                         [](BytesView in, int& value) { value = static_cast<int>(in.size()); });
  EXPECT_EQ(serde.decode("|||"), 3);
  EXPECT_THROW(serde.decode(std::nullopt), NullValueError);
}

TEST(Serde, KnowsWhoReadsAndWritesAlike) {
  const auto make = [](int base) {
    return Serde<int>([base](int value, Bytes& out) { out += std::to_string(value - base); },
                      [base](BytesView in) { return base + std::stoi(std::string(in)); });
  };
  const Serde<int> serde = make(1);
  const Serde<int> functions([](int, Bytes&) {}, [](BytesView) { return 0; });
  const Serde<int> others([](int, Bytes&) {}, [](BytesView) { return 1; });
  EXPECT_EQ(serde.form(), nullptr) << "a copy may have another base";
  EXPECT_NE(functions.form(), nullptr);
  EXPECT_EQ(functions.form(), Serde<int>(functions).form());
  EXPECT_NE(functions.form(), others.form());
}

TEST(Serde, SaysWhatIsWrongWithTheBytes) {
  EXPECT_THAT([] { Serde<std::int64_t>().decode("abc"); },
              ThrowsMessage<SerdeError>(HasSubstr("integer: expected 8 bytes, found 3")));
  EXPECT_THAT([] { Serde<double>().decode(""); }, ThrowsMessage<SerdeError>(HasSubstr("double: expected 8 bytes")));
  EXPECT_THAT([] { Serde<bool>().decode("\xff"); }, ThrowsMessage<SerdeError>(HasSubstr("found ff")));
  EXPECT_THAT([] { Serde<std::monostate>().decode("xy"); },
              ThrowsMessage<SerdeError>(HasSubstr("expected null, found 2 bytes")));
}

TEST(Serde, WritesTimestampsAsMilliseconds) {
  const Timestamp time{Duration(258)};
  EXPECT_EQ(encoded(Serde<Timestamp>(), time), Bytes("\0\0\0\0\0\0\1\2", 8));
  EXPECT_EQ(Serde<Timestamp>().decode(Bytes("\0\0\0\0\0\0\1\2", 8)), time);
}

TEST(TimeWindowedSerde, LeavesTheWindowOutOfPartitioning) {
  const auto serde = time_windowed_serde<std::string>(Duration(10));
  EXPECT_EQ(encoded(serde, {"key", {Timestamp(Duration(5)), Timestamp(Duration(15))}}).size(), 11u);
  EXPECT_EQ(serde.unpartitioned_suffix(), 8u);
  EXPECT_EQ(Serde<std::optional<Windowed<std::string>>>(serde).unpartitioned_suffix(), 8u);
  EXPECT_EQ(session_windowed_serde<std::string>().unpartitioned_suffix(), 16u);
  EXPECT_EQ(Serde<std::string>().unpartitioned_suffix(), 0u);
}

TEST(TimeWindowedSerde, FoundFromTheTypeWritesButAsksForTheSizeToRead) {
  const Serde<Windowed<std::string>> serde;
  const Bytes key = encoded(serde, {"k", {Timestamp(Duration(5)), Timestamp(Duration(15))}});
  EXPECT_EQ(key, time_windowed_serde<std::string>(Duration(10)).decode(key).key + key.substr(1));
  EXPECT_EQ(serde.unpartitioned_suffix(), 8u);
  EXPECT_THAT([&] { serde.decode(key); }, ThrowsMessage<SerdeError>(HasSubstr("pass time_windowed_serde<K>(size)")));
}

TEST(TimeWindowedSerde, RefusesKeysWithoutAWindow) {
  EXPECT_THAT([] { time_windowed_serde<std::string>(Duration(10)).decode("short"); },
              ThrowsMessage<SerdeError>(HasSubstr("expected at least 8 bytes, found 5")));
  EXPECT_THROW(session_windowed_serde<std::string>().decode("0123456789"), SerdeError);
}

TEST(TimeWindowedSerde, UsesTheGivenSerdeForTheKey) {
  const auto serde = time_windowed_serde(Duration(10), Serde<Point>());
  const Windowed<Point> key{{1, 2}, {Timestamp(Duration(0)), Timestamp(Duration(10))}};
  EXPECT_EQ(serde.decode(encoded(serde, key)), key);
}

TEST(ListSerde, KeepsNullsApartFromEmptyEntries) {
  const Serde<std::vector<std::optional<std::string>>> serde;
  const std::vector<std::optional<std::string>> list = {"", std::nullopt, "x", ""};
  EXPECT_EQ(serde.decode(encoded(serde, list)), list);
}

TEST(ListSerde, RefusesNullsWhereEntriesHaveNone) {
  const Bytes with_null = encoded(Serde<std::vector<std::optional<std::int32_t>>>(), {1, std::nullopt});
  EXPECT_THROW(Serde<std::vector<std::int32_t>>().decode(with_null), NullValueError);
}

TEST(ListSerde, TakesASerdeForItsEntries) {
  const auto serde = list_serde(Serde<Point>());
  const std::vector<Point> list = {{1, 2}, {3, 4}};
  EXPECT_EQ(serde.decode(encoded(serde, list)), list);
  EXPECT_EQ(encoded(serde, list), encoded(Serde<std::vector<Point>>(), list));
}

TEST(ListSerde, NestsInItself) {
  const Serde<std::vector<std::vector<bool>>> serde;
  const std::vector<std::vector<bool>> list = {{true}, {}, {false, true}};
  EXPECT_EQ(serde.decode(encoded(serde, list)), list);
}

TEST(ListSerde, RefusesEveryBrokenListWithoutReadingPastIt) {
  const Bytes good = encoded(Serde<std::vector<std::optional<std::int32_t>>>(), {1, std::nullopt, 3});
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_THROW(Serde<std::vector<std::optional<std::int32_t>>>().decode(good.substr(0, size)), SerdeError) << size;
  }
  const Bytes huge("\1\x7f\xff\xff\xff", 5);
  EXPECT_THROW(Serde<std::vector<std::string>>().decode(huge), SerdeError);
  EXPECT_THROW(Serde<std::vector<std::string>>().decode(Bytes("\0\0\0\0\0\0\0\0\0", 9)), SerdeError);
  EXPECT_THROW(Serde<std::vector<std::int32_t>>().decode(Bytes("\1\0\0\0\1\xff\xff\xff\xfe", 9)), SerdeError);
}

TEST(ChangeSerde, RefusesBytesThatAreNoChange) {
  const auto serde = change_serde<std::string>();
  EXPECT_THROW(serde.decode(""), SerdeError);
  EXPECT_THROW(serde.decode("\6"), SerdeError);
  EXPECT_THROW(serde.decode("\4"), SerdeError);
  EXPECT_THROW(serde.decode("\20ab\2"), SerdeError);
  EXPECT_THROW(serde.decode("\x80\2"), SerdeError);
}

TEST(ChangeSerde, AppendsToWhatIsThere) {
  Bytes out = "kept";
  ASSERT_TRUE(change_serde<std::string>().encode({.before = "old", .after = "new"}, out));
  EXPECT_EQ(out, "kept\6newold\2");
}

}  // namespace
}  // namespace levada
