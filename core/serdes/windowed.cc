#include <fmt/format.h>

#include <levada/core/serdes/windowed.h>

namespace levada::internal {

Timestamp end_of_window(Timestamp start, Duration size) {
  return start > Timestamp::max() - size ? Timestamp::max() : start + size;
}

BytesView inner_key(BytesView in, std::size_t suffix) {
  if (in.size() < suffix) {
    throw SerdeError(fmt::format("windowed key: expected at least {} bytes, found {}", suffix, in.size()));
  }
  return in.substr(0, in.size() - suffix);
}

Window read_time_window(BytesView in, Duration size) {
  const BytesView key = inner_key(in, kStartSize);
  const Timestamp start = SerdeTraits<Timestamp>::decode(in.substr(key.size()));
  return {.start = start, .end = end_of_window(start, size)};
}

Window read_session_window(BytesView in) {
  const BytesView times = in.substr(inner_key(in, kEndAndStartSize).size());
  return {.start = SerdeTraits<Timestamp>::decode(times.substr(kStartSize)),
          .end = SerdeTraits<Timestamp>::decode(times.substr(0, kStartSize))};
}

void throw_unknown_window_size() {
  throw SerdeError(
      "windowed key: its bytes hold the window's start but not its size; pass time_windowed_serde<K>(size) or "
      "session_windowed_serde<K>() where it is read");
}

}  // namespace levada::internal
