#include "tools/levada/state_command.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <levada/core/duration_text.h>
#include <levada/core/serde_traits.h>
#include <levada/core/status_macros.h>

#include "tools/levada/entry_line.h"
#include "tools/levada/table.h"

namespace levada {
namespace {

// What stands in a store is nobody else's business.
absl::Status create_for_owner(const std::string& path) {
  const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file >= 0) {
    ::close(file);
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      fmt::format("--output {}: cannot be created ({})", path, std::generic_category().message(errno)));
}

}  // namespace

StateCommand::StateCommand(CLI::App& program)
    : Command(program, "state", "Looks into the stores of an instance that does not run; changes nothing") {
  command().require_subcommand(1);
  add("list", "The stores of each task");
  add_store(add("count", "How many entries a store has"));

  CLI::App& get = add("get", "The entries of one key: of window and session stores all its windows");
  add_store(get);
  get.add_option("KEY", key_, "As its serde reads it")->required();
  add_serdes(get);

  CLI::App& scan = add("scan", "The first entries, or those of a range of keys");
  add_store(scan);
  add_serdes(scan);
  scan.add_option("--from", from_, "The first key, in the order of bytes");
  scan.add_option("--to", to_, "The last key");
  scan.add_option("--limit", limit_, "So many lines at most")->capture_default_str();

  CLI::App& all = add("export", "All entries");
  add_store(all);
  add_serdes(all);
  all.add_option("--output", output_, "A new file, for its owner only; else stdout");

  command().footer(
      "DIRECTORY is <state.dir>/<application.id>, or the directory of one task in it. Entries are JSON lines.\n"
      "Serdes: string, int16, int32, int64, float, double, bool, timestamp, bytes (hexadecimal), json, windowed:NAME,\n"
      "session-windowed:NAME.\n"
      "Examples:\n"
      "  levada state list /var/lib/orders/orders\n"
      "  levada state count /var/lib/orders/orders orders-per-hour\n"
      "  levada state get /var/lib/orders/orders orders-per-hour OrderCreated --value int64 --window-size 1h\n"
      "  levada state scan /var/lib/orders/orders/1_0 customers --value json --from c-1 --to c-2\n"
      "  levada state export /var/lib/orders/orders customers --value json --output customers.jsonl\n"
      "Exit codes: 0 done; 1 get: there is no such key; 2 a directory, store or serde is wrong, or an instance runs.");
}

CLI::App& StateCommand::add(const std::string& name, const std::string& what) {
  CLI::App& added = *command().add_subcommand(name, what);
  added.add_option("DIRECTORY", directory_, "<state.dir>/<application.id>, or one task's")->required();
  return added;
}

void StateCommand::add_store(CLI::App& command) {
  command.add_option("STORE", store_, "The store's name: `levada state list` has them")->required();
}

void StateCommand::add_serdes(CLI::App& command) {
  command.add_option("--key", key_serde_, "The keys' serde")->capture_default_str();
  command.add_option("--value", value_serde_, "The values' serde")->capture_default_str();
  command.add_option("--window-size", window_size_, "Windows get their ends, too: 1h");
}

absl::StatusOr<int> StateCommand::run(Surroundings& surroundings) {
  if (command().got_subcommand("list")) return list(surroundings);
  if (command().got_subcommand("count")) return count(surroundings);
  if (command().got_subcommand("get")) return get(surroundings);
  if (command().got_subcommand("scan")) return scan(surroundings);
  return export_all(surroundings);
}

absl::StatusOr<int> StateCommand::list(Surroundings& surroundings) const {
  Table table({"TASK", "STORE", "KIND", "ENTRIES (ABOUT)", "CHANGELOG OFFSET"});
  LEVADA_ASSIGN_OR_RETURN(const std::vector<TaskDirectory> tasks, task_directories(directory_));
  for (const TaskDirectory& task : tasks) {
    LEVADA_ASSIGN_OR_RETURN(const auto state, StoredState::open(task.path));
    for (const StoredStore& store : state->stores()) {
      table.add({task.task, store.name, store.kind.to_string(), std::to_string(store.about_entries),
                 store.changelog_offset ? std::to_string(*store.changelog_offset) : "-"});
    }
  }
  surroundings.out << table.text();
  return kDone;
}

absl::StatusOr<int> StateCommand::count(Surroundings& surroundings) const {
  std::vector<std::pair<std::string, std::int64_t>> counts;
  LEVADA_RETURN_IF_ERROR(visit({}, [&](const TaskDirectory& task, const StoredEntry& /*entry*/) {
    if (counts.empty() || counts.back().first != task.task) counts.emplace_back(task.task, 0);
    ++counts.back().second;
    return true;
  }));
  Table table({"TASK", "ENTRIES"});
  std::int64_t sum = 0;
  for (const auto& [task, entries] : counts) {
    table.add({task, std::to_string(entries)});
    sum += entries;
  }
  table.add({"all", std::to_string(sum)});
  surroundings.out << table.text();
  return kDone;
}

absl::StatusOr<int> StateCommand::get(Surroundings& surroundings) const {
  LEVADA_ASSIGN_OR_RETURN(const NamedSerde serde, NamedSerde::find(key_serde_));
  LEVADA_ASSIGN_OR_RETURN(const Bytes key, serde.bytes(key_));
  std::int64_t found = 0;
  LEVADA_RETURN_IF_ERROR(write({.from = key, .to = key}, std::nullopt, surroundings.out, found).status());
  if (found == 0) surroundings.err << fmt::format("store {} has no key {}\n", store_, key_);
  return found == 0 ? kNo : kDone;
}

absl::StatusOr<int> StateCommand::scan(Surroundings& surroundings) const {
  LEVADA_ASSIGN_OR_RETURN(const NamedSerde serde, NamedSerde::find(key_serde_));
  StoredKeys keys;
  if (from_) {
    LEVADA_ASSIGN_OR_RETURN(keys.from, serde.bytes(*from_));
  }
  if (to_) {
    LEVADA_ASSIGN_OR_RETURN(keys.to, serde.bytes(*to_));
  }
  std::int64_t written = 0;
  LEVADA_ASSIGN_OR_RETURN(const bool more, write(keys, limit_, surroundings.out, written));
  if (more) surroundings.err << fmt::format("there are more than {}: see --limit\n", written);
  return kDone;
}

absl::StatusOr<int> StateCommand::export_all(Surroundings& surroundings) const {
  std::int64_t written = 0;
  if (output_.empty()) {
    LEVADA_RETURN_IF_ERROR(write({}, std::nullopt, surroundings.out, written).status());
    return kDone;
  }
  LEVADA_RETURN_IF_ERROR(create_for_owner(output_));
  std::ofstream file(output_);
  LEVADA_RETURN_IF_ERROR(write({}, std::nullopt, file, written).status());
  file.close();
  if (!file) return absl::ResourceExhaustedError(fmt::format("--output {}: cannot be written", output_));
  surroundings.out << fmt::format("{} entries in {}\n", written, output_);
  return kDone;
}

absl::Status StateCommand::visit(const StoredKeys& keys, const Visit& visit) const {
  LEVADA_ASSIGN_OR_RETURN(const std::vector<TaskDirectory> tasks, task_directories(directory_));
  bool found = false;
  bool enough = false;
  for (const TaskDirectory& task : tasks) {
    LEVADA_ASSIGN_OR_RETURN(const auto state, StoredState::open(task.path));
    if (state->find(store_) == nullptr) continue;
    found = true;
    LEVADA_RETURN_IF_ERROR(state->visit(store_, keys, [&](const StoredEntry& entry) {
      enough = !visit(task, entry);
      return !enough;
    }));
    if (enough) return absl::OkStatus();
  }
  if (found) return absl::OkStatus();
  return absl::NotFoundError(
      fmt::format("{}: no task has a store {}; `levada state list` has the names", directory_, store_));
}

absl::StatusOr<bool> StateCommand::write(const StoredKeys& keys, std::optional<std::int64_t> limit, std::ostream& out,
                                         std::int64_t& written) const {
  LEVADA_ASSIGN_OR_RETURN(NamedSerde key, NamedSerde::find(key_serde_));
  LEVADA_ASSIGN_OR_RETURN(NamedSerde value, NamedSerde::find(value_serde_));
  std::optional<Duration> window_size;
  if (window_size_) {
    LEVADA_ASSIGN_OR_RETURN(window_size, parse_duration(*window_size_));
  }
  const EntryLine line(std::move(key), std::move(value), window_size);
  absl::Status wrong;
  bool more = false;
  LEVADA_RETURN_IF_ERROR(visit(keys, [&](const TaskDirectory& task, const StoredEntry& entry) {
    more = limit && written >= *limit;
    if (more) return false;
    try {
      out << line.text(task.task, entry) << '\n';
      ++written;
    } catch (const SerdeError& error) {
      wrong = absl::InvalidArgumentError(
          fmt::format("task {}, store {}: the entry with the key 0x{} is not --key {} and --value {}: {}", task.task,
                      store_, hexadecimal(entry.key), key_serde_, value_serde_, error.what()));
    }
    return wrong.ok();
  }));
  LEVADA_RETURN_IF_ERROR(wrong);
  return more;
}

}  // namespace levada
