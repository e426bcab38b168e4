// A job on Levada whose size is an argument: how cost grows is seen by running it again and again (bench/curves.py).
//
//   count      records by key, one store
//   latest     the last value of each key, so that values are state
//   windowed   records by key and hour, in hours that overlap: --per-record of them hold each record
//   stores     records by key, in one of --per-record stores
//
// The counts of all keys sum up to the records, times the windows of each.

#include <numeric>
#include <stdexcept>

#include <absl/strings/numbers.h>

#include "bench/jobs/levada_run.h"
#include "bench/support/absl_view.h"

namespace {

using Text = std::string;

struct Curve : bench::LevadaJob {
  std::string kind = "count";
  std::int64_t per_record = 1;
};

void count(levada::StreamsBuilder& builder, const Curve& curve) {
  builder.stream<Text, Text>(curve.input).group_by_key().count({.store = "counts"}).to_stream().to(curve.output);
}

void latest(levada::StreamsBuilder& builder, const Curve& curve) {
  builder.stream<Text, Text>(curve.input)
      .group_by_key()
      .reduce([](const Text&, const Text& next) { return next; }, {.store = "latest"})
      .to_stream()
      .to(curve.output);
}

void windowed(levada::StreamsBuilder& builder, const Curve& curve) {
  const levada::Duration hour = std::chrono::hours(1);
  builder.stream<Text, Text>(curve.input)
      .group_by_key()
      .windowed_by(levada::TimeWindows::of(hour, {.grace = std::chrono::hours(24)}).advance_by(hour / curve.per_record))
      .count({.store = "counts"})
      .to_stream()
      .to(curve.output);
}

// "customer-0000017" is 17.
std::int64_t number_of(const Text& key) {
  std::int64_t number = 0;
  if (!absl::SimpleAtoi(bench::absl_view(key).substr(key.rfind('-') + 1), &number)) {
    throw std::invalid_argument(key + ": expected a key that ends in a number");
  }
  return number;
}

struct StoreRange {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

// Halves the stream until each part has a store of its own, so that a record passes few filters and one store.
void spread(const Curve& curve, const levada::KStream<Text, Text>& records, StoreRange stores) {
  if (stores.first == stores.last) {
    const Text store = fmt::format("counts-{}", stores.first);
    records.group_by_key().count({.store = store}).to_stream().to(curve.output);
    return;
  }
  const std::int64_t middle = std::midpoint(stores.first, stores.last);
  for (const StoreRange half : {StoreRange{stores.first, middle}, StoreRange{middle + 1, stores.last}}) {
    const auto mine = [half, all = curve.per_record](const Text& key, const Text&) {
      const std::int64_t store = number_of(key) % all;
      return store >= half.first && store <= half.last;
    };
    spread(curve, records.filter(mine), half);
  }
}

void build(levada::StreamsBuilder& builder, const Curve& curve) {
  if (curve.kind == "count") return count(builder, curve);
  if (curve.kind == "latest") return latest(builder, curve);
  if (curve.kind == "windowed") return windowed(builder, curve);
  spread(curve, builder.stream<Text, Text>(curve.input), {.first = 0, .last = curve.per_record - 1});
}

}  // namespace

int main(int argc, char** argv) {
  Curve curve;
  CLI::App app("A job on Levada whose size is an argument.");
  bench::add_options(app, curve);
  app.add_option("--kind", curve.kind)->check(CLI::IsMember({"count", "latest", "windowed", "stores"}));
  app.add_option("--per-record", curve.per_record, "windows a record, or stores")->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  return bench::exit_code_of([&curve] {
    levada::StreamsBuilder builder;
    build(builder, curve);
    bench::run(curve, builder);
  });
}
