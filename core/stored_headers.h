// How stores keep the headers of a record: in front of its value, for stores that are aware of headers.
//
//   headers:  nothing, for none; else varint count | per header: varint length | key | varint length, -1 for null |
//   value prefix:   varint size of the headers | headers key-value and window stores:  prefix | int64 timestamp |
//   value;     session stores:  prefix | value
//
//   append_headers_prefix(record.headers, out);
//   append_value_and_timestamp({.value = "v", .timestamp = now}, out);
//   BytesView rest = out;
//   Headers headers = read_headers_prefix(rest);                          // moves `rest` behind it
//
// Only inside the store: a changelog carries the plain value, and its record timestamp and headers.
#pragma once

#include <levada/core/bytes.h>
#include <levada/core/headers.h>

namespace levada {

void append_headers(const Headers& headers, Bytes& out);
// Throws SerdeError for bytes that are no headers.
Headers read_headers(BytesView bytes);

void append_headers_prefix(const Headers& headers, Bytes& out);
Headers read_headers_prefix(BytesView& in);

}  // namespace levada
