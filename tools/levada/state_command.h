// levada state list | count | get | scan | export: what is in the stores of an instance that does not run.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>

#include <levada/state/stored_state.h>

#include "tools/levada/command.h"
#include "tools/levada/named_serde.h"
#include "tools/levada/state_directory.h"

namespace levada {

class StateCommand final : public Command {
 public:
  explicit StateCommand(CLI::App& program);
  absl::StatusOr<int> run(Surroundings& surroundings) override;

 private:
  using Visit = std::function<bool(const TaskDirectory& task, const StoredEntry& entry)>;

  CLI::App& add(const std::string& name, const std::string& what);
  void add_store(CLI::App& command);
  void add_serdes(CLI::App& command);

  absl::StatusOr<int> list(Surroundings& surroundings) const;
  absl::StatusOr<int> count(Surroundings& surroundings) const;
  absl::StatusOr<int> get(Surroundings& surroundings) const;
  absl::StatusOr<int> scan(Surroundings& surroundings) const;
  absl::StatusOr<int> export_all(Surroundings& surroundings) const;

  // All tasks that have the store. kNotFound if none has.
  absl::Status visit(const StoredKeys& keys, const Visit& visit) const;
  // At most `limit` lines; whether there are more.
  absl::StatusOr<bool> write(const StoredKeys& keys, std::optional<std::int64_t> limit, std::ostream& out,
                             std::int64_t& written) const;

  std::string directory_ = {};
  std::string store_ = {};
  std::string key_ = {};
  std::string key_serde_ = "string";
  std::string value_serde_ = "bytes";
  std::optional<std::string> window_size_ = std::nullopt;
  std::optional<std::string> from_ = std::nullopt;
  std::optional<std::string> to_ = std::nullopt;
  std::int64_t limit_ = 20;
  std::string output_ = {};
};

}  // namespace levada
