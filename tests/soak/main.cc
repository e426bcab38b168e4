// soak --kills 200 --broker-kills 10 --guarantee exactly_once_v2
// soak --kills 0 --leaves 60 --gap 30 --memory memory.csv            half an hour
//
// Needs Java and Maven, for the broker. Ends as a test does.
#include <cstdio>
#include <random>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/soak/soak.h"

namespace levada::testing {
namespace {

SoakOptions options = {.seed = std::random_device()()};

TEST(Soak, GuaranteeHolds) {
  fmt::print("seed {}\n", options.seed);
  std::fflush(stdout);
  Soak(options).run();
}

int run(int argc, char** argv) {
  CLI::App app("The main job under a steady load, while what it stands on fails at random moments");
  app.add_option("--instances", options.instances, "of order_analytics")->capture_default_str();
  app.add_flag("--static", options.static_members, "every other one is a static member");
  app.add_option("--kills", options.kills, "of instances")->capture_default_str();
  app.add_option("--leaves", options.leaves, "of instances that come back")->capture_default_str();
  app.add_option("--broker-kills", options.broker_kills, "of the broker")->capture_default_str();
  app.add_option("--gap", options.gap, "seconds of input from one fault to the next, on average")
      ->capture_default_str();
  app.add_option("--rate", options.rate, "events a second")->capture_default_str();
  app.add_option("--guarantee", options.guarantee, "processing.guarantee")
      ->check(CLI::IsMember({"at_least_once", "exactly_once_v2"}))
      ->capture_default_str();
  app.add_option("--memory", options.memory, "file for what the instances take, each second");
  app.add_option("--seed", options.seed, "of what happens when");
  CLI11_PARSE(app, argc, argv);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}

}  // namespace
}  // namespace levada::testing

int main(int argc, char** argv) { return levada::testing::run(argc, argv); }
