#include <levada/runtime/embedded/record_format.h>

namespace levada::internal::embedded {
namespace {

enum Flag : std::uint8_t {
  kHasKey = 1,
  kHasValue = 2,
  kHasHeaders = 4,
  kTransactional = 8,
  kControl = 16,
  kAborted = 32,
  kHasHorizon = 64,
};

constexpr std::size_t kMaxPrefix = 1 + 7 * 10;  // the flags and seven varints

class PrefixWriter {
 public:
  void byte(std::uint8_t value) { bytes_[size_++] = static_cast<char>(value); }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) byte(static_cast<std::uint8_t>(value | 0x80));
    byte(static_cast<std::uint8_t>(value));
  }
  void zigzag(std::int64_t value) {
    varint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  BytesView bytes() const { return {bytes_, size_}; }

 private:
  char bytes_[kMaxPrefix];
  std::size_t size_ = 0;
};

class Reader {
 public:
  Reader(BytesView bytes, std::size_t at) : bytes_(bytes), at_(at) {}

  std::uint8_t byte() { return static_cast<std::uint8_t>(bytes_[at_++]); }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const std::uint8_t next = byte();
      value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
      if (next < 0x80) return value;
    }
  }
  std::int64_t zigzag() {
    const std::uint64_t value = varint();
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  BytesView view(std::size_t size) {
    const BytesView result = bytes_.substr(at_, size);
    at_ += size;
    return result;
  }
  std::size_t at() const { return at_; }

 private:
  BytesView bytes_;
  std::size_t at_;
};

std::uint8_t flags_of(const StoredRecord& record) {
  std::uint8_t flags = 0;
  if (record.key) flags |= kHasKey;
  if (record.value) flags |= kHasValue;
  if (!record.headers.empty()) flags |= kHasHeaders;
  if (record.producer != kNoProducer) flags |= kTransactional;
  if (record.control) flags |= kControl;
  if (record.aborted) flags |= kAborted;
  if (record.delete_horizon != kNoTimestamp) flags |= kHasHorizon;
  return flags;
}

void append_varint(std::uint64_t value, Bytes& out) {
  PrefixWriter writer;
  writer.varint(value);
  out.append(writer.bytes());
}

void append_sized(BytesView bytes, std::size_t size_to_write, Bytes& out) {
  append_varint(size_to_write, out);
  out.append(bytes);
}

}  // namespace

void encode_record(const StoredRecord& record, const ChunkBase& base, Bytes& out) {
  PrefixWriter prefix;
  prefix.byte(flags_of(record));
  prefix.varint(static_cast<std::uint64_t>(record.offset - base.offset));
  prefix.zigzag((record.timestamp - base.timestamp).count());
  if (record.producer != kNoProducer) prefix.varint(static_cast<std::uint64_t>(record.producer));
  if (record.delete_horizon != kNoTimestamp) prefix.zigzag((record.delete_horizon - base.timestamp).count());
  if (record.key) prefix.varint(record.key->size());
  if (record.value) prefix.varint(record.value->size());
  if (!record.headers.empty()) prefix.varint(record.headers.size());
  out.append(prefix.bytes());
  if (record.key) out.append(*record.key);
  if (record.value) out.append(*record.value);
  out.append(record.headers);
}

std::size_t decode_record(BytesView chunk, std::size_t at, const ChunkBase& base, StoredRecord& record) {
  Reader reader(chunk, at);
  const std::uint8_t flags = reader.byte();
  record.offset = base.offset + static_cast<Offset>(reader.varint());
  record.timestamp = base.timestamp + Duration(reader.zigzag());
  record.producer = flags & kTransactional ? static_cast<ProducerId>(reader.varint()) : kNoProducer;
  record.delete_horizon = flags & kHasHorizon ? base.timestamp + Duration(reader.zigzag()) : kNoTimestamp;
  record.control = flags & kControl;
  record.aborted = flags & kAborted;
  const std::size_t key_size = flags & kHasKey ? reader.varint() : 0;
  const std::size_t value_size = flags & kHasValue ? reader.varint() : 0;
  const std::size_t headers_size = flags & kHasHeaders ? reader.varint() : 0;
  const BytesView key = reader.view(key_size);
  const BytesView value = reader.view(value_size);
  record.key = flags & kHasKey ? NullableView(key) : std::nullopt;
  record.value = flags & kHasValue ? NullableView(value) : std::nullopt;
  record.headers = reader.view(headers_size);
  return reader.at();
}

std::size_t max_encoded_size(const StoredRecord& record) {
  return kMaxPrefix + record.key.value_or("").size() + record.value.value_or("").size() + record.headers.size();
}

void mark_aborted(Bytes& chunk, std::size_t at) {
  chunk[at] = static_cast<char>(static_cast<std::uint8_t>(chunk[at]) | kAborted);
}

void encode_headers(const Headers& headers, Bytes& out) {
  out.clear();
  if (headers.empty()) return;
  append_varint(headers.size(), out);
  for (const Header& header : headers) {
    append_sized(header.key, header.key.size(), out);
    append_sized(header.value.value_or(""), header.value ? header.value->size() + 1 : 0, out);
  }
}

void decode_headers(BytesView encoded, Headers& out) {
  if (encoded.empty()) return out.clear();
  Reader reader(encoded, 0);
  out.resize(reader.varint());
  for (Header& header : out) {
    header.key = reader.view(reader.varint());
    const std::size_t size = reader.varint();
    if (size == 0) {
      header.value.reset();
    } else {
      header.value = reader.view(size - 1);
    }
  }
}

}  // namespace levada::internal::embedded
