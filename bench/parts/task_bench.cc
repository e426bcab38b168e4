// The whole way of a record through a task, without Kafka: queue, decoding, operators, store, sink, and its part of a
// commit every 20,000 records. What is left of a job's CPU beside this is the client's.

#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <levada/dsl/streams_builder.h>

#include "bench/parts/counts.h"
#include "bench/parts/lone_task.h"
#include "bench/parts/order_event.h"

namespace {

constexpr std::int64_t kRecords = 20'000;
constexpr std::int64_t kRound = 2'000;  // as a thread polls
constexpr levada::Timestamp kStart{levada::Duration(1'767'225'600'000)};

void stateless(levada::StreamsBuilder& builder) {
  builder.stream<std::string, bench::Order>("in")
      .filter([](const bench::Order& order) { return order.type == "PaymentProcessed"; })
      .map_values([](const bench::Order& order) { return order.data.amount; })
      .to("out");
}

// One iteration is one commit interval. 0 distinct keys: each record has one that was never there.
void run(benchmark::State& state, void (*build)(levada::StreamsBuilder&), std::int64_t distinct) {
  levada::StreamsBuilder builder;
  build(builder);
  bench::LoneTask task(builder.build().value());
  std::int64_t next = 0;
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<std::string> keys;
    for (std::int64_t i = 0; i < kRecords; ++i) {
      keys.push_back(fmt::format("customer-{:07}", distinct > 0 ? i % distinct : next++));
    }
    state.ResumeTiming();
    for (std::int64_t first = 0; first < kRecords; first += kRound) {
      for (std::int64_t i = first; i < first + kRound; ++i) {
        task.push(keys[static_cast<std::size_t>(i)], bench::kOrderEvent, kStart);
      }
      task.process_all();
    }
    task.commit();
  }
  const auto all = static_cast<double>(state.iterations() * kRecords);
  state.counters["per_record"] = benchmark::Counter(all, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void Stateless(benchmark::State& state) { run(state, stateless, 1'000); }
BENCHMARK(Stateless)->Unit(benchmark::kMillisecond);

void CountKnownKeys(benchmark::State& state) { run(state, bench::count, 1'000); }
BENCHMARK(CountKnownKeys)->Unit(benchmark::kMillisecond);

void CountNewKeys(benchmark::State& state) { run(state, bench::count, 0); }
BENCHMARK(CountNewKeys)->Unit(benchmark::kMillisecond);

void WindowedCountNewKeys(benchmark::State& state) { run(state, bench::windowed, 0); }
BENCHMARK(WindowedCountNewKeys)->Unit(benchmark::kMillisecond);

}  // namespace
