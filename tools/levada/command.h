// A command of the levada program: which options it takes, and what it does.
//
//   class DescribeCommand final : public Command {
//    public:
//     explicit DescribeCommand(CLI::App& program);              // adds "describe" with its options and its help
//     absl::StatusOr<int> run(Surroundings& surroundings) override;
//   };
//
// An error is told on stderr behind the command's name, and ends the program with kFailed.
#pragma once

#include <string>

#include <CLI/CLI.hpp>
#include <absl/status/statusor.h>

#include "tools/levada/surroundings.h"

namespace levada {

// Exit codes of all commands.
inline constexpr int kDone = 0;
inline constexpr int kNo = 1;      // the command did its work, and the answer is one to stop for: its help says which
inline constexpr int kFailed = 2;  // wrong arguments, a file or a cluster that does not answer

class Command {
 public:
  virtual ~Command() = default;
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  bool is_chosen() const { return command_.parsed(); }
  std::string name() const { return command_.get_name(); }

  virtual absl::StatusOr<int> run(Surroundings& surroundings) = 0;

 protected:
  // `program` owns what is added to it, and outlives this.
  Command(CLI::App& program, const std::string& name, const std::string& what)
      : command_(*program.add_subcommand(name, what)) {}

  CLI::App& command() { return command_; }

 private:
  CLI::App& command_;
};

}  // namespace levada
