// Windows of grouped streams, and co-grouping, with or without windows.
#include "tests/differential/handles.h"

namespace levada::differential {
namespace {

TimeWindows time_windows(const Step& step) {
  const TimeWindows windows = TimeWindows::of(step.time("size"), {.grace = step.time("grace")});
  return step.json.contains("advance") ? windows.advance_by(step.time("advance")) : windows;
}

SlidingWindows sliding_windows(const Step& step) {
  return SlidingWindows::of(step.time("size"), {.grace = step.time("grace")});
}

SessionWindows session_windows(const Step& step) {
  return SessionWindows::of(step.time("gap"), {.grace = step.time("grace")});
}

UnlimitedWindows unlimited_windows(const Step& step) {
  return UnlimitedWindows::of().start_on(Timestamp(step.time("start")));
}

// Calls f with the windows of the step, "time", "sliding", "session" or "unlimited".
template <class F>
void with_windows(const Step& step, const F& f) {
  const std::string windows = step.text("windows");
  if (windows == "time") f(time_windows(step));
  if (windows == "sliding") f(sliding_windows(step));
  if (windows == "session") f(session_windows(step));
  if (windows == "unlimited") f(unlimited_windows(step));
}

void window(const Step& step) {
  const EmitStrategy strategy =
      step.flag("on_close") ? EmitStrategy::on_window_close() : EmitStrategy::on_window_update();
  step.visit([&]<class K>(const KGroupedStream<K, Text>& in) {
    with_windows(step, [&](const auto& windows) { step.put(in.windowed_by(windows).emit_strategy(strategy)); });
  });
}

auto aggregator(const std::string& f) {
  return [f](const std::string& so_far, const Text& next) { return join_texts(f, so_far, next); };
}

template <class Streams>
void aggregate(const Step& step, const Streams& streams) {
  const auto options = step.materialized<Key, std::string>();
  if (!step.json.contains("windows")) return step.put(streams.aggregate(std::string(), options));
  with_windows(step, [&]<class W>(const W& windows) {
    if constexpr (std::is_same_v<W, SessionWindows>) {
      step.put(streams.windowed_by(windows).aggregate(std::string(), merge_texts, options));
    } else {
      step.put(streams.windowed_by(windows).aggregate(std::string(), options));
    }
  });
}

void cogroup(const Step& step) {
  step.visit([&]<class K>(const KGroupedStream<K, Text>& in) {
    const auto& other = step.of_type<KGroupedStream<K, Text>>("with");
    aggregate(step,
              in.template cogroup<std::string>(aggregator(step.text("f"))).cogroup(other, aggregator(step.text("g"))));
  });
}

}  // namespace

bool apply_window_step(const Step& step) {
  static const std::map<std::string, void (*)(const Step&)> all = {{"window", window}, {"cogroup", cogroup}};
  const auto found = all.find(step.text("op"));
  if (found != all.end()) found->second(step);
  return found != all.end();
}

}  // namespace levada::differential
