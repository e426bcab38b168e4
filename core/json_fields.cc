#include <fmt/format.h>

#include <levada/core/json_fields.h>

namespace levada::internal {

void write_json_fields(const JsonFieldTable& table, const void* object, JsonWriter& writer) {
  writer.begin_object();
  for (std::size_t i = 0; i < table.names.size(); ++i) {
    const JsonFieldEntry& entry = table.entries[i];
    if (entry.is_set != nullptr && !entry.is_set(object)) continue;
    writer.key(table.names[i]);
    entry.write(object, writer);
  }
  writer.end_object();
}

void fail_unknown_name(JsonReader& reader, std::string_view found, const std::string& accepted) {
  reader.fail(fmt::format("expected one of {}, found \"{}\"", accepted, found));
}

void throw_unnamed(long long value) { throw SerdeError(fmt::format("enum value {} has no name in JSON", value)); }

}  // namespace levada::internal
