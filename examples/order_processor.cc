// Handles order events one by one: a handler for each type, a few tries for each event, and a dead-letter topic for
// what cannot be handled: the original bytes, with error, topic, partition and offset in headers.
//
//   order_processor --input order-events --dead-letters order-events-dlq --max-attempts 3
//
// Nothing is lost: offsets are committed when the dead letters before them are in their log. After a crash, events
// since the last commit are handled again, as handlers must expect. The last line on stdout counts what was done.

#include <atomic>
#include <functional>
#include <map>
#include <thread>

#include "examples/app_options.h"
#include "examples/orders.h"
#include "examples/program.h"

namespace {

using Bytes = std::optional<std::string>;  // as they came, be they JSON or not

struct Options {
  std::string input = "order-events";
  std::string dead_letters = "order-events-dlq";
  int max_attempts = 3;
  std::string backoff = "10ms";
  std::uint64_t flaky = 0;
};

// What all threads have done.
struct Counters {
  std::atomic<std::uint64_t> created = 0;
  std::atomic<std::uint64_t> paid = 0;
  std::atomic<std::uint64_t> shipped = 0;
  std::atomic<std::uint64_t> retries = 0;
  std::atomic<std::uint64_t> dead_letters = 0;
};

struct Summary {
  std::uint64_t created = 0;
  std::uint64_t paid = 0;
  std::uint64_t shipped = 0;
  std::uint64_t retries = 0;
  std::uint64_t dead_letters = 0;

  static constexpr auto json_fields() {
    return levada::json_fields("created", &Summary::created, "paid", &Summary::paid, "shipped", &Summary::shipped,
                               "retries", &Summary::retries, "deadLetters", &Summary::dead_letters);
  }
};

// What another try may cure.
class TransientError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Stands for the services that a shop would call here.
class Handlers {
 public:
  Handlers(Counters& counters, std::uint64_t flaky) : counters_(counters), flaky_(flaky) {}

  // Throws what prevented it.
  void handle(const examples::OrderEvent& event) {
    const auto handler = by_type_.find(event.type);
    if (handler == by_type_.end()) throw std::runtime_error("no handler for type '" + event.type + "'");
    (this->*handler->second)(event);
  }

 private:
  using Handler = void (Handlers::*)(const examples::OrderEvent&);

  void on_created(const examples::OrderEvent&) { ++counters_.created; }

  void on_paid(const examples::OrderEvent& event) {
    if (*event.data.amount <= 0) throw std::runtime_error("a payment of nothing");
    if (flaky_ > 0 && ++payments_ % flaky_ == 0) throw TransientError("the payment service did not answer");
    ++counters_.paid;
  }

  void on_shipped(const examples::OrderEvent&) { ++counters_.shipped; }

  const std::map<std::string, Handler, std::less<>> by_type_ = {
      {std::string(examples::kOrderCreated), &Handlers::on_created},
      {std::string(examples::kPaymentProcessed), &Handlers::on_paid},
      {std::string(examples::kOrderShipped), &Handlers::on_shipped}};
  Counters& counters_;
  std::uint64_t flaky_;
  std::uint64_t payments_ = 0;
};

struct Retries {
  int max_attempts = 3;
  levada::Duration backoff = std::chrono::milliseconds(10);  // before the second try; twice as long before each other
};

// Emits what could not be handled.
class HandleOrders final : public levada::Processor<Bytes, Bytes, Bytes, Bytes> {
 public:
  HandleOrders(Context& context, Counters* counters, Retries retries, std::uint64_t flaky)
      : context_(context), counters_(*counters), retries_(retries), handlers_(*counters, flaky) {}

  void process(const Record& record) override {
    try {
      if (!record.value) throw std::runtime_error("no value");
      handle_with_retries(examples::read_order_event(*record.value));
    } catch (const std::exception& error) {
      ++counters_.dead_letters;
      const levada::Headers headers = dead_letter_headers(record.headers, error.what());
      emit(record.with_headers(headers));
    }
  }

 private:
  void handle_with_retries(const examples::OrderEvent& event) {
    levada::Duration pause = retries_.backoff;
    for (int attempt = 1;; ++attempt, pause *= 2) {
      try {
        return handlers_.handle(event);
      } catch (const TransientError&) {
        if (attempt >= retries_.max_attempts) throw;
      }
      ++counters_.retries;
      std::this_thread::sleep_for(pause);
    }
  }

  levada::Headers dead_letter_headers(levada::Headers headers, const std::string& error) const {
    const levada::RecordContext& where = context_.record();
    headers.push_back({"error", error});
    headers.push_back({"topic", where.source->topic});
    headers.push_back({"partition", std::to_string(where.source->partition)});
    headers.push_back({"offset", std::to_string(where.offset)});
    return headers;
  }

  Context& context_;
  Counters& counters_;
  Retries retries_;
  Handlers handlers_;
};

void add_options(CLI::App& app, Options& options) {
  app.add_option("--input", options.input, "topic of the order events")->capture_default_str();
  app.add_option("--dead-letters", options.dead_letters, "topic of what cannot be handled")->capture_default_str();
  app.add_option("--max-attempts", options.max_attempts, "tries for an event")
      ->check(CLI::Range(1, 10))
      ->capture_default_str();
  app.add_option("--backoff", options.backoff, "pause before the second try; doubles")->capture_default_str();
  app.add_option("--flaky", options.flaky, "let every Nth call of the payment service fail");
}

int run(const examples::AppOptions& app_options, const Options& options) {
  const levada::StreamsConfig config = examples::config_of(app_options);
  examples::create_missing_outputs(*examples::AdminClient(config).admin, options.input, {options.dead_letters});
  Counters counters;
  const Retries retries = {.max_attempts = options.max_attempts,
                           .backoff = examples::duration_or_throw(options.backoff)};
  levada::StreamsBuilder builder;
  builder.stream<Bytes, Bytes>(options.input)
      .process<HandleOrders>(&counters, retries, options.flaky)
      .to(options.dead_letters);
  examples::run_app(builder, config, app_options);
  const Summary summary = {counters.created, counters.paid, counters.shipped, counters.retries, counters.dead_letters};
  std::printf("%s\n", levada::to_json(summary).c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  examples::AppOptions app_options = {.defaults = {{"application.id", "order-processor"},
                                                   {"bootstrap.servers", "localhost:9092"},
                                                   {"commit.interval.ms", "1000"}}};
  Options options;
  CLI::App app("Handles order events, each by its type; what cannot be handled goes to a dead-letter topic.");
  examples::add_app_options(app, app_options);
  add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  return examples::exit_code_of([&] { return run(app_options, options); });
}
