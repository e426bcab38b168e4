// Processors over each kind of store, and global stores.
#include <levada/state/lru_map.h>
#include <levada/state/session_store.h>
#include <levada/state/store_host.h>
#include <levada/state/timestamped_key_value_store.h>
#include <levada/state/versioned_key_value_store.h>
#include <levada/state/window_store.h>

#include "tests/differential/handles.h"
#include "tests/differential/remembering.h"

namespace levada::differential {
namespace {

using Windows = WindowStore<std::string, std::string>;
using Sessions = SessionStore<std::string, std::string>;
using Versions = VersionedKeyValueStore<std::string, std::string>;
using Timed = TimestampedKeyValueStore<std::string, std::string>;
using Few = LruMap<std::string, std::string>;

constexpr Duration kSecond{1000};

// A store of the user's own: how often each key was put.
class Tally final : public StateStore {
 public:
  struct Options {
    StoreEngine engine = StoreEngine::kRocksDb;
    bool logging = true;
  };

  static StoreSpec spec(std::string name, const Options& options) {
    return {.name = std::move(name), .engine = options.engine, .logging = options.logging, .make = [](StoreHost& host) {
              return std::make_unique<Tally>(host);
            }};
  }

  explicit Tally(StoreHost& host) : host_(host) {}

  int add(const std::string& key) {
    Bytes so_far;
    const int count = host_.get(key, so_far) ? std::stoi(so_far) + 1 : 1;
    host_.put(key, std::to_string(count));
    return count;
  }

 private:
  StoreHost& host_;
};

Text joined(const Text& left, const Text& right) { return join_texts("concat", left, right); }

// Each keeps the value of the key in its store, and answers with what was near in time.

Text keep(Windows& store, const std::string& key, const Text& value, Timestamp time) {
  store.put(key, value, time - time.time_since_epoch() % kSecond);
  Text all;
  for (const auto& [start, found] : store.fetch(key, shifted(time, -3 * kSecond), time)) all = joined(all, found);
  return all;
}

Text keep(Sessions& store, const std::string& key, const Text& value, Timestamp time) {
  Windowed<std::string> merged = {key, {time, time}};
  Text all;
  for (const auto& [session, found] : store.find_sessions(key, shifted(time, -kSecond), time + kSecond).to_vector()) {
    merged.window.start = std::min(merged.window.start, session.window.start);
    merged.window.end = std::max(merged.window.end, session.window.end);
    all = joined(all, found);
    store.remove(session);
  }
  if (!value) return all;
  all = joined(all, value);
  store.put(merged, *all);
  return all;
}

Text keep(Versions& store, const std::string& key, const Text& value, Timestamp time) {
  store.put(key, value, time);
  const auto before = store.get(key, shifted(time, -2 * kSecond));
  const auto latest = store.get(key);
  return joined(before ? Text(before->value) : std::nullopt, latest ? Text(latest->value) : std::nullopt);
}

Text keep(Timed& store, const std::string& key, const Text& value, Timestamp time) {
  const auto before = store.get(key);
  if (value) {
    store.put(key, ValueAndTimestamp<std::string>{*value, time});
  } else {
    store.put(key, std::nullopt);
  }
  if (!before) return std::nullopt;
  return joined(before->value, text_of(Long{before->timestamp.time_since_epoch().count()}));
}

Text keep(Few& store, const std::string& key, const Text& value, Timestamp) {
  const Text next = value ? joined(store.get(key), value) : std::nullopt;
  store.put(key, next);
  return next;
}

Text keep(Tally& store, const std::string& key, const Text& value, Timestamp) {
  return joined(value, std::to_string(store.add(key)));
}

template <class K, class S>
class Keep final : public Processor<K, Text, K, Text> {
 public:
  Keep(Context& context, const StoreRef<S>& store) : store_(context.store(store)) {}

  void process(const levada::Record<K, Text>& record) override {
    const Text answer = keep(store_, text_of(record.key).value_or("none"), record.value, record.timestamp);
    this->emit(record.with_value(answer));
  }

 private:
  S& store_;
};

template <class S>
void keep_in(const Step& step, typename S::Options options) {
  options.logging = step.flag("logging", true);
  if constexpr (requires { options.engine; }) {
    if (step.flag("in_memory")) options.engine = StoreEngine::kInMemory;
  }
  if constexpr (requires { options.caching; }) options.caching = step.flag("caching");
  const auto store = step.builder.add_store<S>(step.text("store"), options);
  step.visit(
      [&]<class K>(const KStream<K, Text>& in) { step.put(in.template process<Keep<K, S>>(step.named(), store)); });
}

void keep_by_kind(const Step& step) {
  const std::string kind = step.text("kind");
  if (kind == "windows") keep_in<Windows>(step, {.window_size = kSecond, .retention = step.time("kept")});
  if (kind == "sessions") keep_in<Sessions>(step, {.retention = step.time("kept")});
  if (kind == "versions") keep_in<Versions>(step, {.history_retention = 10 * kSecond});
  if (kind == "timed") keep_in<Timed>(step, {});
  if (kind == "own") keep_in<Tally>(step, {});
  if (kind == "few") keep_in<Few>(step, {.max_entries = 2});
}

void global_store(const Step& step) {
  const Consumed<Text, Text> consumed = {.name = step.text("name")};
  step.put(step.builder.add_global_store<Store, Fill>(
      step.text("store"), step.text("topic"),
      {.engine = step.flag("in_memory") ? StoreEngine::kInMemory : StoreEngine::kRocksDb}, consumed));
}

void ask(const Step& step) {
  step.visit([&]<class K>(const KStream<K, Text>& in) {
    step.put(in.template process<Ask<K>>(step.named(), step.of_type<StoreRef<Store>>("with")));
  });
}

}  // namespace

bool apply_store_step(const Step& step) {
  static const std::map<std::string, void (*)(const Step&)> all = {
      {"keep", keep_by_kind}, {"global_store", global_store}, {"ask", ask}};
  const auto found = all.find(step.text("op"));
  if (found != all.end()) found->second(step);
  return found != all.end();
}

}  // namespace levada::differential
