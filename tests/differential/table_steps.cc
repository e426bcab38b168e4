// Tables of topics and streams, what changes and regroups them, and joins of them.
#include "tests/differential/handles.h"

namespace levada::differential {
namespace {

template <class K, class Row>
MaterializedTable<K, Row> options_of(const Step& step) {
  return {.name = step.text("name"),
          .store = step.text("store"),
          .caching = step.flag("caching", true),
          .logging = step.flag("logging", true),
          .engine = step.flag("in_memory") ? StoreEngine::kInMemory : StoreEngine::kRocksDb};
}

// The same for a table of a topic or a stream, which may be versioned.
template <class Row>
MaterializedTable<Key, Row> source_options_of(const Step& step) {
  MaterializedTable<Key, Row> options = options_of<Key, Row>(step);
  if (step.json.contains("history")) options.history_retention = step.time("history");
  return options;
}

// Whether the call without options is meant.
bool is_bare(const Step& step) { return step.flag("plain") && !step.json.contains("name"); }

void table(const Step& step) {
  MaterializedTable<Key, std::string> options = source_options_of<std::string>(step);
  options.name = {};  // it is the source's
  const Consumed<Text, Text> consumed = {.name = step.text("name"), .reset = step.reset()};
  step.put(step.builder.table<Text, Text>(step.text("topic"), consumed, options));
}

void to_table(const Step& step) {
  step.visit([&]<IsTextKey K, class V>(const KStream<K, V>& in) {
    step.put(in.to_table(source_options_of<Unwrapped<V>>(step)));
  });
}

void filter(const Step& step) {
  step.visit([&]<class K, class V>(const KTable<K, V>& in) {
    using Row = Unwrapped<V>;
    const auto f = [f = step.text("f")](const K& key, const Row& row) { return holds(f, text_of(key), text_of(row)); };
    const auto options = options_of<K, Row>(step);
    if (step.text("op") == "table_filter") return step.put(is_bare(step) ? in.filter(f) : in.filter(f, options));
    step.put(is_bare(step) ? in.filter_not(f) : in.filter_not(f, options));
  });
}

void map_values(const Step& step) {
  step.visit([&]<class K, class V>(const KTable<K, V>& in) {
    const auto f = [f = step.text("f")](const K& key, const Unwrapped<V>& row) {
      return map_text(f, text_of(key), text_of(row));
    };
    step.put(is_bare(step) ? in.map_values(f) : in.map_values(f, options_of<K, std::string>(step)));
  });
}

// Sees rows that are not there, too.
template <class K, class Row>
class Transform final : public TableTransformer<K, Row, Text> {
 public:
  explicit Transform(std::string f) : f_(std::move(f)) {}

  Text transform(const K& key, const std::optional<Row>& row) override {
    return map_text(f_, text_of(key), row ? text_of(*row) : std::nullopt);
  }

 private:
  const std::string f_;
};

void transform(const Step& step) {
  step.visit([&]<class K, class V>(const KTable<K, V>& in) {
    using P = Transform<K, Unwrapped<V>>;
    const std::string f = step.text("f");
    if (is_bare(step)) return step.put(in.template transform_values<P>(f));
    step.put(in.template transform_values<P>(options_of<K, std::string>(step), f));
  });
}

// Calls f with the buffer of the step: what it does when it is full is its type.
template <class F>
void with_buffer(const Step& step, const F& f) {
  const bool in_records = step.json.contains("max_records");
  const bool in_bytes = step.json.contains("max_bytes");
  if (!in_records && !in_bytes) return f(BufferConfig::unbounded());
  EagerBufferConfig buffer = in_records ? BufferConfig::max_records(step.json.at("max_records").get<std::size_t>())
                                        : BufferConfig::max_bytes(step.json.at("max_bytes").get<std::size_t>());
  if (in_records && in_bytes) buffer = buffer.with_max_bytes(step.json.at("max_bytes").get<std::size_t>());
  step.flag("shut_down") ? f(buffer.shut_down_when_full()) : f(buffer);
}

void suppress(const Step& step) {
  step.visit([&]<class K, class V>(const KTable<K, V>& in) {
    with_buffer(step, [&]<class Buffer>(const Buffer& buffer) {
      if (!step.flag("until_close")) {
        return step.put(in.suppress(Suppressed::until_time_limit(step.time("wait"), buffer, step.named())));
      }
      if constexpr (std::is_same_v<K, WindowedKey> && std::is_same_v<Buffer, StrictBufferConfig>) {
        step.put(in.suppress(Suppressed::until_window_closes(buffer, step.named())));
      } else {
        throw InvalidCase("no windows, or a buffer that emits early: " + step.json.dump());
      }
    });
  });
}

void group_by(const Step& step) {
  step.visit([&]<class K, class V>(const KTable<K, V>& in) {
    using Row = Unwrapped<V>;
    const auto pair = [f = step.text("f")](const K& key, const Row& row) {
      return std::pair(map_text(f, text_of(key), text_of(row)), row);
    };
    step.put(in.group_by(pair, {.name = step.text("name")}));
  });
}

void aggregate(const Step& step) {
  step.visit([&]<class V>(const KGroupedTable<Key, V>& in) {
    const auto add = [f = step.text("f")](const std::string& so_far, const V& next) {
      return join_texts(f, so_far, text_of(next));
    };
    const auto subtract = [](const std::string& so_far, const V& gone) {
      return join_texts("subtract", so_far, text_of(gone));
    };
    if (step.text("op") == "table_count") return step.put(in.count(step.materialized<Key, Long>()));
    if (step.text("op") == "table_aggregate") {
      return step.put(in.aggregate(std::string(), add, subtract, step.materialized<Key, std::string>()));
    }
    if constexpr (std::is_same_v<V, std::string>) {
      step.put(in.reduce(add, subtract, step.materialized<Key, std::string>()));
    }
  });
}

// The other table has texts.
void join(const Step& step) {
  step.visit([&]<class V>(const KTable<Key, V>& in) {
    const auto& other = step.of_type<KTable<Key, Text>>("with");
    const auto f = [f = step.text("f")](const auto& left, const auto& right) {
      return join_texts(f, text_of(left), text_of(right));
    };
    const auto options = options_of<Key, std::string>(step);
    const std::string op = step.text("op");
    if (op == "table_join") return step.put(is_bare(step) ? in.join(other, f) : in.join(other, f, options));
    if (op == "table_left_join") {
      return step.put(is_bare(step) ? in.left_join(other, f) : in.left_join(other, f, options));
    }
    step.put(is_bare(step) ? in.outer_join(other, f) : in.outer_join(other, f, options));
  });
}

void foreign_key_join(const Step& step) {
  const auto& in = step.of_type<KTable<Key, Text>>();
  const auto& other = step.of_type<KTable<Key, Text>>("with");
  const auto of_row = [f = step.text("key")](const std::string& row) { return map_text(f, std::nullopt, row); };
  const auto of_key_and_row = [f = step.text("key")](const Key& key, const std::string& row) {
    return map_text(f, key, row);
  };
  const auto f = [f = step.text("f")](const auto& left, const auto& right) {
    return join_texts(f, text_of(left), text_of(right));
  };
  MaterializedTable<Key, std::string> options = options_of<Key, std::string>(step);
  const TableJoined<Key, Key> joined = {.name = std::exchange(options.name, {})};
  const auto join = [&](const auto& foreign_key) {
    if (step.text("op") == "fk_join") return step.put(in.join(other, foreign_key, f, joined, options));
    step.put(in.left_join(other, foreign_key, f, joined, options));
  };
  step.flag("keyed") ? join(of_key_and_row) : join(of_row);
}

}  // namespace

bool apply_table_step(const Step& step) {
  static const std::map<std::string, void (*)(const Step&)> all = {{"table", table},
                                                                   {"to_table", to_table},
                                                                   {"table_filter", filter},
                                                                   {"table_filter_not", filter},
                                                                   {"table_map_values", map_values},
                                                                   {"table_transform", transform},
                                                                   {"suppress", suppress},
                                                                   {"table_group_by", group_by},
                                                                   {"table_count", aggregate},
                                                                   {"table_reduce", aggregate},
                                                                   {"table_aggregate", aggregate},
                                                                   {"table_join", join},
                                                                   {"table_left_join", join},
                                                                   {"table_outer_join", join},
                                                                   {"fk_join", foreign_key_join},
                                                                   {"fk_left_join", foreign_key_join}};
  const auto found = all.find(step.text("op"));
  if (found != all.end()) found->second(step);
  return found != all.end();
}

}  // namespace levada::differential
