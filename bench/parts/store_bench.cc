// What stores cost on disk: a windowed count of a key that was counted in this interval, and of a new one; then what
// the commit makes of the changes: changelog records, and the batch for RocksDB. Keys are 16 bytes, an interval has
// 10,000 of them; times are for one key.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <levada/state/task_state.h>
#include <levada/state/timestamped_key_value_store.h>
#include <levada/state/timestamped_window_store.h>

namespace {

constexpr std::int64_t kKeys = 10'000;
constexpr levada::Duration kHour = std::chrono::hours(1);
constexpr levada::Timestamp kStart{levada::Duration(1'767'225'600'000)};

using Number = std::int64_t;
using Windows = levada::TimestampedWindowStore<std::string, Number>;
using Counts = levada::TimestampedKeyValueStore<std::string, Number>;

void check(const absl::Status& status) {
  if (!status.ok()) throw std::runtime_error(std::string(status.message()));
}

// The state of a task with one store, in a directory that ends with it.
class DiskStore {
 public:
  explicit DiskStore(levada::StoreSpec spec) {
    std::filesystem::remove_all(directory_);
    auto state = levada::TaskState::open(
        {.directory = directory_, .stores = {std::move(spec)}, .budget = budget_, .current = context_});
    check(state.status());
    state_ = *std::move(state);
  }
  DiskStore(const DiskStore&) = delete;
  DiskStore& operator=(const DiskStore&) = delete;
  ~DiskStore() {
    state_.reset();
    std::filesystem::remove_all(directory_);
  }

  template <class S>
  S& as() {
    return dynamic_cast<S&>(state_->store("store"));
  }
  levada::StoreHost& host() { return state_->host("store"); }

  void log() {
    std::size_t bytes = 0;
    host().for_each_change(
        [&bytes](levada::BytesView key, levada::NullableView, levada::Timestamp) { bytes += key.size(); });
    benchmark::DoNotOptimize(bytes);
  }
  void commit() { check(state_->commit({})); }

 private:
  const std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("levada-store-bench-" + std::to_string(getpid()));
  levada::MemoryBudget budget_{256 << 20};
  levada::RecordContext context_ = {.timestamp = kStart};
  std::unique_ptr<levada::TaskState> state_ = nullptr;
};

levada::StoreSpec windows() { return Windows::spec("store", {.window_size = kHour, .retention = 25 * kHour}); }

std::vector<std::string> new_keys(std::int64_t& next) {
  std::vector<std::string> keys;
  for (std::int64_t i = 0; i < kKeys; ++i) keys.push_back(fmt::format("customer-{:07}", next++));
  return keys;
}

void count(Windows& store, const std::string& key) {
  const auto row = store.fetch(key, kStart);
  store.put(key, {.value = row ? row->value + 1 : 1, .timestamp = kStart}, kStart);
}

void count(Counts& store, const std::string& key) {
  const auto row = store.get(key);
  store.put(key, {.value = row ? row->value + 1 : 1, .timestamp = kStart});
}

// Times one step of each interval by hand; the others go on meanwhile.
template <class Step>
void time_step(benchmark::State& state, Step step) {
  const auto before = std::chrono::steady_clock::now();
  step();
  state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count());
}

void set_per_key(benchmark::State& state) {
  const auto all = static_cast<double>(state.iterations() * kKeys);
  state.counters["per_key"] = benchmark::Counter(all, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void WindowPutKnownKeys(benchmark::State& state) {
  DiskStore disk(windows());
  std::int64_t next = 0;
  const std::vector<std::string> keys = new_keys(next);
  for (const std::string& key : keys) count(disk.as<Windows>(), key);
  for (auto _ : state) {
    time_step(state, [&] {
      for (const std::string& key : keys) count(disk.as<Windows>(), key);
    });
  }
  set_per_key(state);
}
BENCHMARK(WindowPutKnownKeys)->UseManualTime();

void WindowPutNewKeys(benchmark::State& state) {
  DiskStore disk(windows());
  std::int64_t next = 0;
  for (auto _ : state) {
    const std::vector<std::string> keys = new_keys(next);
    time_step(state, [&] {
      for (const std::string& key : keys) count(disk.as<Windows>(), key);
    });
    disk.log();
    disk.commit();
  }
  set_per_key(state);
}
BENCHMARK(WindowPutNewKeys)->UseManualTime()->Iterations(50);

template <class Store>
void log_changes(benchmark::State& state, levada::StoreSpec spec) {
  DiskStore disk(std::move(spec));
  std::int64_t next = 0;
  for (auto _ : state) {
    for (const std::string& key : new_keys(next)) count(disk.as<Store>(), key);
    time_step(state, [&] { disk.log(); });
    disk.commit();
  }
  set_per_key(state);
}

void ChangelogOfCounts(benchmark::State& state) { log_changes<Counts>(state, Counts::spec("store", {})); }
BENCHMARK(ChangelogOfCounts)->UseManualTime()->Iterations(50);

void ChangelogOfWindows(benchmark::State& state) { log_changes<Windows>(state, windows()); }
BENCHMARK(ChangelogOfWindows)->UseManualTime()->Iterations(50);

void BatchOfNewKeys(benchmark::State& state) {
  DiskStore disk(Counts::spec("store", {}));
  std::int64_t next = 0;
  for (auto _ : state) {
    for (const std::string& key : new_keys(next)) count(disk.as<Counts>(), key);
    disk.log();
    time_step(state, [&] { disk.commit(); });
  }
  set_per_key(state);
}
BENCHMARK(BatchOfNewKeys)->UseManualTime()->Iterations(50);

}  // namespace
