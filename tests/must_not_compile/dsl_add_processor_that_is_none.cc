// expect: add_processor<P>: P must derive from Processor<KIn, VIn, KOut, VOut>, FixedKeyProcessor<K, VIn,
#include <string>

#include <levada/dsl/topology_builder.h>

struct Print {
  void process(const levada::Record<std::string, int>&) {}
};

void wire(levada::TopologyBuilder& builder) {
  static_cast<void>(builder);
#ifdef MISUSE
  builder.add_processor<Print>("print", {"in"});
#endif
}
