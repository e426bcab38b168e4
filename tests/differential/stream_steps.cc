// Sources, sinks, what neither changes keys nor values, and processors.
#include <vector>

#include "tests/differential/handles.h"
#include "tests/differential/remembering.h"

namespace levada::differential {
namespace {

template <class K>
class Remember final : public Processor<K, Text, K, Text> {
 public:
  Remember(Context& context, Duration shift, bool marks, const StoreRef<Store>& store)
      : shift_(shift), marks_(marks), store_(context.store(store)) {}

  void process(const Record<K, Text>& record) override {
    const Text next = remember(store_, text_of(record.key), record.value);
    const Timestamp time = shifted(record.timestamp, shift_);
    if (!marks_) return this->emit({record.key, next, time, record.headers});
    const Headers headers = marked(record.headers, record.value);
    this->emit({record.key, next, time, headers});
  }

 private:
  const Duration shift_;
  const bool marks_;
  Store& store_;
};

template <class K>
class RememberValues final : public FixedKeyProcessor<K, Text, Text> {
 public:
  RememberValues(Context& context, Duration shift, const StoreRef<Store>& store)
      : shift_(shift), store_(context.store(store)) {}

  void process_value(const Record<K, Text>& record) override {
    this->emit(remember(store_, text_of(record.key), record.value), shifted(record.timestamp, shift_));
  }

 private:
  const Duration shift_;
  Store& store_;
};

// A second later for each letter of the value.
Timestamp later_by_length(const levada::Record<Text, Text>& record, Timestamp) {
  return record.timestamp + std::chrono::seconds(record.value.value_or("").size());
}

// No time for values with a "d", so that they are skipped.
Timestamp none_with_d(const levada::Record<Text, Text>& record, Timestamp) {
  return record.value.value_or("").find('d') == std::string::npos ? record.timestamp : Timestamp(Duration(-1));
}

void source(const Step& step) {
  Consumed<Text, Text> options = {.name = step.text("name"), .reset = step.reset()};
  if (step.text("extractor") == "by_length") options.timestamp = later_by_length;
  if (step.text("extractor") == "none_with_d") options.timestamp = none_with_d;
  const Topics topics = step.json.contains("pattern") ? Topics(TopicPattern(step.text("pattern")))
                                                      : Topics(step.json.at("topics").get<std::vector<std::string>>());
  step.put(step.builder.stream<Text, Text>(topics, options));
}

template <class K, class V>
auto predicate(const std::string& f) {
  return [f](const K& key, const V& value) { return holds(f, text_of(key), text_of(value)); };
}

void filter(const Step& step) {
  step.visit([&]<class K, class V>(const KStream<K, V>& in) {
    const auto f = predicate<K, V>(step.text("f"));
    step.put(step.text("op") == "filter" ? in.filter(f, step.named()) : in.filter_not(f, step.named()));
  });
}

void look(const Step& step) {
  step.visit([&]<class K, class V>(const KStream<K, V>& in) {
    const auto nothing = [](const V&) {};
    if (step.text("op") == "for_each") return in.for_each(nothing, step.named());
    step.put(in.peek(nothing, step.named()));
  });
}

void merge(const Step& step) {
  step.visit([&]<class K, class V>(const KStream<K, V>& in) {
    step.put(in.merge(step.of_type<KStream<K, V>>("with"), step.named()));
  });
}

void split(const Step& step) {
  step.visit([&]<class K, class V>(const KStream<K, V>& in) {
    const auto into = [&](std::size_t i) -> Branched<K, V> {
      const std::string as = step.json.at("as").at(i);
      return {.name = step.json.contains("name") ? as : "",
              .consumer = [step, as](KStream<K, V> branch) { step.put(branch, as); }};
    };
    BranchedKStream<K, V> branches = in.split(step.named());
    std::size_t place = 0;
    for (const std::string f : step.json.at("f")) branches.branch(predicate<K, V>(f), into(place++));
    if (place < step.json.at("as").size()) {
      branches.default_branch(into(place));
    } else {
      branches.no_default_branch();
    }
  });
}

void repartition(const Step& step) {
  step.visit([&]<IsTextKey K>(const KStream<K, Text>& in) {
    Repartitioned<K, Text> options = {.name = step.text("name")};
    if (step.json.contains("partitions")) options.partitions = step.json.at("partitions").get<Partition>();
    step.put(in.repartition(options));
  });
}

void to(const Step& step) {
  step.visit([&]<class K, class V>(const KStream<K, V>& in) {
    const std::string topic = step.text("topic");
    Produced<K, V> options = {.name = step.text("name")};
    if constexpr (std::is_same_v<K, WindowedKey>) {
      if (step.flag("of_sessions")) options.key = session_windowed_serde<Key>();
    }
    if (step.json.contains("only")) {
      options.partitioner = [f = step.text("only")](const K& key, const V& value, Partition) {
        return holds(f, text_of(key), text_of(value)) ? std::vector<Partition>{0} : std::vector<Partition>();
      };
    }
    if (!step.json.contains("f")) return in.to(topic, options);
    in.to(
        [topic, f = step.text("f")](const K& key, const V& value) {
          return topic + map_text(f, text_of(key), text_of(value)).value_or("null");
        },
        options);
  });
}

void process(const Step& step) {
  const auto store = step.builder.add_store<Store>(
      step.text("store"), {.engine = step.flag("in_memory") ? StoreEngine::kInMemory : StoreEngine::kRocksDb,
                           .caching = step.flag("caching"),
                           .logging = step.flag("logging", true)});
  step.visit([&]<class K>(const KStream<K, Text>& in) {
    if (step.text("op") == "process") {
      step.put(in.template process<Remember<K>>(step.named(), step.time("shift"), step.flag("marks"), store));
    } else {
      step.put(in.template process_values<RememberValues<K>>(step.named(), step.time("shift"), store));
    }
  });
}

}  // namespace

bool apply_stream_step(const Step& step) {
  static const std::map<std::string, void (*)(const Step&)> all = {
      {"stream", source}, {"filter", filter},   {"filter_not", filter},     {"peek", look},
      {"for_each", look}, {"merge", merge},     {"split", split},           {"repartition", repartition},
      {"to", to},         {"process", process}, {"process_values", process}};
  const auto found = all.find(step.text("op"));
  if (found != all.end()) found->second(step);
  return found != all.end();
}

}  // namespace levada::differential
