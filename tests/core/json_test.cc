#include <cmath>
#include <map>
#include <unordered_map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <levada/core/json.h>

namespace levada {

enum class Color { kRed, kBlue };

template <>
struct JsonTraits<Color> {
  static constexpr auto json_names() { return levada::json_names(Color::kRed, "red", Color::kBlue, "blue"); }
};

namespace {

struct Order {
  struct Data {
    double amount = 0;

    bool operator==(const Data&) const = default;
    static constexpr auto json_fields() { return levada::json_fields("amount", &Data::amount); }
  };

  std::string type;
  std::string order_id;
  Data data;

  bool operator==(const Order&) const = default;
  static constexpr auto json_fields() {
    return levada::json_fields("type", &Order::type, "orderId", &Order::order_id, "data", &Order::data);
  }
};

struct Item {
  std::string sku;
  Color color = Color::kRed;
  std::optional<int> size;
  int priority = 3;

  bool operator==(const Item&) const = default;
};

struct Basket {
  std::vector<Item> items;

  static constexpr auto json_fields() { return levada::json_fields("items", &Basket::items); }
};

struct Lengths {
  int none = 0, one = 0, three = 0, four = 0, eight = 0, sixteen = 0, seventeen = 0;

  bool operator==(const Lengths&) const = default;
  static constexpr auto json_fields() {
    return levada::json_fields("", &Lengths::none, "a", &Lengths::one, "abc", &Lengths::three, "abcd", &Lengths::four,
                               "abcdefgh", &Lengths::eight, "abcdefghijklmnop", &Lengths::sixteen, "abcdefghijklmnopq",
                               &Lengths::seventeen);
  }
};

// A form that is no object: [x, y].
struct Point {
  int x = 0;
  int y = 0;
};

struct Tree {
  std::vector<Tree> children;

  static constexpr auto json_fields() { return levada::json_fields("c", &Tree::children); }
};

class Account {
 public:
  Account() = default;
  explicit Account(std::int64_t balance) : balance_(balance) {}
  std::int64_t balance() const { return balance_; }

  static constexpr auto json_fields() { return levada::json_fields("balance", &Account::balance_); }

 private:
  std::int64_t balance_ = 0;
};

}  // namespace

template <>
struct JsonTraits<Item> {
  static constexpr auto json_fields() {
    return levada::json_fields("sku", &Item::sku, "color", &Item::color, "size", &Item::size,
                               levada::optional_field("priority", &Item::priority));
  }
};

template <>
struct JsonTraits<Point> {
  static Point read(JsonReader& reader) {
    std::vector<int> values;
    reader.read_array([&values](JsonReader& element) { values.push_back(static_cast<int>(element.read_int64())); });
    if (values.size() != 2) reader.fail("expected two numbers");
    return {values[0], values[1]};
  }
  static void write(const Point& point, JsonWriter& writer) {
    writer.begin_array();
    writer.number(std::int64_t{point.x});
    writer.number(std::int64_t{point.y});
    writer.end_array();
  }
};

namespace {

using std::string_literals::operator""s;
using testing::HasSubstr;
using testing::StartsWith;

// What from_json<T> complains about, or "no error".
template <class T>
std::string error_of(BytesView text) {
  try {
    from_json<T>(text);
    return "no error";
  } catch (const SerdeError& error) {
    return error.what();
  }
}

const Order kOrder = {"OrderCreated", "o-1", {9.5}};
constexpr const char* kOrderText = R"({"type":"OrderCreated","orderId":"o-1","data":{"amount":9.5}})";

TEST(Json, WritesTheNamedMembersInTheirOrder) { EXPECT_EQ(to_json(kOrder), kOrderText); }

TEST(Json, ReadsFieldsInAnyOrderAndIgnoresUnknownOnes) {
  EXPECT_EQ(from_json<Order>(kOrderText), kOrder);
  EXPECT_EQ(from_json<Order>(R"( { "data" : {"x":{"amount":1}, "amount":9.5, "z":[{}]}, "new":[[1],{"type":2}],
                                   "orderId":"o-1" , "type":"OrderCreated", "last":null } )"),
            kOrder);
}

TEST(Json, TellsNamesOfAllLengthsApart) {
  const Lengths lengths = from_json<Lengths>(
      R"({"":1,"b":0,"a":2,"abd":0,"ab":0,"abc":3,"bbcd":0,"abce":0,"abcd":4,"abcdefgi":0,"abcdefgh":8,)"
      R"("abcdefghijklmnoq":0,"bbcdefghijklmnop":0,"abcdefghijklmnop":16,"abcdefghijklmnopr":0,)"
      R"("abcdefghijklmnopq":17})");
  EXPECT_EQ(lengths, (Lengths{1, 2, 3, 4, 8, 16, 17}));
}

TEST(Json, FindsNamesThatAreWrittenWithEscapes) {
  EXPECT_EQ(from_json<Order>(R"({"\u0074ype" : "OrderCreated","order\u0049d":"o-1","data":{"a\/b":1,"amount":9.5}})"),
            kOrder);
}

TEST(Json, TellsAnEscapedQuoteFromTheEndOfAName) {
  EXPECT_EQ((from_json<std::map<std::string, int>>(R"({"a\\" : 1, "a\"" : 2, "a":3})")),
            (std::map<std::string, int>{{"a\\", 1}, {"a\"", 2}, {"a", 3}}));
  EXPECT_EQ(error_of<Account>(R"({"balance\"":1})"), "balance: missing");
  EXPECT_EQ(error_of<Account>(R"({"x":"\\","bal\\ance":1})"), "balance: missing");
}

TEST(Json, SkipsValuesWhole) {
  for (const char* skipped : {"1", "-1.5e3", "true", "null", R"("a,}]\"b")", "[]", "{}", R"([1,{"a":[]},"]"])",
                              R"({"a":{"b":[{}]},"c":"}"})"}) {
    const std::string text = std::string(R"({"x":)") + skipped + R"(,"balance":7,"y":)" + skipped + "}";
    EXPECT_EQ(from_json<Account>(text).balance(), 7) << text;
  }
  for (const char* nothing : {"", ",", ":", "}", "]", "x", "[", "{", "[[]", "+1"}) {
    const std::string text = std::string(R"({"balance":7,"y":)") + nothing + "}";
    EXPECT_NE(error_of<Account>(text), "no error") << text;
  }
}

TEST(Json, IsTheSerdeOfWhateverDescribesItself) {
  Bytes out;
  ASSERT_TRUE(Serde<Order>().encode(kOrder, out));
  EXPECT_EQ(out, kOrderText);
  EXPECT_EQ(Serde<std::optional<Order>>().decode(out), kOrder);
  EXPECT_EQ(Serde<Color>().decode(R"("blue")"), Color::kBlue);
  static_assert(!HasSerde<Point>, "read() and write() alone do not make JSON the default");
  EXPECT_EQ(json_serde<Point>().decode("[1,2]").y, 2);
}

TEST(Json, NamesThePathOfWhatIsWrong) {
  EXPECT_THAT(error_of<Order>(R"({"type":"a","orderId":"b","data":{"amount":true}})"),
              StartsWith("data.amount: expected number"));
  EXPECT_EQ(error_of<Order>(R"({"type":"a","orderId":"b","data":{"amount":"12"}})"),
            R"(data.amount: expected number, found "12")");
  EXPECT_EQ(error_of<Order>(R"({"type":"a","orderId":"b","data":{}})"), "data.amount: missing");
  EXPECT_EQ(error_of<Order>(R"({"type":"a","orderId":"b"})"), "data: missing");
  EXPECT_EQ(error_of<Order>(R"({"type":null})"), "type: expected string, found null");
  EXPECT_EQ(error_of<Order>(R"({"data":[]})"), "data: expected object, found an array");
  EXPECT_EQ(error_of<Basket>(R"({"items":[{"sku":"a","color":"red"},{"color":"red","sku":"b"},{"color":"red"}]})"),
            "items[2].sku: missing");
  EXPECT_EQ(error_of<Order>("17"), "expected object, found 17");
  EXPECT_EQ((error_of<std::map<std::string, std::vector<int>>>(R"({"a":[1],"b":[2,{}]})")),
            "b[1]: expected integer, found an object");
}

TEST(Json, ShortensWhatItFoundBetweenCharacters) {
  const std::string error = error_of<int>("\"" + std::string(38, 'x') + "日本語\"");
  EXPECT_EQ(error, "expected integer, found \"" + std::string(38, 'x') + "…");
}

TEST(Json, TakesAMissingOrNullOptionalForNothing) {
  EXPECT_EQ(from_json<Item>(R"({"sku":"a","color":"red"})").size, std::nullopt);
  EXPECT_EQ(from_json<Item>(R"({"sku":"a","color":"red","size":null})").size, std::nullopt);
  EXPECT_EQ(from_json<Item>(R"({"sku":"a","color":"red","size":4})").size, 4);
  EXPECT_EQ(to_json(Item{"a", Color::kRed, std::nullopt}), R"({"sku":"a","color":"red","priority":3})");
  EXPECT_EQ(to_json(Item{"a", Color::kRed, 4}), R"({"sku":"a","color":"red","size":4,"priority":3})");
  EXPECT_EQ(to_json(std::vector<std::optional<int>>{1, std::nullopt}), "[1,null]");
}

TEST(Json, KeepsTheDefaultOfAMissingOptionalField) {
  EXPECT_EQ(from_json<Item>(R"({"sku":"a","color":"red"})").priority, 3);
  EXPECT_EQ(from_json<Item>(R"({"sku":"a","color":"red","priority":9})").priority, 9);
  EXPECT_EQ(error_of<Item>(R"({"sku":"a","color":"red","priority":null})"), "priority: expected integer, found null");
}

TEST(Json, ReadsIntoAValueAsIntoANewOne) {
  Item item{.sku = "older", .color = Color::kBlue, .size = 4, .priority = 9};
  from_json(R"({"sku":"a","color":"red"})", item);
  EXPECT_EQ(item, (Item{.sku = "a", .color = Color::kRed, .size = std::nullopt, .priority = 3}));
}

TEST(Json, NamesTheValuesOfAnEnum) {
  EXPECT_EQ(to_json(Color::kBlue), R"("blue")");
  EXPECT_EQ(error_of<Item>(R"({"color":"green"})"), R"(color: expected one of red, blue, found "green")");
  EXPECT_THROW(to_json(static_cast<Color>(7)), SerdeError);
}

TEST(Json, ChecksTheRangeOfIntegers) {
  EXPECT_EQ(from_json<std::int8_t>("-128"), -128);
  EXPECT_EQ(error_of<std::int8_t>("128"), "expected integer that fits, found 128");
  EXPECT_EQ(from_json<std::uint64_t>("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(from_json<std::int64_t>("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(error_of<std::int64_t>("9223372036854775808"), "expected integer, found 9223372036854775808");
  EXPECT_EQ(error_of<std::uint8_t>("-1"), "expected integer of at least 0, found -1");
  EXPECT_EQ(error_of<int>("1.0"), "expected integer, found 1.0");
}

TEST(Json, WritesNumbersAsShortAsTheyReadBack) {
  EXPECT_EQ(to_json(std::int64_t{42}), "42");
  EXPECT_EQ(to_json(0.1), "0.1");
  EXPECT_EQ(to_json(0.1f), "0.1");
  EXPECT_EQ(to_json(5e-324), "5e-324");
  for (double value : {0.0, -0.0, 1.0, 1e100, 1.7976931348623157e308, 123456789.125, 1.0 / 3}) {
    EXPECT_EQ(std::signbit(from_json<double>(to_json(value))), std::signbit(value));
    EXPECT_EQ(from_json<double>(to_json(value)), value);
  }
}

TEST(Json, HasNoFormForNanAndSaysWhere) {
  Order order = kOrder;
  order.data.amount = std::nan("");
  EXPECT_THAT([&] { to_json(order); }, testing::ThrowsMessage<SerdeError>(HasSubstr("amount: NaN and infinity")));
  EXPECT_THROW(to_json(HUGE_VAL), SerdeError);
}

TEST(Json, EscapesText) {
  const std::string text = "\"\\/\b\f\n\r\t\x1f\0é日😀\x7f"s;
  const std::string json = to_json(text);
  EXPECT_EQ(json, "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u001f\\u0000é日😀\x7f\"");
  EXPECT_EQ(from_json<std::string>(json), text);
  EXPECT_EQ(from_json<std::string>(R"("\ud83d\ude00\u00e9\/")"), "😀é/");
}

TEST(Json, EscapesTheOnlyCharacterThatNeedsItWhereverItStands) {
  for (std::size_t size = 1; size <= 25; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'x');
      text[at] = '"';
      EXPECT_EQ(to_json(text), '"' + std::string(at, 'x') + "\\\"" + std::string(size - at - 1, 'x') + '"');
      text[at] = '\xff';
      EXPECT_THROW(to_json(text), SerdeError) << size << " " << at;
    }
  }
}

TEST(Json, RefusesToWriteTextThatIsNotUtf8) {
  EXPECT_THAT(
      [] {
        to_json(Order{"a\xff", "", {}});
      },
      testing::ThrowsMessage<SerdeError>(HasSubstr("type: the text is not UTF-8")));
}

TEST(Json, ReadsMapsTimesAndUuids) {
  const auto map = from_json<std::unordered_map<std::string, Timestamp>>(R"({"a":"2026-01-01T00:00:00Z"})");
  EXPECT_EQ(to_json(map), R"({"a":"2026-01-01T00:00:00.000Z"})");
  EXPECT_THAT((error_of<std::map<std::string, Timestamp>>(R"({"a":"yesterday"})")),
              StartsWith("a: expected time such"));
  EXPECT_EQ(to_json(from_json<Uuid>(R"("00112233-4455-6677-8899-AABBCCDDEEFF")")),
            R"("00112233-4455-6677-8899-aabbccddeeff")");
  EXPECT_EQ(error_of<Uuid>(R"("x")"), R"(expected UUID, found "x")");
}

TEST(Json, TakesTheLastOfARepeatedName) {
  EXPECT_EQ(from_json<Account>(R"({"balance":1,"balance":2})").balance(), 2);
  EXPECT_EQ((from_json<std::map<std::string, int>>(R"({"a":1,"a":2})")), (std::map<std::string, int>{{"a", 2}}));
  EXPECT_EQ(from_json<Basket>(R"({"items":[{"sku":"a","color":"red"}],"items":[]})").items.size(), 0u);
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const char* text : {"",
                           "   ",
                           "{",
                           "{\"type\"",
                           "{\"type\":",
                           "{\"type\":\"a\"",
                           "{\"type\" \"a\"}",
                           "}",
                           "[}",
                           "{\"type\":\"a\",}",
                           "nonsense",
                           "{\"type\":\"a\xff\"}",
                           "{\"type\":\"\\x\"}",
                           "{\"type\":\"line\nbreak\"}",
                           "{\"data\":{\"amount\":01}}",
                           "{\"data\":{\"amount\":1e999}}",
                           "{\"data\":{\"amount\":.5}}",
                           "{\"data\":{\"amount\":nan}}",
                           "{type:1}",
                           "{'type':1}"}) {
    EXPECT_NE(error_of<Order>(text), "no error") << text;
  }
  for (const char* text : {"1 2", "1,", "[1]]", "1x", "tru", "\"a\" \"b\"", "nul"}) {
    EXPECT_NE(error_of<std::vector<int>>(text), "no error") << text;
    EXPECT_NE(error_of<int>(text), "no error") << text;
    EXPECT_NE(error_of<bool>(text), "no error") << text;
    EXPECT_NE(error_of<std::optional<bool>>(text), "no error") << text;
  }
  EXPECT_THAT(error_of<Account>(R"({"balance":1} {"balance":2})"), StartsWith("not JSON: "));
  EXPECT_THAT(error_of<std::vector<int>>("[1] 2"), StartsWith("not JSON: "));
}

TEST(Json, RefusesEveryTextCutShort) {
  const std::string text = to_json(std::vector<Order>(2, kOrder));
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_NE(error_of<std::vector<Order>>(text.substr(0, size)), "no error") << size;
  }
}

TEST(Json, ReadsNothingOfWhatFollowsAText) {
  const std::string text = to_json(std::vector<Order>(2, kOrder));
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_NE(error_of<std::vector<Order>>(BytesView(text).substr(0, size)), "no error") << size;
  }
  EXPECT_EQ(from_json<int>(BytesView("1234").substr(0, 2)), 12);
  EXPECT_EQ(from_json<std::string>(BytesView(R"("a" "b")").substr(0, 3)), "a");
  EXPECT_EQ(error_of<bool>(BytesView("true").substr(0, 3)), "expected true or false, found tru");
}

// A page that cannot be touched follows.
TEST(Json, ReadsTextsAtTheEndOfMemory) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* const memory = mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  char* const end = static_cast<char*>(memory) + page;
  ASSERT_EQ(mprotect(end, page, PROT_NONE), 0);
  const BytesView text = kOrderText;
  for (std::size_t before = 0; before < 200; ++before) {
    char* const place = end - before - text.size();
    text.copy(place, text.size());
    EXPECT_EQ(from_json<Order>(BytesView(place, text.size())), kOrder) << before;
  }
  munmap(memory, 2 * page);
}

std::string nested(int depth, const std::string& open, const std::string& close) {
  std::string text;
  for (int i = 0; i < depth; ++i) text += open;
  for (int i = 0; i < depth; ++i) text += close;
  return text;
}

TEST(Json, ReadsDeepNestingOnlySoFar) {
  EXPECT_EQ(error_of<Tree>(nested(100, R"({"c":[)", "]}")), "no error");
  EXPECT_THAT(error_of<Tree>(nested(100'000, R"({"c":[)", "]}")), HasSubstr("nested more than 256 levels deep"));
  EXPECT_EQ(error_of<Account>(R"({"deep":)" + nested(100'000, "[", "]") + R"(,"balance":1})"), "no error");
}

TEST(Json, ReadsTextsBiggerThanItKeepsMemoryFor) {
  const std::vector<std::string> big(3, std::string(1 << 20, 'x'));
  EXPECT_EQ(from_json<std::vector<std::string>>(to_json(big)), big);
}

TEST(Json, ReadsATextInsideAText) {
  int inner = 0;
  std::string after;
  read_json_text(R"({"text":"[7]","after":"b"})", [&](JsonReader& reader) {
    reader.read_object([&](std::string_view name, JsonReader& value) {
      if (name == "text") inner = from_json<std::vector<int>>(value.read_string()).at(0);
      if (name == "after") after = value.read_string();
    });
  });
  EXPECT_EQ(inner, 7);
  EXPECT_EQ(after, "b");
}

TEST(Json, CanBeReadAgainAfterAnError) {
  EXPECT_NE(error_of<Order>(R"({"type":"a)"), "no error");
  EXPECT_EQ(from_json<Order>(kOrderText), kOrder);
}

}  // namespace
}  // namespace levada
