// What it costs to hand a record from one operator to the next: a chain of operators that change nothing.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <levada/core/processor.h>

namespace {

using Value = std::int64_t;
using Key = std::string;

class PassOn final : public levada::Processor<Key, Value, Key, Value> {
 public:
  void process(const Record& record) override { emit(record); }
};

class Sum final : public levada::Terminal<Key, Value> {
 public:
  void process(const levada::Record<Key, Value>& record) override { sum_ += record.value; }
  Value sum() const { return sum_; }

 private:
  Value sum_ = 0;
};

// The argument is the number of operators above the last one.
void ChainOfOperators(benchmark::State& state) {
  std::vector<std::unique_ptr<PassOn>> chain;
  for (std::int64_t i = 0; i < state.range(0); ++i) chain.push_back(std::make_unique<PassOn>());
  Sum sum;
  levada::RecordContext now = {.timestamp = levada::Timestamp()};
  for (const auto& operation : chain) operation->set_now(now);
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) chain[i]->connect(*chain[i + 1]);
  chain.back()->connect(sum);

  const Key key = "order-00012345";
  const Value value = 1;
  for (auto _ : state) chain.front()->process({key, value, levada::Timestamp()});
  benchmark::DoNotOptimize(sum.sum());
}
BENCHMARK(ChainOfOperators)->Arg(1)->Arg(4)->Arg(8);

void FanOut(benchmark::State& state) {
  levada::RecordContext now = {.timestamp = levada::Timestamp()};
  PassOn top;
  top.set_now(now);
  std::vector<std::unique_ptr<Sum>> children;
  for (std::int64_t i = 0; i < state.range(0); ++i) top.connect(*children.emplace_back(std::make_unique<Sum>()));

  const Key key = "order-00012345";
  const Value value = 1;
  for (auto _ : state) top.process({key, value, levada::Timestamp()});
  for (const auto& child : children) benchmark::DoNotOptimize(child->sum());
}
BENCHMARK(FanOut)->Arg(2)->Arg(8);

}  // namespace
