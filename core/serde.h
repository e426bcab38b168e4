// How values of T are written to topics and stores, as a value: the one found from the type, or one's own for one
// topic.
//
//   Serde<std::string> strings;                          // found: SerdeTraits<std::string>
//   Serde<Point> points(encode_point, decode_point);     // void(const Point&, Bytes&) and Point(BytesView)
//   Bytes out;
//   if (!points.encode(point, out)) send_null();
//   Point back = points.decode(out);
//
// Who reads many values decodes into one object, whose memory is then used again:
//   std::optional<Point> point;
//   points.decode(bytes, point);                         // void(BytesView, Point&) instead of Point(BytesView)
//
// Serde<std::optional<T>> is Serde<T> with null as std::nullopt. Copyable; may be used from any thread if the functions
// inside may. decode throws SerdeError, and NullValueError for a null that T cannot hold. What stands in `out` after a
// call that threw is unspecified.
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

// Runs a decoder that knows null, one that fills an object, or one that makes one.
template <class T, class Decode>
void run_decoder(const Decode& decode, NullableView in, std::optional<T>& out) {
  if constexpr (std::is_invocable_v<const Decode&, NullableView>) {
    out.emplace(decode(in));
  } else {
    if (!in) throw NullValueError();
    if constexpr (std::is_invocable_v<const Decode&, BytesView, T&>) {
      if (!out) out.emplace();
      decode(*in, *out);
    } else {
      out.emplace(decode(*in));
    }
  }
}

// Each combination of types has an address of its own.
template <class... Ts>
inline constexpr char kFormOf = 0;

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
      if constexpr (requires { &SerdeTraits<T>::decode_into; }) {
        decode_ = [](NullableView in, std::optional<T>& out) {
          internal::run_decoder(&SerdeTraits<T>::decode_into, in, out);
        };
      } else {
        decode_ = [](NullableView in, std::optional<T>& out) {
          internal::run_decoder(&SerdeTraits<T>::decode, in, out);
        };
      }
      if constexpr (requires { SerdeTraits<T>::kManySpellings; }) form_ = &internal::kFormOf<T>;
    }
  }

  // encode appends to `out` and returns nothing, or false (having appended nothing) for null.
  // decode takes a BytesView, or a NullableView if null means something to T, and returns a T; or it takes a BytesView
  // and a T& to fill, which holds any older value.
  template <class Encode, class Decode>
  Serde(Encode encode, Decode decode, std::size_t unpartitioned_suffix = 0)
      : encode_([encode = std::move(encode)](const T& value, Bytes& out) {
          return internal::run_encoder(encode, value, out);
        }),
        decode_([decode = std::move(decode)](NullableView in, std::optional<T>& out) {
          internal::run_decoder(decode, in, out);
        }),
        form_(std::is_empty_v<Encode> && std::is_empty_v<Decode> ? &internal::kFormOf<T, Encode, Decode> : nullptr),
        unpartitioned_suffix_(unpartitioned_suffix) {
    static_assert(std::is_invocable_v<const Encode&, const T&, Bytes&>,
                  "Serde<T>: the encoder needs void(const T&, Bytes&) or bool(const T&, Bytes&)");
    static_assert(
        std::is_invocable_r_v<T, const Decode&, BytesView> || std::is_invocable_v<const Decode&, BytesView, T&>,
        "Serde<T>: the decoder needs T(BytesView), T(NullableView) or void(BytesView, T&)");
  }

  // Appends the value's bytes; false, and nothing appended, if the value is null.
  bool encode(const T& value, Bytes& out) const { return encode_(value, out); }

  T decode(NullableView in) const {
    std::optional<T> out;
    decode_(in, out);
    return *std::move(out);
  }

  // The same into an object that is there already, or is made.
  void decode(NullableView in, std::optional<T>& out) const { decode_(in, out); }

  // Equal for serdes that read and write alike; nullptr if that is not known. A value that was read in a form need not
  // be written anew in the same form: its bytes will do.
  const void* form() const { return form_; }

  // How many bytes at the end of an encoded key take no part in partitioning: the window of a windowed key.
  std::size_t unpartitioned_suffix() const { return unpartitioned_suffix_; }

 private:
  std::function<bool(const T&, Bytes&)> encode_;  // a captureless lambda for the found serde: one call, no allocation
  std::function<void(NullableView, std::optional<T>&)> decode_;
  const void* form_ = nullptr;
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

  void decode(NullableView in, std::optional<std::optional<T>>& out) const {
    if (!out) out.emplace();
    if (in) {
      inner_.decode(in, *out);
    } else {
      out->reset();
    }
  }

  // Of the values that are not null.
  const Serde<T>& inner() const { return inner_; }

  const void* form() const { return inner_.form(); }

  std::size_t unpartitioned_suffix() const { return inner_.unpartitioned_suffix(); }

 private:
  Serde<T> inner_;
};

}  // namespace levada
