// expect: add_sink: needs the name of a topic, or std::string(const V&), std::string(const K&, const V&) or
#include <string>

#include <levada/dsl/topology_builder.h>

void wire(levada::TopologyBuilder& builder) {
  static_cast<void>(builder);
#ifdef MISUSE
  builder.add_sink<std::string, int>("out", [](const std::string&, int value) { return value; }, {"in"});
#endif
}
