#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include <levada/core/serde_traits.h>
#include <levada/core/stored_headers.h>
#include <levada/core/varint.h>

namespace levada {
namespace {

void append_sized(BytesView bytes, Bytes& out) {
  append_varint(static_cast<std::int32_t>(bytes.size()), out);
  out += bytes;
}

BytesView take(BytesView& in, std::int32_t size) {
  if (size < 0 || static_cast<std::size_t>(size) > in.size()) {
    throw SerdeError(fmt::format("stored headers: expected {} bytes, found {}", size, in.size()));
  }
  const BytesView taken = in.substr(0, static_cast<std::size_t>(size));
  in.remove_prefix(taken.size());
  return taken;
}

}  // namespace

void append_headers(const Headers& headers, Bytes& out) {
  if (headers.empty()) return;
  append_varint(static_cast<std::int32_t>(headers.size()), out);
  for (const Header& header : headers) {
    append_sized(header.key, out);
    header.value ? append_sized(*header.value, out) : append_varint(-1, out);
  }
}

Headers read_headers(BytesView bytes) {
  Headers headers;
  if (bytes.empty()) return headers;
  const std::int32_t count = read_varint(bytes);
  for (std::int32_t i = 0; i < count; ++i) {
    Header header = {.key = std::string(take(bytes, read_varint(bytes))), .value = std::nullopt};
    const std::int32_t size = read_varint(bytes);
    if (size >= 0) header.value = Bytes(take(bytes, size));
    headers.push_back(std::move(header));
  }
  return headers;
}

void append_headers_prefix(const Headers& headers, Bytes& out) {
  Bytes bytes;
  append_headers(headers, bytes);
  append_sized(bytes, out);
}

Headers read_headers_prefix(BytesView& in) {
  const std::int32_t size = read_varint(in);
  return read_headers(take(in, size));
}

}  // namespace levada
