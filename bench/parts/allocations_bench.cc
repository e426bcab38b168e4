// How often a record makes the library allocate: nothing per record is the rule of the hot path. Each case has a limit,
// which is what it costs today or less; a case above its limit prints where it allocates, and the program fails.
//
//   push      the fetched record goes into the task's queue
//   process   it is decoded, goes through the operators and is sent, or changes a store
//   commit    the caches go downstream, changes to their changelogs and to RocksDB
//
// Numbers are allocations of the task's thread divided by records, in the steady state.

#include <cstdint>
#include <string>
#include <vector>

#include <fmt/core.h>

#include <levada/dsl/streams_builder.h>

#include "bench/parts/allocation_counter.h"
#include "bench/parts/counts.h"
#include "bench/parts/lone_task.h"
#include "bench/parts/order_event.h"

namespace {

constexpr std::int64_t kRecords = 20'000;  // of a commit interval
constexpr int kWarmUps = 3;
constexpr levada::Timestamp kStart{levada::Duration(1'767'225'600'000)};

struct Cost {
  double push = 0;
  double process = 0;
  double commit = 0;
};

struct Case {
  std::string name;
  void (*build)(levada::StreamsBuilder&);
  std::int64_t keys = 0;  // 0: a new one each time
  bool caching = true;
  Cost limit = {};
};

struct Payment {
  std::string order_id;
  double amount = 0;
  static constexpr auto json_fields() {
    return levada::json_fields("orderId", &Payment::order_id, "amount", &Payment::amount);
  }
};

bool is_payment(const bench::Order& order) { return order.type == "PaymentProcessed"; }

void stateless(levada::StreamsBuilder& builder) {
  builder.stream<std::string, bench::Order>("in")
      .filter(is_payment)
      .map_values([](const bench::Order& order) {
        return Payment{order.order_id, order.data.amount};
      })
      .to("out");
}

void repartition(levada::StreamsBuilder& builder) {
  builder.stream<std::string, bench::Order>("in")
      .filter(is_payment)
      .group_by(&bench::Order::type)
      .count({.store = "counts"});
}

// A push costs its part of a chunk, a new key its part of a block of entries, and a second piece of memory if it is
// longer than 24 bytes; a known one nothing but its commit.
constexpr double kPush = 0.005;
constexpr double kKnownEntry = 0.0005;
constexpr double kNewEntry = 0.26;
constexpr double kNewLongEntry = 1.26;
constexpr double kCommittedEntry = 0.05;
constexpr double kCommittedLongEntry = 1.05;
constexpr double kBatch = 0.0002;
constexpr double kEveryTwentieth = 0.05;  // of the records is the first of its key in the interval

const std::vector<Case> kCases = {
    {.name = "stateless", .build = stateless, .keys = 1'000, .limit = {.push = kPush}},
    {.name = "repartition", .build = repartition, .keys = 1'000, .limit = {.push = kPush, .commit = kBatch}},
    {.name = "count, known keys",
     .build = bench::count,
     .keys = 1'000,
     .limit = {kPush, kKnownEntry, kEveryTwentieth* kCommittedEntry}},
    {.name = "count, known keys, no caching",
     .build = bench::count,
     .keys = 1'000,
     .caching = false,
     .limit = {kPush, kKnownEntry, kEveryTwentieth* kCommittedEntry}},
    {.name = "count, new keys", .build = bench::count, .limit = {kPush, kNewEntry, kCommittedEntry}},
    {.name = "windowed count, known keys",
     .build = bench::windowed,
     .keys = 1'000,
     .limit = {kPush, kKnownEntry, kEveryTwentieth* kCommittedLongEntry}},
    {.name = "windowed count, new keys",
     .build = bench::windowed,
     .limit = {kPush, kNewLongEntry, kCommittedLongEntry}},
};

// Makes the keys before anything is counted.
std::vector<std::string> keys_of(const Case& tested, int round) {
  std::vector<std::string> keys;
  for (std::int64_t i = 0; i < kRecords; ++i) {
    keys.push_back(fmt::format("customer-{:07}", tested.keys > 0 ? i % tested.keys : round * kRecords + i));
  }
  return keys;
}

double per_record(const bench::AllocationCounter& counter) {
  return static_cast<double>(counter.count()) / static_cast<double>(kRecords);
}

Cost interval(bench::LoneTask& task, const std::vector<std::string>& keys) {
  Cost cost;
  {
    const bench::AllocationCounter counter;
    for (const std::string& key : keys) task.push(key, bench::kOrderEvent, kStart);
    cost.push = per_record(counter);
  }
  {
    const bench::AllocationCounter counter;
    task.process_all();
    cost.process = per_record(counter);
  }
  const bench::AllocationCounter counter;
  task.commit();
  cost.commit = per_record(counter);
  return cost;
}

Cost measure(const Case& tested) {
  levada::StreamsBuilder builder;
  tested.build(builder);
  bench::LoneTask task(builder.build().value(), {.caching = tested.caching});
  for (int round = 0; round < kWarmUps; ++round) interval(task, keys_of(tested, round));
  bench::forget_allocation_sites();
  return interval(task, keys_of(tested, kWarmUps));
}

bool is_within(const Cost& cost, const Cost& limit) {
  return cost.push <= limit.push && cost.process <= limit.process && cost.commit <= limit.commit;
}

bool check(const Case& tested, bool show) {
  const Cost cost = measure(tested);
  const bool fine = is_within(cost, tested.limit);
  fmt::print("{:32} {:8.4f} {:8.4f} {:8.4f}   limits {:g} {:g} {:g}{}\n", tested.name, cost.push, cost.process,
             cost.commit, tested.limit.push, tested.limit.process, tested.limit.commit, fine ? "" : "   TOO MANY");
  std::fflush(stdout);
  if (!fine || show) bench::print_allocation_sites(stdout, 6);
  return fine;
}

}  // namespace

// --show prints where every case allocates. Other arguments, meant for Google Benchmark, are not looked at.
int main(int argc, char** argv) {
  bool show = false;
  for (int i = 1; i < argc; ++i) show = show || std::string_view(argv[i]) == "--show";
  fmt::print("{:32} {:>8} {:>8} {:>8}   allocations a record\n", "", "push", "process", "commit");
  bool fine = true;
  for (const Case& tested : kCases) fine = check(tested, show) && fine;
  return fine ? 0 : 1;
}
