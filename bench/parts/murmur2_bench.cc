// What it costs to find the partition of a record: once for each that is sent by key. The argument is the key's size.

#include <string>

#include <benchmark/benchmark.h>

#include <levada/core/murmur2.h>

namespace {

void PartitionForKey(benchmark::State& state) {
  const std::string key(static_cast<std::size_t>(state.range(0)), 'k');
  for (auto _ : state) benchmark::DoNotOptimize(levada::partition_for(key, 12));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}
BENCHMARK(PartitionForKey)->Arg(8)->Arg(16)->Arg(36)->Arg(200);

}  // namespace
