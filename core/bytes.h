// The names for bytes. Null (absent) is different from empty everywhere in Kafka, and so it is here.
//
//   NullableBytes tombstone = std::nullopt;
//   NullableView value = stored;                // a view never outlives what it looks at
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace levada {

using Bytes = std::string;
using BytesView = std::string_view;
using NullableBytes = std::optional<Bytes>;
using NullableView = std::optional<BytesView>;

}  // namespace levada
