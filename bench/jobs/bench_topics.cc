// Creates and deletes topics for bench/run.sh.

#include <string>
#include <vector>

#include "bench/support/job_options.h"
#include "bench/support/topics.h"

int main(int argc, char** argv) {
  std::string bootstrap_servers = "localhost:9092";
  std::vector<std::string> create;
  std::string delete_prefix;
  bench::TopicSettings settings;
  CLI::App app("Creates topics, or deletes those that start with a prefix.");
  app.add_option("--bootstrap-servers", bootstrap_servers)->capture_default_str();
  app.add_option("--create", create, "topics to create, with retention.ms=-1");
  app.add_option("--partitions", settings.partitions)->capture_default_str();
  app.add_option("--delete-prefix", delete_prefix);
  CLI11_PARSE(app, argc, argv);
  return bench::exit_code_of([&] {
    bench::Topics topics({bootstrap_servers});
    if (!create.empty()) topics.create(create, settings);
    if (!delete_prefix.empty()) topics.delete_prefix(delete_prefix);
  });
}
