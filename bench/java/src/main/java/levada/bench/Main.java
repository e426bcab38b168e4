package levada.bench;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.apache.kafka.common.Metric;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;

/** Runs one job on Kafka Streams until its input is processed and committed; prints one JSON line. */
public final class Main {
  private static final long SAMPLE_MS = 10;
  private static final int IDLE_SAMPLES = 10;  // only then is it worth asking the broker

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    final Options options = new Options(arguments);
    final LongAdder inputs = new LongAdder();
    final var topology = new Jobs(options, inputs).build(options.get("job")).build();
    try (EndWatch end = new EndWatch(options);
        KafkaStreams streams = new KafkaStreams(topology, Settings.of(options))) {
      final RunMeter meter = new RunMeter(end.inputRecords());
      final List<Metric> processed = processedByThread(streams);
      streams.start();
      do {
        for (int idle = 0; idle < IDLE_SAMPLES;) {
          Thread.sleep(SAMPLE_MS);
          if (streams.state() == State.ERROR) throw new IllegalStateException("Kafka Streams is in state ERROR");
          idle = meter.sample(inputs.sum(), sum(processed)) ? 0 : idle + 1;
        }
      } while (inputs.sum() < end.inputRecords() || !end.allCommitted());
      System.out.println(meter.report());
    }
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
