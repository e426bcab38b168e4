// Windows that are neither tumbling nor hopping, results at their close, co-grouping.
#include "tests/conformance/families.h"

namespace levada {

Family window_topologies() { return {}; }

}  // namespace levada
