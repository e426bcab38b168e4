// How values of T are written to topics and stores, as a value: the one found from the type, or one's own for one
// topic.
//
//   Serde<std::string> strings;                          // found: SerdeTraits<std::string>
//   Serde<Point> points(encode_point, decode_point);     // void(const Point&, Bytes&) and Point(BytesView)
//   Bytes out;
//   if (!points.encode(point, out)) send_null();
//   Point back = points.decode(out);
//
// Serde<std::optional<T>> is Serde<T> with null as std::nullopt. Copyable; may be used from any thread if the functions
// inside may. decode throws SerdeError, and NullValueError for a null that T cannot hold. What stands in `out` after an
// encode that threw is unspecified.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include <levada/core/bytes.h>
#include <levada/core/serde_traits.h>
#include <levada/core/serdes/basic.h>

namespace levada {

namespace internal {

// Runs an encoder that returns nothing, or whether there was a value at all.
template <class Encode, class T>
bool run_encoder(const Encode& encode, const T& value, Bytes& out) {
  if constexpr (std::is_same_v<std::invoke_result_t<const Encode&, const T&, Bytes&>, bool>) {
    return encode(value, out);
  } else {
    encode(value, out);
    return true;
  }
}

// Runs a decoder that knows null, or one that does not.
template <class T, class Decode>
T run_decoder(const Decode& decode, NullableView in) {
  if constexpr (std::is_invocable_v<const Decode&, NullableView>) {
    return decode(in);
  } else {
    if (!in) throw NullValueError();
    return decode(*in);
  }
}

template <class T>
constexpr std::size_t unpartitioned_suffix_of() {
  if constexpr (requires { SerdeTraits<T>::kUnpartitionedSuffix; }) return SerdeTraits<T>::kUnpartitionedSuffix;
  return 0;
}

}  // namespace internal

template <class T>
class Serde {
 public:
  // The serde found from the type.
  Serde() : unpartitioned_suffix_(internal::unpartitioned_suffix_of<T>()) {
    static_assert(HasSerdeTraits<T>,
                  "Serde<T>: nothing says how T becomes bytes; specialise levada::SerdeTraits<T>, name T's members in "
                  "json_fields() for JSON, or pass a Serde<T> made of two functions");
    if constexpr (HasSerdeTraits<T>) {
      encode_ = [](const T& value, Bytes& out) { return internal::run_encoder(&SerdeTraits<T>::encode, value, out); };
      decode_ = [](NullableView in) { return internal::run_decoder<T>(&SerdeTraits<T>::decode, in); };
    }
  }

  // encode appends to `out` and returns nothing, or false (having appended nothing) for null.
  // decode takes a BytesView, or a NullableView if null means something to T.
  template <class Encode, class Decode>
  Serde(Encode encode, Decode decode, std::size_t unpartitioned_suffix = 0)
      : encode_([encode = std::move(encode)](const T& value, Bytes& out) {
          return internal::run_encoder(encode, value, out);
        }),
        decode_([decode = std::move(decode)](NullableView in) { return internal::run_decoder<T>(decode, in); }),
        unpartitioned_suffix_(unpartitioned_suffix) {
    static_assert(std::is_invocable_v<const Encode&, const T&, Bytes&>,
                  "Serde<T>: the encoder needs void(const T&, Bytes&) or bool(const T&, Bytes&)");
    static_assert(std::is_invocable_r_v<T, const Decode&, BytesView>,
                  "Serde<T>: the decoder needs T(BytesView) or T(NullableView)");
  }

  // Appends the value's bytes; false, and nothing appended, if the value is null.
  bool encode(const T& value, Bytes& out) const { return encode_(value, out); }

  T decode(NullableView in) const { return decode_(in); }

  // How many bytes at the end of an encoded key take no part in partitioning: the window of a windowed key.
  std::size_t unpartitioned_suffix() const { return unpartitioned_suffix_; }

 private:
  std::function<bool(const T&, Bytes&)> encode_;  // a captureless lambda for the found serde: one call, no allocation
  std::function<T(NullableView)> decode_;
  std::size_t unpartitioned_suffix_ = 0;
};

template <class T>
class Serde<std::optional<T>> {
 public:
  Serde() = default;

  // Implicit: a Serde<T> can stand wherever values may also be null.
  Serde(Serde<T> inner) : inner_(std::move(inner)) {}  // NOLINT(google-explicit-constructor)

  // Functions over T; null is handled here.
  template <class Encode, class Decode>
  Serde(Encode encode, Decode decode, std::size_t unpartitioned_suffix = 0)
      : inner_(std::move(encode), std::move(decode), unpartitioned_suffix) {}

  bool encode(const std::optional<T>& value, Bytes& out) const { return value && inner_.encode(*value, out); }

  std::optional<T> decode(NullableView in) const {
    if (!in) return std::nullopt;
    return inner_.decode(in);
  }

  std::size_t unpartitioned_suffix() const { return inner_.unpartitioned_suffix(); }

 private:
  Serde<T> inner_;
};

}  // namespace levada
