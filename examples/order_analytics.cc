// Orders created per hour and revenue per hour of a topic of order events (order_topology.h has the topology).
//
//   order_analytics --bootstrap-servers localhost:9092 --input order-events --counts order-analytics
//       --revenue revenue-analytics --grace 10min
//
// Partitions are read at different speeds, so a short grace drops what a slower one brings later; with a large grace
// the result is exact, whatever the order. Output topics are created if they are missing. With --combine much less goes
// through the repartition topics; switching it needs another application id, or topics that are read to their end.

#include "examples/app_options.h"
#include "examples/order_topology.h"
#include "examples/program.h"

int main(int argc, char** argv) {
  examples::AppOptions options = {.defaults = {{"application.id", "order-analytics"},
                                               {"bootstrap.servers", "localhost:9092"},
                                               {"deserialization.exception.handler", "log-and-continue"}}};
  examples::OrderAnalytics analytics;
  std::string grace = "24h";
  CLI::App app("Orders and revenue per hour of a topic of order events.");
  examples::add_app_options(app, options);
  app.add_option("--input", analytics.input, "topic of the order events")->capture_default_str();
  app.add_option("--counts", analytics.counts, "topic of the orders per hour")->capture_default_str();
  app.add_option("--revenue", analytics.revenue, "topic of the revenue per hour")->capture_default_str();
  app.add_option("--grace", grace, "how late an event may come, such as 10min or 24h")->capture_default_str();
  app.add_flag("--combine", analytics.combining, "count and sum events before they are repartitioned");
  CLI11_PARSE(app, argc, argv);

  return examples::exit_code_of([&] {
    analytics.grace = examples::duration_or_throw(grace);
    const levada::StreamsConfig config = examples::config_of(options);
    examples::create_missing_outputs(*examples::AdminClient(config).admin, analytics.input,
                                     {analytics.counts, analytics.revenue});
    levada::StreamsBuilder builder;
    examples::add_order_analytics(builder, analytics);
    examples::run_app(builder, config, options);
    return 0;
  });
}
