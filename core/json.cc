#include <levada/core/json.h>

namespace levada::internal {

void fail_out_of_range(JsonReader& reader) { reader.fail_expected("integer that fits"); }

Timestamp read_json_timestamp(JsonReader& reader) {
  const std::optional<Timestamp> time = parse_iso8601(reader.read_string());
  if (!time) reader.fail_expected("time such as \"2026-01-01T00:00:00.000Z\"");
  return *time;
}

Uuid read_json_uuid(JsonReader& reader) {
  const std::optional<Uuid> uuid = Uuid::parse(reader.read_string());
  if (!uuid) reader.fail_expected("UUID");
  return *uuid;
}

}  // namespace levada::internal
