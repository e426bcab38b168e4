// levada lag: how far an application is behind the topics it reads (lag.h).
#pragma once

#include <cstdint>
#include <optional>

#include "tools/levada/command.h"
#include "tools/levada/connection.h"

namespace levada {

class LagCommand final : public Command {
 public:
  explicit LagCommand(CLI::App& program);
  absl::StatusOr<int> run(Surroundings& surroundings) override;

 private:
  ConnectionOptions connection_ = {};
  bool json_ = false;
  std::optional<std::int64_t> limit_ = std::nullopt;
};

}  // namespace levada
