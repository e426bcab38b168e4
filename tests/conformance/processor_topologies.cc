// The Processor API, topics by pattern or chosen for each record, kinds of stores.
#include "tests/conformance/families.h"

namespace levada {

Family processor_topologies() { return {}; }

}  // namespace levada
