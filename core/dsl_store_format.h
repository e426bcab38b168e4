// What the stores of the DSL keep: the key dsl.store.format. As in Kafka Streams 4.3 its operators store no headers of
// records either way; with kHeaders, the changelog's record of a deletion has the headers of the record that made it.
#pragma once

namespace levada {

enum class DslStoreFormat { kDefault, kHeaders };

}  // namespace levada
