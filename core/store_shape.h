// What kind of bytes a store keeps, and how that is called in errors and plans.
#pragma once

namespace levada {

enum class StoreShape { kKeyValue, kWindow, kVersioned, kSession, kChangeBuffer };

const char* name_of(StoreShape shape);  // "key-value store"

}  // namespace levada
