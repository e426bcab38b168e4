// levada reset: takes a stopped application back to a place in its input (reset.h).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tools/levada/command.h"
#include "tools/levada/connection.h"
#include "tools/levada/reset.h"

namespace levada {

class ResetCommand final : public Command {
 public:
  explicit ResetCommand(CLI::App& program);
  absl::StatusOr<int> run(Surroundings& surroundings) override;

 private:
  void add_targets();
  absl::StatusOr<ResetTarget> target() const;
  absl::StatusOr<ResetRequest> request(const std::string& application_id) const;
  absl::StatusOr<int> carry_out_now(const ResetPlan& plan, const Connection& connection, Surroundings& surroundings);
  absl::Status make_members_leave(const ResetPlan& plan, const Connection& connection) const;

  ConnectionOptions connection_ = {};
  bool to_earliest_ = false;
  bool to_latest_ = false;
  std::optional<std::string> to_datetime_ = std::nullopt;
  std::optional<std::int64_t> to_offset_ = std::nullopt;
  std::optional<std::int64_t> shift_by_ = std::nullopt;
  std::vector<std::string> input_topics_ = {};
  std::vector<std::string> internal_topics_ = {};
  std::string topology_ = {};
  std::optional<std::filesystem::path> state_dir_ = std::nullopt;
  bool keep_internal_topics_ = false;
  bool execute_ = false;
  bool force_ = false;
  std::string force_timeout_ = "60s";
};

}  // namespace levada
