// expect: KeyValueStore<K, V>: no optionals here; a key that is not there has no value
#include <optional>
#include <string>

#include <levada/state/key_value_store.h>

void use() {
  levada::KeyValueStore<std::string, std::string>::spec("names");
#ifdef MISUSE
  levada::KeyValueStore<std::string, std::optional<std::string>>::spec("names");
#endif
}
