// Changes of a table on their way through a repartition topic: what a regrouped table's aggregate subtracts and adds.
//
//   Serde<Change<std::int64_t>> serde = change_serde<std::int64_t>();
//
// Grammar; the flag stands at the end:
//   before | 00      after | 01      varint size of after | after | before | 02
//   03, 04, 05: the same three with one byte more before the flag, which is ignored. Read, never written.
// Throws SerdeError for a change from nothing to nothing, and with OlderFormats::changes_apart for one of both rows.
#pragma once

#include <levada/core/change.h>
#include <levada/core/older_formats.h>
#include <levada/core/serde.h>

namespace levada {

struct ChangeView {
  NullableView before = std::nullopt;
  NullableView after = std::nullopt;

  bool operator==(const ChangeView&) const = default;
};

// The views look into `in`.
ChangeView read_change(BytesView in);

namespace internal {

// Completes a change of which `after`, if there is one, was appended at `start`, and then `before`, if there is one.
void finish_change(std::size_t start, std::optional<std::size_t> after_size, bool has_before, Bytes& out);
[[noreturn]] void refuse_both_rows();

template <class V>
void encode_change(const Change<V>& change, const Serde<V>& value, const OlderFormats& formats, Bytes& out) {
  if (formats.changes_apart && change.before && change.after) refuse_both_rows();
  const std::size_t start = out.size();
  std::optional<std::size_t> after_size;
  if (change.after && value.encode(*change.after, out)) after_size = out.size() - start;
  const bool has_before = change.before && value.encode(*change.before, out);
  finish_change(start, after_size, has_before, out);
}

template <class V>
Change<V> decode_change(BytesView in, const Serde<V>& value) {
  const ChangeView view = read_change(in);
  Change<V> change;
  if (view.before) change.before = value.decode(view.before);
  if (view.after) change.after = value.decode(view.after);
  return change;
}

}  // namespace internal

template <class V>
Serde<Change<V>> change_serde(Serde<V> value = {}, const OlderFormats& formats = {}) {
  return Serde<Change<V>>(
      [value, formats](const Change<V>& change, Bytes& out) { internal::encode_change(change, value, formats, out); },
      [value](BytesView in) { return internal::decode_change(in, value); });
}

}  // namespace levada
