// The code of docs/suppress.md.
#include <chrono>
#include <cstdint>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>

namespace levada {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

TEST(Suppress, FinalResults) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("orders")
      .group_by_key()
      .windowed_by(TimeWindows::of(10s, {.grace = 5s}))
      .count()
      .suppress(Suppressed::until_window_closes(BufferConfig::unbounded()))
      .to_stream()
      .to("counts");

  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  auto order = driver.input<std::string, std::string>("orders");
  order.pipe("a", "book", Timestamp(1s));
  order.pipe("a", "pen", Timestamp(4s));
  order.pipe("b", "ink", Timestamp(12s));
  order.pipe("a", "late", Timestamp(9s));
  order.pipe("b", "ink", Timestamp(15s));
  EXPECT_THAT((driver.output<Windowed<std::string>, std::int64_t>("counts", time_windowed_serde<std::string>(10s))
                   .read_values()),
              ElementsAre(3));
}

}  // namespace
}  // namespace levada
