// expect: KeyValueStore<K, V>: a store outlives the record; keep std::string, not a view
#include <string>

#include <levada/state/key_value_store.h>

void use() {
  levada::KeyValueStore<std::string, std::string>::spec("names");
#ifdef MISUSE
  levada::KeyValueStore<std::string, levada::BytesView>::spec("names");
#endif
}
