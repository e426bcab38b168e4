// The time to live of a key-value store's entries. An entry is gone, for whoever reads, as soon as stream time is later
// than its own time by that much: when it is removed does not show. It is removed a few entries at a time, with a
// tombstone for the changelog, so that a restore does not bring it back.
//
//   expiry.set_clock(stream_time);
//   if (expiry.has_expired(stored)) …                 // as if it were not there
//   expiry.note_put();
//   expiry.remove_some(engine, buffer);               // from time to time
//
// Values begin with their time, or with headers and time (value_and_timestamp.h, stored_headers.h). Nodes downstream
// are told nothing. Part of StoreHost; the same thread.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include <levada/core/bytes.h>
#include <levada/core/time.h>
#include <levada/state/byte_store.h>

namespace levada {

class WriteBuffer;

class Expiry {
 public:
  Expiry(Duration ttl, bool with_headers) : ttl_(ttl), with_headers_(with_headers) {}

  // Stream time, which outlives it. Before that nothing expires.
  void set_clock(const Timestamp& stream_time) { now_ = &stream_time; }

  bool has_expired(BytesView stored) const { return had_expired(stored, *now_); }
  bool had_expired(BytesView stored, Timestamp then) const { return time_of(stored) + ttl_ <= then; }

  void note_put() { ++puts_; }
  // Looks at two entries for each one that was put since the last time, and at some more as time goes on. Returns how
  // many were removed.
  std::size_t remove_some(const ByteStore& engine, WriteBuffer& buffer);

 private:
  Timestamp time_of(BytesView stored) const;

  static constexpr Timestamp kBeforeAll = Timestamp::min();

  const Duration ttl_;
  const bool with_headers_;
  const Timestamp* now_ = &kBeforeAll;
  std::size_t puts_ = 0;
  Timestamp looked_at_ = kBeforeAll;
  Bytes next_ = {};  // the walk goes on from there, and begins anew at the end
};

// A walk over what has not expired.
class LiveEntries final : public ByteIterator {
 public:
  // `expiry` outlives it.
  LiveEntries(std::unique_ptr<ByteIterator> all, const Expiry& expiry) : all_(std::move(all)), expiry_(expiry) {
    skip();
  }

  bool valid() const override { return all_->valid(); }
  BytesView key() const override { return all_->key(); }
  BytesView value() const override { return all_->value(); }
  void next() override {
    all_->next();
    skip();
  }

 private:
  void skip() {
    while (all_->valid() && expiry_.has_expired(all_->value())) all_->next();
  }

  std::unique_ptr<ByteIterator> all_;
  const Expiry& expiry_;
};

}  // namespace levada
