package levada.reference;

import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The application that Kafka Streams and Levada hand over to each other, until SIGTERM: HandOver BOOTSTRAP APPLICATION_ID
 * STATE_DIRECTORY PART... Topics begin with the application's id and a dot; hand_over_test.cc builds the same in C++.
 */
public final class HandOver {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration GAP = Duration.ofMinutes(10);

  private final StreamsBuilder builder = new StreamsBuilder();
  private final String prefix;
  private final KStream<String, String> orders;
  private final KTable<String, Long> counts;

  private HandOver(String application) {
    prefix = application + ".";
    orders = builder.stream(prefix + "orders");
    counts = orders.groupByKey().count(Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as("per-customer"));
    counts.toStream().to(prefix + "counts", Produced.valueSerde(Serdes.Long()));
  }

  public static void main(String[] arguments) throws InterruptedException {
    final HandOver application = new HandOver(arguments[1]);
    for (int i = 3; i < arguments.length; ++i) application.add(arguments[i]);
    final KafkaStreams streams = new KafkaStreams(application.builder.build(), config(arguments));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(
        CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP))));
    streams.start();
    Thread.currentThread().join();
  }

  private static Properties config(String[] arguments) {
    final Properties config = new Properties();
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, arguments[1]);
    config.put(StreamsConfig.STATE_DIR_CONFIG, arguments[2]);
    config.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    config.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 200);
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6000);
    return config;
  }

  private void add(String part) {
    switch (part) {
      case "hourly" -> hourly();
      case "sessions" -> sessions();
      case "names" -> names();
      case "titles" -> titles();
      default -> throw new IllegalArgumentException("no part " + part);
    }
  }

  private void hourly() {
    orders.groupBy((customer, product) -> product)
        .windowedBy(TimeWindows.ofSizeAndGrace(HOUR, DAY))
        .count()
        .toStream()
        .to(prefix + "hourly",
            Produced.with(WindowedSerdes.timeWindowedSerdeFrom(String.class, HOUR.toMillis()), Serdes.Long()));
  }

  private void sessions() {
    orders.groupByKey()
        .windowedBy(SessionWindows.ofInactivityGapAndGrace(GAP, DAY))
        .count()
        .toStream()
        .to(prefix + "sessions", Produced.with(WindowedSerdes.sessionWindowedSerdeFrom(String.class), Serdes.Long()));
  }

  private void names() {
    final KTable<String, String> customers = builder.table(prefix + "customers");
    customers.join(counts, (name, count) -> name + ":" + count).toStream().to(prefix + "names");
  }

  private void titles() {
    final KTable<String, String> purchases = builder.table(prefix + "purchases");
    final KTable<String, String> products = builder.table(prefix + "products");
    purchases.join(products, product -> product, (product, title) -> product + "=" + title)
        .toStream()
        .to(prefix + "titles");
  }
}
