// levada restore --dry-run: what an instance would have to read of its changelogs if it started now.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tools/levada/command.h"
#include "tools/levada/connection.h"

namespace levada {

class RestoreCommand final : public Command {
 public:
  explicit RestoreCommand(CLI::App& program);
  absl::StatusOr<int> run(Surroundings& surroundings) override;

 private:
  ConnectionOptions connection_ = {};
  std::string topology_ = {};
  std::optional<std::string> state_dir_ = std::nullopt;
  std::int64_t rate_ = 200'000;
  bool all_tasks_ = false;
  bool json_ = false;
  bool dry_run_ = false;
};

}  // namespace levada
