// Runs a windowed table over text in the test driver, and says what comes out of it after each record.
//
//   run([](const Grouped& by_key) { return by_key.windowed_by(windows).reduce(append); }, {{"A", 3}, {"B", 5}})
//
// gives a line for each record: "A@3: [0]=A@3", with the times of the window's key, the value and the timestamp.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <levada/core/big_endian.h>
#include <levada/dsl/streams_builder.h>
#include <levada/runtime/topology_test_driver.h>

namespace levada::testing {

using Text = std::string;
using Grouped = KGroupedStream<Text, Text>;
using Records = std::vector<std::pair<std::string, std::int64_t>>;

inline Timestamp ms(std::int64_t time) { return Timestamp(Duration(time)); }

inline std::string append(const std::string& so_far, const std::string& value) { return so_far + value; }

// The key is one letter.
inline std::string text_of(const TestBytes& record) {
  std::string times;
  for (BytesView rest = BytesView(*record.key).substr(1); !rest.empty(); rest.remove_prefix(8)) {
    times += (times.empty() ? "" : " ") + std::to_string(read_big_endian<std::int64_t>(rest));
  }
  return " [" + times + "]=" + record.value.value_or("null") + "@" +
         std::to_string(record.timestamp.time_since_epoch().count());
}

template <class K, class V>
void write_out(const KTable<Windowed<K>, V>& table, const Serde<Windowed<K>>& key) {
  table.to_stream().to("out", {.key = key});
}

template <class Build>
Topology windowed_topology(Build build, const Serde<Windowed<std::string>>& key) {
  StreamsBuilder builder;
  write_out(build(builder.stream<Text, Text>("in").group_by_key()), key);
  return builder.build().value();
}

struct WindowedRun {
  std::vector<std::string> lines = {};
  std::uint64_t late = 0;
};

template <class Build>
WindowedRun run_windowed(Build build, const Records& records, const Serde<Windowed<std::string>>& key,
                         bool caching = true) {
  const Topology topology = windowed_topology(build, key);
  TopologyTestDriver driver(topology, {.caching = caching});
  WindowedRun run;
  for (const auto& [value, time] : records) {
    const std::size_t before = driver.records("out").size();
    driver.pipe("in", {.key = "a", .value = value, .timestamp = ms(time)});
    std::string line = value + "@" + std::to_string(time) + ":";
    const auto& written = driver.records("out");
    for (std::size_t i = before; i < written.size(); ++i) line += text_of(written[i]);
    run.lines.push_back(std::move(line));
  }
  run.late = driver.dropped_records(DropReason::kLate);
  return run;
}

template <class Build>
WindowedRun run_windows(Build build, const Records& records, bool caching = true) {
  return run_windowed(build, records, Serde<Windowed<std::string>>(), caching);
}
template <class Build>
WindowedRun run_sessions(Build build, const Records& records, bool caching = true) {
  return run_windowed(build, records, session_windowed_serde<std::string>(), caching);
}

}  // namespace levada::testing
