// The keys of windowed state: written at every update, read at every restore and range query.

#include <benchmark/benchmark.h>

#include <levada/core/window_key.h>

namespace {

constexpr levada::Timestamp kStart{levada::Duration(1'767'225'600'000)};

void AppendWindowKey(benchmark::State& state) {
  levada::Bytes out;
  for (auto _ : state) {
    out.clear();
    levada::append_window_key({.key = "PaymentProcessed", .start = kStart}, out);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(AppendWindowKey);

void ReadWindowKey(benchmark::State& state) {
  levada::Bytes key;
  levada::append_window_key({.key = "PaymentProcessed", .start = kStart}, key);
  for (auto _ : state) benchmark::DoNotOptimize(levada::read_window_key(key));
}
BENCHMARK(ReadWindowKey);

void KeyRangeOfOneHour(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(levada::key_range(levada::KeySchema::kWindow, "PaymentProcessed", kStart, kStart));
  }
}
BENCHMARK(KeyRangeOfOneHour);

}  // namespace
