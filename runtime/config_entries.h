// What an application has set: for each key the value given last, and where it was given.
//
//   ConfigEntries entries;
//   entries.insert_or_assign("poll.ms", ConfigEntry{.key = "poll.ms", .value = "5", .source = "app.properties:3"});
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <levada/runtime/config_sources.h>

namespace levada::internal {

using ConfigEntries = std::map<std::string, ConfigEntry, std::less<>>;

// Whether the value of this key must not be shown.
bool is_secret_key(std::string_view key);

}  // namespace levada::internal
