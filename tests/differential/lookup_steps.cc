// Joins of streams with tables, global ones too.
#include "tests/differential/handles.h"

namespace levada::differential {
namespace {

auto joiner(const Step& step) {
  return [f = step.text("f")](const auto& left, const auto& right) {
    return join_texts(f, text_of(left), text_of(right));
  };
}

void global_table(const Step& step) {
  step.put(step.builder.global_table<Text, Text>(
      step.text("topic"), {.name = step.text("name")},
      {.store = step.text("store"),
       .engine = step.flag("in_memory") ? StoreEngine::kInMemory : StoreEngine::kRocksDb}));
}

void join_table(const Step& step) {
  step.visit([&]<IsTextKey K>(const KStream<K, Text>& in) {
    const auto& table = step.of_type<KTable<Key, Text>>("with");
    Joined<K, Text> options = {.name = step.text("name")};
    if (step.json.contains("grace")) options.grace = step.time("grace");
    if (step.text("op") == "stream_table_join") return step.put(in.join(table, joiner(step), options));
    step.put(in.left_join(table, joiner(step), options));
  });
}

void join_global(const Step& step) {
  step.visit([&]<class K>(const KStream<K, Text>& in) {
    const auto& table = step.of_type<GlobalKTable<Key, std::string>>("with");
    const auto key_of = [f = step.text("key")](const K& key, const Text& value) {
      return map_text(f, text_of(key), value);
    };
    if (step.text("op") == "global_join") return step.put(in.join(table, key_of, joiner(step), step.named()));
    step.put(in.left_join(table, key_of, joiner(step), step.named()));
  });
}

}  // namespace

bool apply_lookup_step(const Step& step) {
  static const std::map<std::string, void (*)(const Step&)> all = {{"global_table", global_table},
                                                                   {"stream_table_join", join_table},
                                                                   {"stream_table_left_join", join_table},
                                                                   {"global_join", join_global},
                                                                   {"global_left_join", join_global}};
  const auto found = all.find(step.text("op"));
  if (found != all.end()) found->second(step);
  return found != all.end();
}

}  // namespace levada::differential
