// Bytes of which the first 24 have a place of their own, where a std::string has 15: most keys, and what counts and
// sums are written as, stay in one piece of memory with what they belong to.
//
//   ShortBytes key = "customer-0054321";
//   BytesView view = key;
#pragma once

#include <cstring>

#include <absl/container/inlined_vector.h>

#include <levada/core/bytes.h>

namespace levada::internal {

class ShortBytes {
 public:
  ShortBytes() = default;
  ShortBytes(BytesView bytes) { assign(bytes); }  // NOLINT(google-explicit-constructor)

  ShortBytes& operator=(BytesView bytes) {
    assign(bytes);
    return *this;
  }

  operator BytesView() const { return {bytes_.data(), bytes_.size()}; }  // NOLINT(google-explicit-constructor)

  bool empty() const { return bytes_.empty(); }
  std::size_t size() const { return bytes_.size(); }

 private:
  void assign(BytesView bytes) {
    bytes_.resize(bytes.size());
    if (!bytes.empty()) std::memcpy(bytes_.data(), bytes.data(), bytes.size());
  }

  absl::InlinedVector<char, 24> bytes_ = {};
};

}  // namespace levada::internal
