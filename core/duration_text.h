// Durations and sizes as people write them in options and configuration files.
//
//   parse_duration("1h30min")     // 5'400'000 ms; units d, h, min, s, ms, from large to small, each at most once
//   format_duration(90min)        // "1h30min"
//   parse_size("512MiB")          // 536'870'912; also KiB, GiB, TiB, and the decimal kB, MB, GB, TB; a bare number is
//   bytes format_size(536'870'912)      // "512MiB"
//
// Errors are kInvalidArgument and quote the text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <absl/status/statusor.h>

#include <levada/core/time.h>

namespace levada {

absl::StatusOr<Duration> parse_duration(std::string_view text);
std::string format_duration(Duration duration);

absl::StatusOr<std::int64_t> parse_size(std::string_view text);
std::string format_size(std::int64_t bytes);

}  // namespace levada
