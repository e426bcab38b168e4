// levada plan OLD NEW: what becomes of stores and internal topics when a topology is replaced (plan.h).
#pragma once

#include <string>
#include <vector>

#include "tools/levada/command.h"

namespace levada {

class PlanCommand final : public Command {
 public:
  explicit PlanCommand(CLI::App& program);
  absl::StatusOr<int> run(Surroundings& surroundings) override;

 private:
  std::string before_ = {};
  std::string after_ = {};
  std::vector<std::string> allowed_ = {};
};

}  // namespace levada
