package levada.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindowedKStream;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;

/** The topologies of the jobs. Every input record read is counted in {@code inputs}. */
final class Jobs {
  private static final Serde<String> STRING = Serdes.String();
  private static final Serde<Order> ORDER = JsonSerde.of(Order.class);

  private final Options options;
  private final LongAdder inputs;
  private final StreamsBuilder builder = new StreamsBuilder();

  Jobs(Options options, LongAdder inputs) {
    this.options = options;
    this.inputs = inputs;
  }

  StreamsBuilder build(String job) {
    switch (job) {
      case "stateless" -> stateless();
      case "orders" -> orders();
      case "count", "count-unique" -> count();
      case "windowed" -> windowed();
      case "replay" -> replay();
      default -> throw new IllegalArgumentException("no such job: " + job);
    }
    return builder;
  }

  private void stateless() {
    source(ORDER, (record, previous) -> record.timestamp())
        .filter((key, order) -> order.type.equals("PaymentProcessed"))
        .mapValues(order -> new Order.Payment(order.orderId, order.data.amount))
        .to(options.get("output"), Produced.with(STRING, JsonSerde.of(Order.Payment.class)));
  }

  private void orders() {
    final KStream<String, Order> events =
        source(ORDER, (record, previous) -> Instant.parse(((Order) record.value()).timestamp).toEpochMilli());
    hourly(events, "OrderCreated")
        .count(Materialized.<String, Long, WindowStore<Bytes, byte[]>>as("order-counts-store"))
        .toStream((window, count) -> hour(window))
        .mapValues(String::valueOf)
        .to(options.get("counts"), Produced.with(STRING, STRING));
    hourly(events, "PaymentProcessed")
        .aggregate(() -> 0.0, (type, order, sum) -> sum + order.data.amount,
            Materialized.<String, Double, WindowStore<Bytes, byte[]>>as("revenue-store")
                .withValueSerde(Serdes.Double()))
        .toStream((window, revenue) -> hour(window))
        .mapValues(String::valueOf)
        .to(options.get("revenue"), Produced.with(STRING, STRING));
  }

  private void count() {
    source(STRING, (record, previous) -> record.timestamp())
        .groupByKey(Grouped.with(STRING, STRING))
        .count(Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as("counts"))
        .toStream()
        .to(options.get("output"), Produced.with(STRING, Serdes.Long()));
  }

  private void windowed() {
    final Duration hour = Duration.ofHours(1);
    source(STRING, (record, previous) -> record.timestamp())
        .groupByKey(Grouped.with(STRING, STRING))
        .windowedBy(TimeWindows.ofSizeAndGrace(hour, Duration.ofHours(24)))
        .count(Materialized.<String, Long, WindowStore<Bytes, byte[]>>as("counts"))
        .toStream()
        .to(options.get("output"),
            Produced.with(WindowedSerdes.timeWindowedSerdeFrom(String.class, hour.toMillis()), Serdes.Long()));
  }

  /** That of tests/replay: counts by value and hour, behind a repartition topic. */
  private void replay() {
    final Duration hour = Duration.ofHours(1);
    final Duration grace = Duration.ofMinutes(Long.parseLong(options.get("grace-minutes")));
    source(STRING, (record, previous) -> record.timestamp())
        .groupBy((key, type) -> type, Grouped.with(STRING, STRING))
        .windowedBy(TimeWindows.ofSizeAndGrace(hour, grace))
        .count(Materialized.<String, Long, WindowStore<Bytes, byte[]>>as("counts"))
        .toStream()
        .to(options.get("output"),
            Produced.with(WindowedSerdes.timeWindowedSerdeFrom(String.class, hour.toMillis()), Serdes.Long()));
  }

  private <V> KStream<String, V> source(Serde<V> values, TimestampExtractor timestamps) {
    final TimestampExtractor counting = (record, previous) -> {
      inputs.increment();
      return timestamps.extract(record, previous);
    };
    return builder.stream(options.get("input"), Consumed.with(STRING, values).withTimestampExtractor(counting));
  }

  private static TimeWindowedKStream<String, Order> hourly(KStream<String, Order> events, String type) {
    return events.filter((key, order) -> order.type.equals(type))
        .groupBy((key, order) -> order.type, Grouped.with(STRING, ORDER))
        .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofHours(1), Duration.ofDays(36500)));
  }

  private static String hour(Windowed<String> window) {
    return window.window().startTime().toString().substring(0, "2026-01-01T00".length());
  }
}
