#include <cstdint>
#include <cstdio>
#include <string>

#include <levada/levada.h>

namespace {

bool count_words() {
  levada::StreamsBuilder builder;
  builder.stream<std::string, std::string>("words")
      .group_by([](const std::string& word) { return word; })
      .count()
      .to_stream()
      .to("counts");
  const auto topology = builder.build();
  if (!topology.ok()) return false;

  levada::TopologyTestDriver driver(*topology);
  auto words = driver.input<std::string, std::string>("words");
  auto counts = driver.output<std::string, std::int64_t>("counts");
  words.pipe("1", "levada", levada::Timestamp(levada::Duration(0)));
  words.pipe("2", "levada", levada::Timestamp(levada::Duration(1)));
  return counts.read_values().back() == 2;
}

}  // namespace

int main() {
  const bool counted = count_words();
  std::puts(counted ? "outside: counted" : "outside: wrong");
  return counted ? 0 : 1;
}
