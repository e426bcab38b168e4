// The levada command.
//
//   levada plan OLD NEW      what becomes of the stores and internal topics; exit code 1 if a deployment should stop
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <levada/core/saved_topology.h>

#include "tools/levada/plan.h"

namespace levada {
namespace {

constexpr int kStop = 1;
constexpr int kCannotTell = 2;

struct PlanArguments {
  std::string before = {};
  std::string after = {};
  std::vector<std::string> allowed = {};
};

absl::StatusOr<SavedTopology> read(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(path + ": cannot be read");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  absl::StatusOr<SavedTopology> topology = read_saved_topology(text);
  if (topology.ok()) return topology;
  return absl::Status(topology.status().code(), path + ": " + std::string(topology.status().message()));
}

int run_plan(const PlanArguments& arguments) {
  const absl::StatusOr<SavedTopology> before = read(arguments.before);
  const absl::StatusOr<SavedTopology> after = read(arguments.after);
  for (const auto* topology : {&before, &after}) {
    if (topology->ok()) continue;
    std::cerr << topology->status().message() << '\n';
    return kCannotTell;
  }
  std::set<std::string_view> allowed(arguments.allowed.begin(), arguments.allowed.end());
  allowed.insert({to_string(Fate::kKept), to_string(Fate::kNew)});
  int code = 0;
  for (const PlannedFate& fate : plan(*before, *after)) {
    std::cout << to_line(fate) << '\n';
    if (!allowed.contains(to_string(fate.fate))) code = kStop;
  }
  return code;
}

int run(int argc, char** argv) {
  CLI::App app("Tools for applications made with Levada");
  app.require_subcommand(1);
  PlanArguments arguments;
  CLI::App& plan = *app.add_subcommand(
      "plan",
      "Tells what becomes of stores and internal topics when a topology is replaced. Exit code: 0 nothing is "
      "lost, 1 something is renamed, rebuilt or orphaned, 2 a file cannot be read.");
  plan.add_option("OLD", arguments.before, "The saved topology that runs: JSON, or the text of describe()")->required();
  plan.add_option("NEW", arguments.after, "The one that shall replace it")->required();
  plan.add_option("--allow", arguments.allowed, "Fates that are no reason to stop")
      ->check(CLI::IsMember({"renamed", "rebuilt", "orphaned"}));
  CLI11_PARSE(app, argc, argv);
  return run_plan(arguments);
}

}  // namespace
}  // namespace levada

int main(int argc, char** argv) { return levada::run(argc, argv); }
