// What a thread does between the clients of the job *stateless*: records of four partitions as the job's input has
// them, decoded, filtered, mapped, and encoded; as they come, and behind the queue they would stand in if something had
// to be waited for. Reading alone stands beside it.

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <levada/runtime/processor_loop.h>

#include "bench/jobs/stateless_topology.h"
#include "bench/parts/lone_task.h"
#include "bench/support/order_events.h"

namespace {

constexpr std::size_t kPartitions = 4;
constexpr std::size_t kRound = 2'000;  // as a thread polls

levada::Topology stateless() {
  levada::StreamsBuilder builder;
  bench::add_stateless(builder, "in", "out");
  return builder.build().value();
}

struct Event {
  std::string key;
  std::string value;
  levada::Timestamp time;
  std::size_t partition;
};

const std::vector<Event>& events() {
  static const std::vector<Event> made = [] {
    std::vector<Event> all;
    bench::OrderEvents source({.count = 60'000});
    for (bench::OrderEvents::Event event; source.next(event);) {
      const levada::Timestamp time{levada::Duration(event.timestamp_ms)};
      all.push_back({event.key, event.value, time, std::hash<std::string>()(event.key) % kPartitions});
    }
    return all;
  }();
  return made;
}

void set_per_record(benchmark::State& state) {
  const auto all = static_cast<double>(state.iterations()) * static_cast<double>(events().size());
  state.counters["per_record"] = benchmark::Counter(all, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void ReadOrders(benchmark::State& state) {
  bench::OrderEvent order;
  for (auto _ : state) {
    for (const Event& event : events()) {
      levada::from_json(levada::BytesView(event.value), order);
      benchmark::DoNotOptimize(order);
    }
  }
  set_per_record(state);
}
BENCHMARK(ReadOrders)->Unit(benchmark::kMillisecond);

using Give = void (*)(bench::LoneTask& task, levada::ProcessorLoop& loop, const Event& event);

void stateless_of_four_partitions(benchmark::State& state, Give give) {
  std::array<std::unique_ptr<bench::LoneTask>, kPartitions> tasks;
  std::vector<levada::Task*> running;
  for (levada::Partition partition = 0; auto& task : tasks) {
    task = std::make_unique<bench::LoneTask>(stateless(), bench::LoneTaskOptions{.partition = partition++});
    running.push_back(&task->task());
  }
  const levada::SystemClock clock;
  levada::ThreadMetrics metrics;
  levada::ProcessorLoop loop({}, clock, metrics);
  for (auto _ : state) {
    for (std::size_t first = 0; first < events().size(); first += kRound) {
      for (std::size_t i = first; i < first + kRound; ++i) {
        const Event& event = events()[i];
        give(*tasks[event.partition], loop, event);
      }
      for (const auto& task : tasks) task->reach_end();
      while (loop.process(running, kRound).value() > 0) continue;
    }
  }
  set_per_record(state);
}

void StatelessAsItComes(benchmark::State& state) {
  stateless_of_four_partitions(state, [](bench::LoneTask& task, levada::ProcessorLoop& loop, const Event& event) {
    task.give(loop, event.key, event.value, event.time);
  });
}
BENCHMARK(StatelessAsItComes)->Unit(benchmark::kMillisecond);

void StatelessQueued(benchmark::State& state) {
  stateless_of_four_partitions(state, [](bench::LoneTask& task, levada::ProcessorLoop&, const Event& event) {
    task.push(event.key, event.value, event.time);
  });
}
BENCHMARK(StatelessQueued)->Unit(benchmark::kMillisecond);

}  // namespace
