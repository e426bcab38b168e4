// The configuration keys that Levada itself understands: those of Kafka Streams, and its own. One table, from which
// checks, defaults and documentation are made. (Keys of the clients are librdkafka's: librdkafka_keys.h.)
//
//   const ConfigKey* key = find_config_key("num.stream.threads");
//   key->default_value                                                  // "1"
//   check_value(*key, "many")                                           // "expected an integer, 1 or more"
//
// Pure data and functions.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/types/span.h>

namespace levada::internal {

enum class ConfigKind : std::uint8_t { kString, kBool, kInteger, kMilliseconds, kBytes, kSize, kChoice, kChoices };

enum class ConfigUse : std::uint8_t {
  kUsed,
  kDefaultOnly,  // known, but only its default is possible; anything else is an error that gives the reason
  kNoEffect,     // accepted, so that a Kafka Streams file can be used as it is; told in the log
  kRefused,      // an error that says what to do instead
};

struct ConfigKey {
  std::string_view name;
  ConfigKind kind;
  std::string_view default_value;  // empty: none
  ConfigUse use;
  std::string_view doc;           // for kUsed what it does, else why it does not
  std::string_view choices = {};  // "log-and-fail=LogAndFailExceptionHandler|…": the value, then other spellings of it
  std::int64_t minimum = 0;       // of numbers
  std::int64_t maximum = std::numeric_limits<std::int64_t>::max();
};

absl::Span<const ConfigKey> config_keys();
const ConfigKey* find_config_key(std::string_view name);

// kInvalidArgument says what was expected. The value itself is left for the caller to quote.
absl::Status check_value(const ConfigKey& key, std::string_view value);

// The choice that `value` spells, without regard to case and to the package of a Java class name.
std::optional<std::string_view> canonical_choice(const ConfigKey& key, std::string_view value);

}  // namespace levada::internal
