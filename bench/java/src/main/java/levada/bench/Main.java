package levada.bench;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.apache.kafka.common.Metric;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;

/**
 * Runs one job on Kafka Streams until its input is processed and committed, and prints one JSON line; or, with
 * {@code --serve}, until SIGTERM, and tells when it is running and when the first record is processed.
 */
public final class Main {
  private static final long SAMPLE_MS = 10;
  private static final long LOOK_MS = 5;
  private static final int IDLE_SAMPLES = 10;  // only then is it worth asking the broker

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    final Options options = new Options(arguments);
    final LongAdder inputs = new LongAdder();
    final var topology = new Jobs(options, inputs).build(options.get("job")).build();
    final KafkaStreams streams = new KafkaStreams(topology, Settings.of(options));
    if (options.has("serve")) {
      serve(streams, inputs);
    } else {
      runToEnd(streams, options, inputs);
    }
  }

  private static void runToEnd(KafkaStreams streams, Options options, LongAdder inputs) throws Exception {
    final RestoreWatch restored = new RestoreWatch();
    streams.setGlobalStateRestoreListener(restored);
    try (EndWatch end = new EndWatch(options); streams) {
      final RunMeter meter = new RunMeter(end.inputRecords());
      final List<Metric> processed = processedByThread(streams);
      streams.start();
      do {
        for (int idle = 0; idle < IDLE_SAMPLES;) {
          Thread.sleep(SAMPLE_MS);
          failOnError(streams);
          idle = meter.sample(inputs.sum(), sum(processed)) ? 0 : idle + 1;
        }
      } while (inputs.sum() < end.inputRecords() || !end.allCommitted());
      if (options.get("job").equals("replay")) tellDropped(streams);
      System.out.println(meter.report(restored));
    }
  }

  private static void serve(KafkaStreams streams, LongAdder inputs) throws InterruptedException {
    final CountDownLatch running = new CountDownLatch(1);
    streams.setStateListener((now, before) -> {
      if (now == State.RUNNING && running.getCount() > 0) {
        tell("running");
        running.countDown();
      }
    });
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();
    while (inputs.sum() == 0) {
      Thread.sleep(LOOK_MS);
      failOnError(streams);
    }
    running.await();
    tell("first");
    Thread.currentThread().join();  // until SIGTERM
  }

  private static void tell(String event) {
    System.out.println("{\"event\":\"" + event + "\"}");
    System.out.flush();
  }

  private static void tellDropped(KafkaStreams streams) {
    final double dropped = streams.metrics().values().stream()
        .filter(metric -> metric.metricName().name().equals("dropped-records-total"))
        .mapToDouble(metric -> (double) metric.metricValue())
        .sum();
    System.out.println("{\"dropped\":" + (long) dropped + "}");
  }

  private static void failOnError(KafkaStreams streams) {
    if (streams.state() == State.ERROR) throw new IllegalStateException("Kafka Streams is in state ERROR");
  }

  /** The counters of all records processed, those from repartition topics included. */
  private static List<Metric> processedByThread(KafkaStreams streams) {
    return streams.metrics().values().stream()
        .filter(metric -> metric.metricName().name().equals("process-total")
            && metric.metricName().group().equals("stream-thread-metrics"))
        .collect(Collectors.toList());
  }

  private static double sum(List<Metric> metrics) {
    return metrics.stream().mapToDouble(metric -> (double) metric.metricValue()).sum();
  }
}
