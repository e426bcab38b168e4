// Points in time as text, such as 2026-01-01T12:30:00.250Z.
//
//   std::string text = format_iso8601(now);                        // UTC, always with milliseconds
//   std::optional<Timestamp> time = parse_iso8601("2026-01-01T13:30:00+01:00");
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <levada/core/time.h>

namespace levada {

// Years 0000 to 9999; a time outside them is written as its number of milliseconds.
std::string format_iso8601(Timestamp time);

// Date, 'T' or a space, hours and minutes, perhaps seconds with one to nine decimals (cut to milliseconds), then Z or
// an offset such as +01:00, +0100 or +01; without one it is UTC. Anything else, and days that do not exist: nullopt.
std::optional<Timestamp> parse_iso8601(std::string_view text);

}  // namespace levada
