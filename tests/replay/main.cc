// replay                                         a month of 3 M events, with levada.upstream.time.enabled
// replay --without                               as Kafka Streams counts time
// replay --bootstrap-servers localhost:9092      on a broker, where Kafka Streams can read the same events
//
// Prints what was dropped as late, and how many hours are not as a live run would count them. With the option it fails
// if there is any.
#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tests/replay/replay.h"

namespace levada::testing {
namespace {

int replay(const MonthReplayOptions& options) {
  MonthReplay replay(options);
  replay.send();
  const ReplayResult result = replay.run();
  fmt::print("{} events, {} late ({:.2f} %), {} of {} hours wrong; {:.1f} s, CPU {:.1f} s\n", options.events,
             result.dropped, 100.0 * static_cast<double>(result.dropped) / static_cast<double>(options.events),
             result.wrong_hours, result.hours, result.seconds, result.cpu_seconds);
  return options.upstream_time && (result.dropped > 0 || result.wrong_hours > 0) ? 1 : 0;
}

int run(int argc, char** argv) {
  MonthReplayOptions options;
  bool without = false;
  CLI::App app("A month of events over several partitions, replayed by two instances");
  app.add_option("--events", options.events)->capture_default_str();
  app.add_option("--partitions", options.partitions)->capture_default_str();
  app.add_option("--grace", options.grace_minutes, "minutes")->capture_default_str();
  app.add_option("--bootstrap-servers", options.bootstrap_servers)->capture_default_str();
  app.add_option("--guarantee", options.guarantee)->capture_default_str();
  app.add_option("--topic", options.topic, "of the events; made anew")->capture_default_str();
  app.add_option("--application", options.application)->capture_default_str();
  app.add_flag("--without", without, "levada.upstream.time.enabled=false");
  CLI11_PARSE(app, argc, argv);
  options.upstream_time = !without;
  try {
    return replay(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "replay: {}\n", error.what());
    return 1;
  }
}

}  // namespace
}  // namespace levada::testing

int main(int argc, char** argv) { return levada::testing::run(argc, argv); }
