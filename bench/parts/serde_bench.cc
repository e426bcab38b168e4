// What a record costs at a topic's border: bytes to a value and back.

#include <cstdint>
#include <optional>

#include <benchmark/benchmark.h>

#include <levada/core/serde.h>

#include "bench/parts/order_event.h"

namespace {

void count_bytes(benchmark::State& state, std::size_t size) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(size));
}

void DecodeOrderJson(benchmark::State& state) {
  const levada::Serde<bench::Order> serde;
  for (auto _ : state) benchmark::DoNotOptimize(serde.decode(bench::kOrderEvent));
  count_bytes(state, bench::kOrderEvent.size());
}
BENCHMARK(DecodeOrderJson);

// As sources do it: into the value before.
void DecodeOrderJsonAgain(benchmark::State& state) {
  const levada::Serde<bench::Order> serde;
  std::optional<bench::Order> order;
  for (auto _ : state) {
    serde.decode(bench::kOrderEvent, order);
    benchmark::DoNotOptimize(order);
  }
  count_bytes(state, bench::kOrderEvent.size());
}
BENCHMARK(DecodeOrderJsonAgain);

void EncodeOrderJson(benchmark::State& state) {
  const levada::Serde<bench::Order> serde;
  const bench::Order order = serde.decode(bench::kOrderEvent);
  levada::Bytes out;
  for (auto _ : state) {
    out.clear();
    serde.encode(order, out);
    benchmark::DoNotOptimize(out.data());
  }
  count_bytes(state, out.size());
}
BENCHMARK(EncodeOrderJson);

void DecodeString(benchmark::State& state) {
  const levada::Serde<std::string> serde;
  for (auto _ : state) benchmark::DoNotOptimize(serde.decode("order-00012345"));
}
BENCHMARK(DecodeString);

void EncodeLong(benchmark::State& state) {
  const levada::Serde<std::int64_t> serde;
  levada::Bytes out;
  std::int64_t number = 0;
  for (auto _ : state) {
    out.clear();
    serde.encode(++number, out);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(EncodeLong);

}  // namespace
