// What the steps of a case make: streams and tables of the few types that cases have. Java's strings can all be null;
// here the keys of tables cannot, and a row that can vanish is an optional.
#pragma once

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include <nlohmann/json.hpp>

#include <levada/dsl/streams_builder.h>
#include <levada/state/key_value_store.h>

#include "tests/differential/functions.h"

namespace levada::differential {

using Json = nlohmann::json;
using Key = std::string;
using WindowedKey = Windowed<std::string>;

using Count = std::optional<Long>;  // a count that can vanish

// The case asks for what there is not.
class InvalidCase : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Handle =
    std::variant<KStream<Text, Text>, KStream<Text, Long>, KStream<Text, Count>, KStream<Key, Text>, KStream<Key, Long>,
                 KStream<Key, Count>, KStream<WindowedKey, Text>, KStream<WindowedKey, Long>,
                 KStream<WindowedKey, Count>, KTable<Key, Text>, KTable<Key, Long>, KTable<Key, Count>,
                 KTable<WindowedKey, Text>, KTable<WindowedKey, Long>, KTable<WindowedKey, Count>,
                 KGroupedStream<Text, Text>, KGroupedStream<Key, Text>, TimeWindowedKStream<Text, Text>,
                 TimeWindowedKStream<Key, Text>, TimeWindowedKStream<Text, Text, SlidingWindows>,
                 TimeWindowedKStream<Key, Text, SlidingWindows>, TimeWindowedKStream<Text, Text, UnlimitedWindows>,
                 TimeWindowedKStream<Key, Text, UnlimitedWindows>, SessionWindowedKStream<Text, Text>,
                 SessionWindowedKStream<Key, Text>, KGroupedTable<Key, std::string>, KGroupedTable<Key, Long>,
                 GlobalKTable<Key, std::string>, StoreRef<KeyValueStore<std::string, std::string>>>;

// Keys of streams that are grouped and joined: without windows.
template <class K>
concept IsTextKey = std::is_same_v<K, Text> || std::is_same_v<K, Key>;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

// One step of a case, with what the steps before it made.
struct Step {
  StreamsBuilder& builder;
  std::map<std::string, Handle>& handles;
  const Json& json;

  std::string text(const std::string& field) const { return json.value(field, ""); }
  Duration time(const std::string& field) const { return Duration(json.value(field, 0)); }
  bool flag(const std::string& field, bool otherwise = false) const { return json.value(field, otherwise); }
  Named named() const { return {.name = text("name")}; }
  std::optional<AutoOffsetReset> reset() const {
    const std::string policy = text("reset");
    if (policy == "earliest") return AutoOffsetReset::earliest();
    if (policy == "latest") return AutoOffsetReset::latest();
    if (policy == "none") return AutoOffsetReset::none();
    if (policy == "by_duration") return AutoOffsetReset::by_duration(std::chrono::hours(1));
    return std::nullopt;
  }

  const Handle& of(const std::string& field = "of") const {
    const auto found = handles.find(text(field));
    if (found == handles.end()) throw InvalidCase("no handle " + text(field) + ": " + json.dump());
    return found->second;
  }
  // Of the type T.
  template <class T>
  const T& of_type(const std::string& field = "of") const {
    const T* typed = std::get_if<T>(&of(field));
    if (typed == nullptr) throw InvalidCase("not for this handle: " + json.dump());
    return *typed;
  }
  template <class T>
  void put(const T& handle, const std::string& as) const {
    handles.insert_or_assign(as, Handle(handle));
  }
  template <class T>
  void put(const T& handle) const {
    put(handle, text("as"));
  }

  // Calls the function that takes the handle the step is about: one for KStream<K, V>, say.
  template <class... F>
  void visit(const F&... functions) const {
    const auto wrong = [this](...) { throw InvalidCase("not for this handle: " + json.dump()); };
    std::visit(Overloaded{functions..., wrong}, of());
  }

  template <class K, class V>
  Materialized<K, V> materialized() const {
    Materialized<K, V> options = {.name = text("name"),
                                  .store = text("store"),
                                  .caching = flag("caching", true),
                                  .logging = flag("logging", true),
                                  .engine = flag("in_memory") ? StoreEngine::kInMemory : StoreEngine::kRocksDb};
    if (json.contains("retention")) options.retention = time("retention");
    return options;
  }
};

// Each applies the step if it is of its family, and says whether it was.
bool apply_stream_step(const Step& step);
bool apply_change_step(const Step& step);
bool apply_group_step(const Step& step);
bool apply_table_step(const Step& step);
bool apply_window_step(const Step& step);
bool apply_join_step(const Step& step);
bool apply_lookup_step(const Step& step);
bool apply_store_step(const Step& step);

}  // namespace levada::differential
