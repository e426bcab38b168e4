// levada dlq replay TOPIC: puts dead letters back to where they came from (dlq_replay.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/levada/command.h"
#include "tools/levada/connection.h"
#include "tools/levada/dlq_replay.h"

namespace levada {

class DlqCommand final : public Command {
 public:
  explicit DlqCommand(CLI::App& program);
  absl::StatusOr<int> run(Surroundings& surroundings) override;

 private:
  absl::StatusOr<DlqFilter> filter() const;

  ConnectionOptions connection_ = {.default_application_id = "levada-dlq-replay"};  // clients have a name
  std::string topic_ = {};
  std::vector<std::string> exceptions_ = {};
  std::vector<std::string> topics_ = {};
  std::optional<std::string> from_ = std::nullopt;
  std::optional<std::string> until_ = std::nullopt;
  std::uint64_t rate_ = 0;
  bool execute_ = false;
};

}  // namespace levada
