#include <absl/container/inlined_vector.h>
#include <fmt/format.h>

#include <levada/core/json_fields.h>

namespace levada::internal {
namespace {

constexpr std::size_t kUsualFields = 32;

// Texts usually have the fields in the order of the struct: the search begins where the last one ended.
std::size_t find_field(JsonFieldTable table, std::string_view name, std::size_t expected) {
  for (std::size_t i = expected; i < table.count; ++i) {
    if (table.entries[i].name == name) return i;
  }
  for (std::size_t i = 0; i < expected; ++i) {
    if (table.entries[i].name == name) return i;
  }
  return table.count;
}

}  // namespace

void read_json_fields(JsonReader& reader, JsonFieldTable table, void* object) {
  absl::InlinedVector<bool, kUsualFields> found(table.count, false);
  std::size_t expected = 0;
  reader.read_object([&](std::string_view name, JsonReader& value) {
    const std::size_t i = find_field(table, name, expected);
    if (i == table.count) return;
    table.entries[i].read(value, object);
    found[i] = true;
    expected = i + 1;
  });
  for (std::size_t i = 0; i < table.count; ++i) {
    if (table.entries[i].required && !found[i]) reader.fail_missing(table.entries[i].name);
  }
}

void write_json_fields(JsonFieldTable table, const void* object, JsonWriter& writer) {
  writer.begin_object();
  for (std::size_t i = 0; i < table.count; ++i) {
    const JsonFieldEntry& entry = table.entries[i];
    if (entry.is_set != nullptr && !entry.is_set(object)) continue;
    writer.key(entry.name);
    entry.write(object, writer);
  }
  writer.end_object();
}

void fail_unknown_name(JsonReader& reader, std::string_view found, const std::string& accepted) {
  reader.fail(fmt::format("expected one of {}, found \"{}\"", accepted, found));
}

void throw_unnamed(long long value) { throw SerdeError(fmt::format("enum value {} has no name in JSON", value)); }

}  // namespace levada::internal
