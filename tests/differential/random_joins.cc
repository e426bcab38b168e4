// The rules for joins of streams.
#include "tests/differential/random_topology.h"

namespace levada::differential {

bool RandomTopology::add_stream_join() {
  const Port* in = find_stream(true);
  const Port* other = in == nullptr ? nullptr : find_partner(*in, [](const Port& port) {
    return port.kind == "stream" && port.value == "text" && (port.key == "text" || port.key == "key");
  });
  if (other == nullptr) return false;
  const std::string op = random_.one_of<std::string>({"stream_join", "stream_left_join", "stream_outer_join"});
  const std::string as = next("s");
  Json step = {{"op", op},
               {"of", in->name},
               {"with", other->name},
               {"as", as},
               {"f", joiner()},
               {"before", random_.one_of<int>({0, 1000, 5000})},
               {"after", random_.one_of<int>({0, 1000, 5000})},
               {"grace", random_.one_of<int>({0, 0, 2000, 20000})}};
  name(step, "join-", 25);
  if (random_.percent(25)) step["store"] = next("store-");
  if (random_.percent(10)) step["logging"] = false;
  const bool keeps_null_keys =
      (op != "stream_join" && in->key == "text") || (op == "stream_outer_join" && other->key == "text");
  add(std::move(step), {as, "stream", keeps_null_keys ? "text" : "key", "text"});
  return true;
}

}  // namespace levada::differential
