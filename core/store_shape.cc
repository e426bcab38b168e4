#include <levada/core/store_shape.h>

namespace levada {

const char* name_of(StoreShape shape) {
  switch (shape) {
    case StoreShape::kKeyValue:
      return "key-value store";
    case StoreShape::kWindow:
      return "window store";
    case StoreShape::kVersioned:
      return "versioned store";
    case StoreShape::kSession:
      return "session store";
    case StoreShape::kChangeBuffer:
      return "buffer of changes";
  }
  return "store";  // of a later version, read from a disk
}

}  // namespace levada
