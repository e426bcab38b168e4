// Joins of streams.
#include "tests/differential/handles.h"

namespace levada::differential {
namespace {

template <class K, class KO>
void join(const Step& step, const KStream<K, Text>& in, const KStream<KO, Text>& other) {
  const auto f = [f = step.text("f")](const auto& left, const auto& right) {
    return join_texts(f, text_of(left), text_of(right));
  };
  const JoinWindows windows =
      JoinWindows::of(step.time("before"), {.grace = step.time("grace")}).after(step.time("after"));
  const StreamJoined<K, Text, Text> options = {
      .name = step.text("name"),
      .store_name = step.text("store"),
      .engine = step.flag("in_memory") ? StoreEngine::kInMemory : StoreEngine::kRocksDb,
      .logging = step.flag("logging", true)};
  const std::string op = step.text("op");
  if (op == "stream_join") return step.put(in.join(other, f, windows, options));
  if (op == "stream_left_join") return step.put(in.left_join(other, f, windows, options));
  step.put(in.outer_join(other, f, windows, options));
}

void join_streams(const Step& step) {
  step.visit([&]<IsTextKey K>(const KStream<K, Text>& in) {
    if (const auto* nullable = std::get_if<KStream<Text, Text>>(&step.of("with"))) return join(step, in, *nullable);
    join(step, in, step.of_type<KStream<Key, Text>>("with"));
  });
}

}  // namespace

bool apply_join_step(const Step& step) {
  static const std::map<std::string, void (*)(const Step&)> all = {
      {"stream_join", join_streams}, {"stream_left_join", join_streams}, {"stream_outer_join", join_streams}};
  const auto found = all.find(step.text("op"));
  if (found != all.end()) found->second(step);
  return found != all.end();
}

}  // namespace levada::differential
