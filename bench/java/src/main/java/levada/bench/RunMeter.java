package levada.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Follows two counters, of input records and of all records processed, and keeps the moments at which the first came,
 * half of the input was done and the last was done. It is asked every few milliseconds, so it costs nothing per record.
 */
final class RunMeter {
  private final long expectedInputs;
  private Moment before = Moment.now();
  private Moment first;
  private Moment half;
  private Moment last;
  private long inputs;
  private long inputsAtHalf;
  private double processed;

  RunMeter(long expectedInputs) {
    this.expectedInputs = expectedInputs;
  }

  /** Returns whether anything happened since it was called before. */
  boolean sample(long inputsNow, double processedNow) {
    final Moment now = Moment.now();
    final boolean moved = inputsNow != inputs || processedNow != processed;
    if (first == null && moved) first = before;
    before = now;
    inputs = inputsNow;
    processed = processedNow;
    if (moved) last = now;
    if (half == null && inputs * 2 >= expectedInputs) {
      half = now;
      inputsAtHalf = inputs;
    }
    return moved;
  }

  String report(RestoreWatch restored) throws IOException {
    final Moment committed = Moment.now();
    return String.format(Locale.ROOT,
        "{\"records\":%d,%s,\"peak_rss_mb\":%.1f,%s,\"warm\":{\"records\":%d,%s}}", inputs, times(first, committed),
        peakRssMb(), restored.report(), inputs - inputsAtHalf, times(half, committed));
  }

  private String times(Moment start, Moment committed) {
    final Moment run = last.since(start);
    final Moment all = committed.since(start);
    return String.format(Locale.ROOT,
        "\"wall_s\":%.4f,\"cpu_s\":%.4f,\"committed_cpu_s\":%.4f", run.wall(), run.cpu(), all.cpu());
  }

  private static double peakRssMb() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
    }
    return 0;
  }
}
