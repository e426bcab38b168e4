// Kafka's variable-length integers: zig-zag, seven bits a byte, least significant first. 3 is 06, 64 is 80 01.
//
//   append_varint(length, out);
//   BytesView rest = in;
//   std::int32_t length = read_varint(rest);       // moves `rest` past it; throws SerdeError if it is cut short
#pragma once

#include <cstdint>

#include <levada/core/bytes.h>

namespace levada {

void append_varint(std::int32_t value, Bytes& out);
std::int32_t read_varint(BytesView& in);

}  // namespace levada
