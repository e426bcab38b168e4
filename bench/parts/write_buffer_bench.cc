// What an update costs between two commits: read the value of a key from the buffer, write the next one. The argument
// is the number of keys, which all are in the buffer already.

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <levada/core/record_context.h>
#include <levada/state/memory_store.h>
#include <levada/state/write_buffer.h>

namespace {

std::vector<std::string> keys(std::int64_t count) {
  std::vector<std::string> keys;
  for (std::int64_t i = 0; i < count; ++i) keys.push_back(fmt::format("customer-{:07}", i));
  return keys;
}

// An order of visits that the processor cannot guess.
std::vector<std::uint32_t> random_visits(std::size_t keys) {
  std::mt19937 random(1);
  std::vector<std::uint32_t> visits(1 << 16);
  for (std::uint32_t& visit : visits) visit = static_cast<std::uint32_t>(random() % keys);
  return visits;
}

levada::WriteBufferOptions options_of(const benchmark::State& state) { return {.hold_back = state.range(1) == 1}; }

void UpdateHotKey(benchmark::State& state) {
  const levada::MemoryStore engine;
  levada::WriteBuffer buffer(engine, options_of(state));
  const levada::RecordContext context;
  const std::vector<std::string> all = keys(state.range(0));
  const std::vector<std::uint32_t> visits = random_visits(all.size());
  levada::Bytes value = std::string(16, '0');
  for (const std::string& key : all) buffer.put(key, value, context);

  std::size_t next = 0;
  for (auto _ : state) {
    const std::string& key = all[visits[next++ % visits.size()]];
    benchmark::DoNotOptimize(buffer.get(key, value));
    ++value[0];
    buffer.put(key, value, context);
  }
}
BENCHMARK(UpdateHotKey)->ArgNames({"keys", "hold_back"})->ArgsProduct({{1, 1'000, 100'000}, {0, 1}});

// One commit's worth of new keys: written, told, logged, stored and forgotten.
void CommitOfNewKeys(benchmark::State& state) {
  const levada::MemoryStore engine;
  const levada::RecordContext context;
  const std::vector<std::string> all = keys(state.range(0));
  const std::string value(16, '0');
  for (auto _ : state) {
    levada::WriteBuffer buffer(engine, options_of(state));
    for (const std::string& key : all) buffer.put(key, value, context);
    while (levada::WriteBuffer::Entry* entry = buffer.next_held_back()) buffer.set_emitted(*entry);
    std::size_t bytes = 0;
    buffer.for_each_unlogged([&bytes](const levada::WriteBuffer::Entry& entry) { bytes += entry.key.size(); });
    buffer.for_each_stored([&bytes](levada::BytesView key, levada::NullableView) { bytes += key.size(); });
    benchmark::DoNotOptimize(bytes);
    buffer.clear();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}
BENCHMARK(CommitOfNewKeys)->ArgNames({"keys", "hold_back"})->ArgsProduct({{1'000, 100'000}, {0, 1}});

}  // namespace
