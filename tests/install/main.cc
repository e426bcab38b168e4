#include <cstdint>
#include <cstdio>
#include <string>

#include <levada/levada.h>
#include <levada/testing.h>

namespace {

levada::Topology word_counts() {
  levada::StreamsBuilder builder;
  builder.stream<std::string, std::string>("words")
      .group_by([](const std::string& word) { return word; })
      .count()
      .to_stream()
      .to("counts");
  return builder.build().value();
}

bool count_words() {
  const levada::Topology topology = word_counts();
  levada::TopologyTestDriver driver(topology);
  auto words = driver.input<std::string, std::string>("words");
  auto counts = driver.output<std::string, std::int64_t>("counts");
  words.pipe("1", "levada", levada::Timestamp(levada::Duration(0)));
  words.pipe("2", "levada", levada::Timestamp(levada::Duration(1)));
  return counts.read_values().back() == 2;
}

bool count_words_in_bad_times() {
  const levada::Topology topology = word_counts();
  levada::Simulation simulation(topology, {.comparison = levada::OutputComparison::kLatestOfEachKey});
  for (const std::string key : {"1", "2"}) {
    simulation.produce<std::string, std::string>("words", key, "levada", levada::Timestamp(levada::Duration(0)));
  }
  return simulation.run().ok();
}

}  // namespace

int main() {
  const bool counted = count_words() && count_words_in_bad_times();
  std::puts(counted ? "outside: counted" : "outside: wrong");
  return counted ? 0 : 1;
}
