#include <levada/state/buffer_entry.h>

namespace levada::internal {
namespace {

std::size_t size_of(const NullableBytes& bytes) { return bytes ? bytes->size() : 0; }
NullableBytes copy_of(NullableView bytes) { return bytes ? NullableBytes(*bytes) : std::nullopt; }
NullableView view_of(const NullableBytes& bytes) { return bytes ? NullableView(*bytes) : std::nullopt; }

}  // namespace

void KeptSource::keep(const SourceBytes* bytes) {
  view_.reset();
  key_ = bytes != nullptr ? copy_of(bytes->key) : std::nullopt;
  value_ = bytes != nullptr ? copy_of(bytes->value) : std::nullopt;
  if (bytes != nullptr) view_ = SourceBytes{.key = view_of(key_), .value = view_of(value_)};
}

std::size_t KeptSource::bytes() const { return size_of(key_) + size_of(value_); }

std::size_t BroughtAlong::bytes() const {
  std::size_t sum = sizeof(BroughtAlong) + source.bytes();
  for (const Header& header : headers) sum += sizeof(Header) + header.key.size() + size_of(header.value);
  return sum;
}

void BufferEntry::bring_along(const RecordContext& context) {
  if (!brought_along) brought_along = std::make_unique<BroughtAlong>();
  brought_along->headers = *context.headers;
  brought_along->source.keep(context.source_bytes);
}

}  // namespace levada::internal
