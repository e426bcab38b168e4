// The topologies that more than one micro benchmark counts with: by key, and by key and hour.
//
//   levada::StreamsBuilder builder;
//   bench::count(builder);                     // "in" to "out", store "counts"
#pragma once

#include <chrono>
#include <string>

#include <levada/dsl/streams_builder.h>

namespace bench {

inline void count(levada::StreamsBuilder& builder) {
  builder.stream<std::string, std::string>("in").group_by_key().count({.store = "counts"}).to_stream().to("out");
}

inline void windowed(levada::StreamsBuilder& builder) {
  builder.stream<std::string, std::string>("in")
      .group_by_key()
      .windowed_by(levada::TimeWindows::of(std::chrono::hours(1), {.grace = std::chrono::hours(24)}))
      .count({.store = "counts"})
      .to_stream()
      .to("out");
}

}  // namespace bench
