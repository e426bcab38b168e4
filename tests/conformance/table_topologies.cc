// Tables: sources, views, groupings and joins of tables.
#include "tests/conformance/families.h"

namespace levada {

Family table_topologies() { return {}; }

}  // namespace levada
