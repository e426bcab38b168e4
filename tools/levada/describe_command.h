// levada describe TOPOLOGY: a saved topology as Kafka Streams prints it, with what it keeps and which topics it makes.
#pragma once

#include <string>

#include "tools/levada/command.h"

namespace levada {

class DescribeCommand final : public Command {
 public:
  explicit DescribeCommand(CLI::App& program);
  absl::StatusOr<int> run(Surroundings& surroundings) override;

 private:
  std::string path_ = {};
  std::string application_id_ = {};
  bool internal_ = false;
  bool json_ = false;
};

}  // namespace levada
