// What changes keys or values of streams without state.
#include <vector>

#include "tests/differential/handles.h"

namespace levada::differential {
namespace {

template <class K, class V>
auto mapper(const std::string& f) {
  return [f](const K& key, const V& value) { return map_text(f, text_of(key), text_of(value)); };
}

void map(const Step& step) {
  step.visit([&]<class K, class V>(const KStream<K, V>& in) {
    const auto pair = [f = mapper<K, V>(step.text("f")), g = mapper<K, V>(step.text("g"))](
                          const K& key, const V& value) { return std::pair(f(key, value), g(key, value)); };
    step.put(in.map(pair, step.named()));
  });
}

void map_values(const Step& step) {
  step.visit([&]<class K, class V>(const KStream<K, V>& in) {
    step.put(in.map_values(mapper<K, V>(step.text("f")), step.named()));
  });
}

void flat_map(const Step& step) {
  step.visit([&]<class K, class V>(const KStream<K, V>& in) {
    const auto pairs = [](const V& value) {
      std::vector<std::pair<Text, Text>> all;
      for (const Text& part : parts_of(text_of(value))) all.emplace_back(part, text_of(value));
      return all;
    };
    step.put(in.flat_map(pairs, step.named()));
  });
}

void flat_map_values(const Step& step) {
  step.visit([&]<class K, class V>(const KStream<K, V>& in) {
    step.put(in.flat_map_values([](const V& value) { return parts_of(text_of(value)); }, step.named()));
  });
}

void select_key(const Step& step) {
  step.visit([&]<class K, class V>(const KStream<K, V>& in) {
    step.put(in.select_key(mapper<K, V>(step.text("f")), step.named()));
  });
}

}  // namespace

bool apply_change_step(const Step& step) {
  static const std::map<std::string, void (*)(const Step&)> all = {{"map", map},
                                                                   {"map_values", map_values},
                                                                   {"flat_map", flat_map},
                                                                   {"flat_map_values", flat_map_values},
                                                                   {"select_key", select_key}};
  const auto found = all.find(step.text("op"));
  if (found != all.end()) found->second(step);
  return found != all.end();
}

}  // namespace levada::differential
