// Where settings come from: a .properties file, the environment, key=value arguments. Each gives entries that remember
// their source, so that an error can name it. No key is known here, and no value checked.
//
//   parse_properties("a.b = 1\n# note\nlist = x,\\\n  y", "app.properties")
//       // {"a.b", "1", "app.properties:1"}, {"list", "x,y", "app.properties:3"}
//   read_environment({"LEVADA_NUM_STREAM_THREADS=2"})   // {"num.stream.threads", "2", "environment …"}
//   parse_assignments({"poll.ms=5"})                    // {"poll.ms", "5", "--set"}
//
// Properties are those of java.util.Properties, in UTF-8: comments with # or !, '=' or ':' or white space between key
// and value, a line that ends in a backslash goes on, \t \n \r \f \uXXXX escape.
//
// A variable is LEVADA_ and the key in capitals, with '_' for '.', "__" for '_' and "___" for '-'.
//
// Errors are kInvalidArgument (kNotFound for a missing file) and never quote a value: it may be a password.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/types/span.h>

namespace levada::internal {

struct ConfigEntry {
  std::string key = {};
  std::string value = {};
  std::string source = {};

  friend bool operator==(const ConfigEntry&, const ConfigEntry&) = default;
};

absl::StatusOr<std::vector<ConfigEntry>> parse_properties(std::string_view text, const std::string& name);
absl::StatusOr<std::vector<ConfigEntry>> read_properties_file(const std::string& path);
std::vector<ConfigEntry> read_environment(absl::Span<const std::string> variables);
absl::StatusOr<std::vector<ConfigEntry>> parse_assignments(absl::Span<const std::string> assignments);

}  // namespace levada::internal
