// Grouping, windows, and the aggregations of them.
#include "tests/differential/handles.h"

namespace levada::differential {
namespace {

void group_by_key(const Step& step) {
  step.visit([&]<IsTextKey K>(const KStream<K, Text>& in) { step.put(in.group_by_key({.name = step.text("name")})); });
}

void group_by(const Step& step) {
  step.visit([&]<class K>(const KStream<K, Text>& in) {
    const auto key_of = [f = step.text("f")](const K& key, const Text& value) {
      return map_text(f, text_of(key), value);
    };
    step.put(in.group_by(key_of, {.name = step.text("name")}));
  });
}

template <class Grouped>
inline constexpr bool kIsOfSessions = false;
template <class K, class V>
inline constexpr bool kIsOfSessions<SessionWindowedKStream<K, V>> = true;

// The aggregations of a grouped stream, windowed or not: they have the same names.
struct Aggregations {
  const Step& step;

  template <class Grouped>
  void count(const Grouped& in) const {
    if (step.flag("plain") && !step.json.contains("name")) return step.put(in.count());
    step.put(in.count(step.materialized<Key, Long>()));
  }

  template <class Grouped>
  void reduce(const Grouped& in) const {
    const auto reducer = [f = step.text("f")](const std::string& so_far, const auto& next) {
      return join_texts(f, so_far, text_of(next));
    };
    step.put(in.reduce(reducer, step.materialized<Key, std::string>()));
  }

  template <class Grouped>
  void aggregate(const Grouped& in) const {
    const auto aggregator = [f = step.text("f")](const std::string& so_far, const auto& next) {
      return join_texts(f, so_far, text_of(next));
    };
    const auto options = step.materialized<Key, std::string>();
    if constexpr (kIsOfSessions<Grouped>) {
      step.put(in.aggregate(std::string(), aggregator, merge_texts, options));
    } else {
      step.put(in.aggregate(std::string(), aggregator, options));
    }
  }

  template <class Grouped>
  void apply(const Grouped& in) const {
    const std::string op = step.text("op");
    if (op == "count") count(in);
    if (op == "reduce") reduce(in);
    if (op == "aggregate") aggregate(in);
  }
};

void aggregation(const Step& step) {
  step.visit([&]<class K>(const KGroupedStream<K, Text>& in) { Aggregations{step}.apply(in); },
             [&]<class K, class W>(const TimeWindowedKStream<K, Text, W>& in) { Aggregations{step}.apply(in); },
             [&]<class K>(const SessionWindowedKStream<K, Text>& in) { Aggregations{step}.apply(in); });
}

void to_stream(const Step& step) {
  step.visit([&]<class K, class V>(const KTable<K, V>& in) {
    if (!step.json.contains("f")) return step.put(in.to_stream(step.named()));
    const auto mapper = [f = step.text("f")](const K& key, const V& value) {
      return map_text(f, text_of(key), text_of(value));
    };
    step.put(in.to_stream(mapper, step.named()));
  });
}

}  // namespace

bool apply_group_step(const Step& step) {
  static const std::map<std::string, void (*)(const Step&)> all = {
      {"group_by_key", group_by_key}, {"group_by", group_by},     {"count", aggregation},
      {"reduce", aggregation},        {"aggregate", aggregation}, {"to_stream", to_stream}};
  const auto found = all.find(step.text("op"));
  if (found != all.end()) found->second(step);
  return found != all.end();
}

}  // namespace levada::differential
