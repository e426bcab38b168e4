#include "tools/levada/program.h"

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>

#include "tools/levada/command.h"
#include "tools/levada/describe_command.h"
#include "tools/levada/dlq_command.h"
#include "tools/levada/lag_command.h"
#include "tools/levada/plan_command.h"
#include "tools/levada/reset_command.h"
#include "tools/levada/restore_command.h"
#include "tools/levada/state_command.h"

namespace levada {
namespace {

std::vector<std::unique_ptr<Command>> add_commands(CLI::App& program) {
  std::vector<std::unique_ptr<Command>> commands;
  commands.push_back(std::make_unique<DescribeCommand>(program));
  commands.push_back(std::make_unique<DlqCommand>(program));
  commands.push_back(std::make_unique<LagCommand>(program));
  commands.push_back(std::make_unique<PlanCommand>(program));
  commands.push_back(std::make_unique<ResetCommand>(program));
  commands.push_back(std::make_unique<RestoreCommand>(program));
  commands.push_back(std::make_unique<StateCommand>(program));
  return commands;
}

int run(Command& command, Surroundings& surroundings) {
  const absl::StatusOr<int> code = command.run(surroundings);
  if (code.ok()) return *code;
  surroundings.err << "levada " << command.name() << ": " << std::string(code.status().message()) << '\n';
  return kFailed;
}

}  // namespace

int run_program(std::vector<std::string> arguments, Surroundings& surroundings) {
  CLI::App program("Tools for applications made with Levada", "levada");
  program.require_subcommand(1);
  program.footer(
      "levada COMMAND --help has examples.\n"
      "Exit codes: 0 done; 1 done, and the answer is one to stop for; 2 it could not be done.");
  const auto commands = add_commands(program);
  try {
    std::ranges::reverse(arguments);  // as CLI11 wants them
    program.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    return program.exit(error, surroundings.out, surroundings.err) == 0 ? kDone : kFailed;
  }
  for (const std::unique_ptr<Command>& command : commands) {
    if (command->is_chosen()) return run(*command, surroundings);
  }
  return kFailed;
}

}  // namespace levada
