// One record on its way through a task. It borrows key, value and headers: it lives as long as the call that passes it.
//
//   emit(record.with_value(total));                  // the same key, time and headers, another value
//   emit(record.with(customer, order).at(order_time));
//
// Not copyable, so that none is kept by mistake: what must outlive the call is copied out, member by member.
#pragma once

#include <levada/core/headers.h>
#include <levada/core/time.h>

namespace levada {

template <class K, class V>
struct Record {
  const K& key;
  const V& value;
  Timestamp timestamp;
  const Headers& headers;

  Record(const K& k, const V& v, Timestamp t, const Headers& h = no_headers())
      : key(k), value(v), timestamp(t), headers(h) {}
  Record(const Record&) = delete;
  Record& operator=(const Record&) = delete;

  // A temporary would be gone before the record is read: name the new key or value first.
  template <class V2>
  Record<K, V2> with_value(const V2& v) const {
    return {key, v, timestamp, headers};
  }
  template <class V2>
  Record<K, V2> with_value(const V2&&) const = delete;

  template <class K2>
  Record<K2, V> with_key(const K2& k) const {
    return {k, value, timestamp, headers};
  }
  template <class K2>
  Record<K2, V> with_key(const K2&&) const = delete;

  template <class K2, class V2>
  Record<K2, V2> with(const K2& k, const V2& v) const {
    return {k, v, timestamp, headers};
  }
  template <class K2, class V2>
  Record<K2, V2> with(const K2&&, const V2&) const = delete;
  template <class K2, class V2>
  Record<K2, V2> with(const K2&, const V2&&) const = delete;
  template <class K2, class V2>
  Record<K2, V2> with(const K2&&, const V2&&) const = delete;

  Record at(Timestamp t) const { return {key, value, t, headers}; }
  Record with_headers(const Headers& h) const { return {key, value, timestamp, h}; }
  Record with_headers(const Headers&&) const = delete;
};

}  // namespace levada
