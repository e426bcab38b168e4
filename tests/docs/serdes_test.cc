// docs/serdes.md.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>

namespace serdes_page {

using namespace levada;

// clang-format off
enum class Status { kOpen, kPaid };

struct Item {
  std::string name;
  std::int32_t count = 1;
  static constexpr auto json_fields() {
    return levada::json_fields("name", &Item::name, levada::optional_field("count", &Item::count));
  }
};

struct Purchase {
  std::string customer;
  Status status = Status::kOpen;
  std::vector<Item> items;
  std::optional<std::string> note;
  static constexpr auto json_fields() {
    return levada::json_fields("customer", &Purchase::customer, "status", &Purchase::status, "items", &Purchase::items,
                               "note", &Purchase::note);
  }
};
// clang-format on

struct Point {
  int x = 0;
  int y = 0;
};

}  // namespace serdes_page

using serdes_page::Point;
using serdes_page::Status;

// clang-format off
template <>
struct levada::JsonTraits<Status> {
  static constexpr auto json_names() { return levada::json_names(Status::kOpen, "open", Status::kPaid, "paid"); }
};

template <>
struct levada::SerdeTraits<Point> {
  static void encode(const Point& point, Bytes& out) { out += std::to_string(point.x) + "/" + std::to_string(point.y); }
  static Point decode(BytesView in) {
    const std::size_t slash = in.find('/');
    if (slash == BytesView::npos) throw SerdeError("expected x/y, found " + std::string(in));
    return {std::stoi(std::string(in.substr(0, slash))), std::stoi(std::string(in.substr(slash + 1)))};
  }
};
// clang-format on

namespace serdes_page {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(SerdesPage, Json) {
  // clang-format off
  Purchase purchase = from_json<Purchase>(R"({"customer": "c", "status": "paid", "items": [{"name": "tea"}], "vip": true})");
  std::string text = to_json(purchase);  // {"customer":"c","status":"paid","items":[{"name":"tea","count":1}]}
  // clang-format on
  EXPECT_EQ(text, R"({"customer":"c","status":"paid","items":[{"name":"tea","count":1}]})");
  try {
    from_json<Purchase>(R"({"customer": "c", "status": "paid", "items": [{"name": "tea", "count": "two"}]})");
    FAIL() << "no error";
  } catch (const SerdeError& error) {
    EXPECT_THAT(error.what(), HasSubstr("items[0].count: expected integer, found \"two\""));
  }
}

TEST(SerdesPage, FormatsOfOnesOwn) {
  StreamsBuilder builder;
  const auto orders = builder.stream<std::string, Purchase>("orders");
  // clang-format off
  orders.map_values(&Purchase::customer).to("names-as-json", {.value = json_serde<std::string>()});
  const Serde<std::int64_t> as_text([](std::int64_t number, Bytes& out) { out += std::to_string(number); },
                                    [](BytesView in) { return std::int64_t{std::stoll(std::string(in))}; });
  auto counts = builder.stream<std::string, std::int64_t>("counts", {.value = as_text});
  // clang-format on
  counts.map_values([](std::int64_t count) { return Point{.x = static_cast<int>(count), .y = 1}; }).to("points");

  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  Purchase purchase;
  purchase.customer = "Ann";
  driver.input<std::string, Purchase>("orders").pipe("o", purchase, Timestamp{});
  driver.input<std::string, std::string>("counts").pipe("k", "42", Timestamp{});
  const auto texts = [&driver](const char* topic) {
    return driver.output<std::string, std::string>(topic).read_values();
  };
  EXPECT_THAT(texts("names-as-json"), ElementsAre("\"Ann\""));
  EXPECT_THAT(texts("points"), ElementsAre("42/1"));
}

TEST(SerdesPage, WindowedKeys) {
  StreamsBuilder builder;
  // clang-format off
  auto per_hour = builder.stream<Windowed<std::string>, std::int64_t>("per-hour", {.key = time_windowed_serde<std::string>(1h)});
  auto sessions = builder.stream<Windowed<std::string>, std::int64_t>("sessions", {.key = session_windowed_serde<std::string>()});
  // clang-format on
  per_hour.merge(sessions)
      .map([](const Windowed<std::string>& key, std::int64_t count) { return std::pair(key.key, count); })
      .to("out");

  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  const Windowed<std::string> hour{.key = "k", .window = {Timestamp(1h), Timestamp(2h)}};
  driver.input<Windowed<std::string>, std::int64_t>("per-hour").pipe(hour, 7, Timestamp{});
  auto out = driver.output<std::string, std::int64_t>("out");
  EXPECT_THAT(out.read_values(), ElementsAre(7));
}

}  // namespace
}  // namespace serdes_page
