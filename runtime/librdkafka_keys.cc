#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <levada/core/text.h>
#include <levada/runtime/librdkafka_keys.h>

namespace levada::internal {

namespace {

constexpr std::string_view kAliasMark = "Alias for `";

struct FileCloser {
  void operator()(FILE* file) const { std::fclose(file); }
};

struct ConfDeleter {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};

// librdkafka offers its list only as a printed table.
std::string printed_table() {
  char* text = nullptr;
  std::size_t size = 0;
  {
    const std::unique_ptr<FILE, FileCloser> file(open_memstream(&text, &size));
    if (file == nullptr) return {};
    rd_kafka_conf_properties_show(file.get());
  }
  std::string table(text, size);
  std::free(text);
  return table;
}

// The property that a description names as the one it is an alias of, else nothing.
std::string_view alias_target(std::string_view description) {
  description = trim(description);
  if (!description.starts_with(kAliasMark)) return {};
  description.remove_prefix(kAliasMark.size());
  return description.substr(0, description.find('`'));
}

bool is_callback(std::string_view description) {
  return description.find("*Type: see dedicated API*") != std::string_view::npos ||
         description.find("*Type: pointer*") != std::string_view::npos;
}

struct Row {
  std::string spelling;
  LibrdkafkaKey key;
};

// Property | C/P | Range | Default | Importance | Description
std::optional<Row> parse_row(std::string_view line) {
  const std::vector<std::string_view> cells = split(line, '|');
  if (cells.size() < 6 || trim(cells[0]) == "Property" || cells[0].starts_with('-')) return std::nullopt;
  const std::string spelling(trim(cells[0]));
  const std::string_view roles = trim(cells[1]);
  const std::string_view target = alias_target(cells[5]);
  const std::string canonical = target.empty() ? spelling : std::string(target);
  return Row{.spelling = spelling,
             .key = {.name = canonical,
                     .canonical = canonical,
                     .range = std::string(trim(cells[2])),
                     .consumer = roles != "P",
                     .producer = roles != "C",
                     .callback = is_callback(line)}};
}

struct Interval {
  std::int64_t low;
  std::int64_t high;
};

std::optional<Interval> interval(std::string_view range) {
  const std::size_t dots = range.find(" .. ");
  if (dots == std::string_view::npos) return std::nullopt;
  const auto low = parse_integer(trim(range.substr(0, dots)));
  const auto high = parse_integer(trim(range.substr(dots + 4)));
  return low && high ? std::optional<Interval>({*low, *high}) : std::nullopt;
}

// librdkafka itself would read "30s" as 30, and wrap around what does not fit into an int.
absl::Status check_number(const LibrdkafkaKey& key, std::string_view value) {
  const std::optional<Interval> allowed = interval(key.range);
  const bool looks_like_number = !value.empty() && (value[0] == '-' || (value[0] >= '0' && value[0] <= '9'));
  if (!allowed || !looks_like_number) return absl::OkStatus();
  const std::optional<std::int64_t> number = parse_integer(value);
  if (number && *number >= allowed->low && *number <= allowed->high) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("expected an integer from {} to {}", allowed->low, allowed->high));
}

absl::Status ask_librdkafka(const LibrdkafkaKey& key, const std::string& spelling, const std::string& value) {
  const std::unique_ptr<rd_kafka_conf_t, ConfDeleter> scratch(rd_kafka_conf_new());
  std::array<char, 512> error = {};
  if (rd_kafka_conf_set(scratch.get(), spelling.c_str(), value.c_str(), error.data(), error.size()) ==
      RD_KAFKA_CONF_OK) {
    return absl::OkStatus();
  }
  const std::string allowed = key.range.empty() ? "" : fmt::format(" (allowed: {})", key.range);
  return absl::InvalidArgumentError(fmt::format("librdkafka says: {}{}", trim(error.data()), allowed));
}

}  // namespace

LibrdkafkaKeys::LibrdkafkaKeys() {
  std::map<std::string, std::string, std::less<>> kafka_spelling;
  const std::string table = printed_table();
  for (const std::string_view line : split(table, '\n')) {
    const std::optional<Row> row = parse_row(line);
    // A property of clients stands before one of topics of the same name, as rd_kafka_conf_set() has it.
    if (!row || !keys_.try_emplace(row->spelling, row->key).second) continue;
    // Where librdkafka has a spelling of its own, Kafka's is the alias.
    if (row->spelling != row->key.canonical) kafka_spelling.try_emplace(row->key.canonical, row->spelling);
  }
  for (auto& [spelling, key] : keys_) {
    const auto alias = kafka_spelling.find(key.canonical);
    if (alias != kafka_spelling.end()) key.name = alias->second;
  }
}

const LibrdkafkaKey* LibrdkafkaKeys::find(std::string_view spelling) const {
  const auto found = keys_.find(spelling);
  return found == keys_.end() ? nullptr : &found->second;
}

absl::Status LibrdkafkaKeys::check(std::string_view spelling, std::string_view value) const {
  const LibrdkafkaKey* key = find(spelling);
  if (key == nullptr) return absl::NotFoundError(fmt::format("librdkafka has no property {}", spelling));
  if (key->callback) return absl::InvalidArgumentError("it is a C function in librdkafka and cannot be configured");
  if (absl::Status status = check_number(*key, value); !status.ok()) return status;
  return ask_librdkafka(*key, std::string(spelling), std::string(value));
}

}  // namespace levada::internal
