#include <utility>

#include <absl/container/inlined_vector.h>
#include <fmt/format.h>

#include <levada/core/json_fields.h>

namespace levada::internal {
namespace {

constexpr std::size_t kUsualFields = 32;

}  // namespace

void read_json_fields(JsonReader& reader, JsonFieldTable table, void* object) {
  const std::size_t count = table.names.size();
  absl::InlinedVector<bool, kUsualFields> found(count, false);
  std::size_t missing = count;
  reader.read_object(table.names, [&](std::size_t i, JsonReader& value) {
    table.entries[i].read(value, object);
    if (!std::exchange(found[i], true)) --missing;
  });
  if (missing == 0) return;
  for (std::size_t i = 0; i < count; ++i) {
    if (table.entries[i].required && !found[i]) reader.fail_missing(table.names[i]);
  }
}

void write_json_fields(JsonFieldTable table, const void* object, JsonWriter& writer) {
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
