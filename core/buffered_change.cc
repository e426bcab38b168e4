#include <algorithm>

#include <fmt/format.h>

#include <levada/core/big_endian.h>
#include <levada/core/buffered_change.h>
#include <levada/core/serde_traits.h>

namespace levada {
namespace {

constexpr std::int32_t kNull = -1;
constexpr std::int32_t kSameAsPrior = -2;

// Of a change without values, headers or topic: what the format has beside what Kafka Streams counts.
constexpr std::size_t kUncounted = 20;
constexpr std::size_t kUncountedOfHeader = 8;

void append_time(Timestamp time, Bytes& out) { append_big_endian<std::int64_t>(time.time_since_epoch().count(), out); }

void append_size(std::size_t size, Bytes& out) { append_big_endian(static_cast<std::int32_t>(size), out); }

void append_nullable(NullableView bytes, Bytes& out) {
  if (!bytes) return append_big_endian(kNull, out);
  append_size(bytes->size(), out);
  out += *bytes;
}

// Takes fields off the front.
class Reader {
 public:
  explicit Reader(BytesView in) : rest_(in) {}

  template <class T>
  T integer() {
    return read_big_endian<T>(take(sizeof(T)));
  }
  Timestamp time() { return Timestamp(Duration(integer<std::int64_t>())); }
  BytesView sized() { return of_size(integer<std::int32_t>()); }
  NullableView nullable() { return nullable(integer<std::int32_t>()); }
  NullableView nullable(std::int32_t size) { return size == kNull ? NullableView() : of_size(size); }

  BytesView rest() const { return rest_; }
  void finish() const {
    if (!rest_.empty()) throw SerdeError(fmt::format("buffered change: {} bytes too many", rest_.size()));
  }

 private:
  BytesView of_size(std::int32_t size) {
    if (size < 0) throw SerdeError(fmt::format("buffered change: a size of {}", size));
    return take(static_cast<std::size_t>(size));
  }
  BytesView take(std::size_t size) {
    if (size > rest_.size()) {
      throw SerdeError(fmt::format("buffered change: {} bytes expected, {} found", size, rest_.size()));
    }
    const BytesView taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  BytesView rest_;
};

StoredContext read_context(Reader& in) {
  StoredContext context;
  context.timestamp = in.time();
  context.offset = in.integer<std::int64_t>();
  context.source.topic = in.sized();
  context.source.partition = in.integer<std::int32_t>();
  const auto headers = in.integer<std::int32_t>();  // -1 for none is also read by Kafka Streams
  for (std::int32_t i = 0; i < headers; ++i) {
    Header& header = context.headers.emplace_back();
    header.key = in.sized();
    if (const NullableView value = in.nullable()) header.value = Bytes(*value);
  }
  return context;
}

// The context's bytes.
BytesView skip_context(Reader& in) {
  const BytesView all = in.rest();
  in.time();
  in.integer<std::int64_t>();
  in.sized();
  in.integer<std::int32_t>();
  const auto headers = in.integer<std::int32_t>();
  for (std::int32_t i = 0; i < headers; ++i) {
    in.sized();
    in.nullable();
  }
  return all.substr(0, all.size() - in.rest().size());
}

BufferedChange read_old_change(BytesView bytes) {
  Reader in(bytes);
  BufferedChange change;
  change.before = change.prior = in.nullable();
  change.after = in.nullable();
  in.finish();
  return change;
}

Bytes rewritten(BytesView context, const BufferedChange& change) {
  Reader in(context);
  Bytes out;
  append_buffered_change(read_context(in).view(), change, out);
  return out;
}

Bytes upgraded_without_version(BytesView bytes, Timestamp timestamp) {
  Reader in(bytes);
  const Timestamp time = in.time();
  BufferedChange change = read_old_change(in.rest());
  change.time = time;
  Bytes out;
  append_buffered_change({.timestamp = timestamp}, change, out);
  return out;
}

Bytes upgraded_version_1(BytesView bytes) {
  Reader in(bytes);
  const Timestamp time = in.time();
  const BytesView context = skip_context(in);
  BufferedChange change = read_old_change(in.sized());
  in.finish();
  change.time = time;
  return rewritten(context, change);
}

Bytes upgraded_version_2(BytesView bytes) {
  Reader in(bytes);
  const BytesView context = skip_context(in);
  BufferedChange change = read_old_change(in.sized());
  change.prior = in.nullable();
  change.time = in.time();
  in.finish();
  return rewritten(context, change);
}

}  // namespace

void append_record_context(const RecordContext& context, Bytes& out) {
  append_time(context.timestamp, out);
  append_big_endian<std::int64_t>(context.offset, out);
  append_nullable(context.source == nullptr ? BytesView() : BytesView(context.source->topic), out);
  append_big_endian<std::int32_t>(context.source == nullptr ? -1 : context.source->partition, out);
  append_size(context.headers->size(), out);
  for (const Header& header : *context.headers) {
    append_nullable(header.key, out);
    append_nullable(header.value ? NullableView(*header.value) : NullableView(), out);
  }
}

StoredContext read_record_context(BytesView bytes) {
  Reader in(bytes);
  StoredContext context = read_context(in);
  in.finish();
  return context;
}

void append_buffered_change(const RecordContext& record, const BufferedChange& change, Bytes& out) {
  append_record_context(record, out);
  append_nullable(change.prior, out);
  if (change.before && change.before == change.prior) {
    append_big_endian(kSameAsPrior, out);
  } else {
    append_nullable(change.before, out);
  }
  append_nullable(change.after, out);
  append_time(change.time, out);
}

BufferedChange read_buffered_change(BytesView bytes) {
  Reader in(bytes);
  BufferedChange change;
  change.context = skip_context(in);
  change.prior = in.nullable();
  const auto size = in.integer<std::int32_t>();
  change.before = size == kSameAsPrior ? change.prior : in.nullable(size);
  change.after = in.nullable();
  change.time = in.time();
  in.finish();
  return change;
}

Timestamp read_buffered_time(BytesView bytes) {
  if (bytes.size() < sizeof(std::int64_t)) throw SerdeError("buffered change: too short for a time");
  return Timestamp(Duration(read_big_endian<std::int64_t>(bytes.substr(bytes.size() - sizeof(std::int64_t)))));
}

std::size_t buffered_change_size(BytesView key, BytesView bytes) {
  Reader in(bytes);
  in.time();
  in.integer<std::int64_t>();
  in.sized();
  in.integer<std::int32_t>();
  const auto headers = static_cast<std::size_t>(std::max(0, in.integer<std::int32_t>()));
  return key.size() + bytes.size() - kUncounted - headers * kUncountedOfHeader;
}

Bytes upgraded_buffered_change(NullableView version, BytesView bytes, Timestamp timestamp) {
  if (!version) return upgraded_without_version(bytes, timestamp);
  if (version == "\1") return upgraded_version_1(bytes);
  if (version == "\2") {
    try {
      return upgraded_version_2(bytes);
    } catch (const SerdeError&) {
      // 2.4.0 to 2.5.0 wrote version 3 and called it 2.
    }
  } else if (version != kBufferedChangeVersion) {
    throw SerdeError("buffered change: of a version that is not known");
  }
  read_buffered_change(bytes);
  return Bytes(bytes);
}

}  // namespace levada
