// What happens to a record whose bytes are no K or V; the key `deserialization.exception.handler` decides
// (streams_config.h).
#pragma once

namespace levada {

enum class DeserializationHandler { kLogAndContinue, kLogAndFail };

}  // namespace levada
