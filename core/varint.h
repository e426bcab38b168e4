// Kafka's variable-length integers: seven bits a byte, the least significant first. Those with a sign are zig-zag: 3 is
// 06, 64 is 80 01.
//
//   append_varint(length, out);
//   BytesView rest = in;
//   std::int32_t length = read_varint(rest);       // moves `rest` past it; throws SerdeError if it is cut short
#pragma once

#include <cstdint>
#include <optional>

#include <levada/core/bytes.h>

namespace levada {

void append_varint(std::int32_t value, Bytes& out);
std::int32_t read_varint(BytesView& in);

// Without a sign: 3 is 03. Nothing if it is cut short or has more than 64 bits.
void append_uvarint(std::uint64_t value, Bytes& out);
std::optional<std::uint64_t> take_uvarint(BytesView& in);

}  // namespace levada
