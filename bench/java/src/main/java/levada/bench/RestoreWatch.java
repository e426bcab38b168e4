package levada.bench;

import java.util.Locale;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

/** Notes when the restore of the stores began and ended, and what CPU time the process used meanwhile. */
final class RestoreWatch implements StateRestoreListener {
  private Moment first;
  private Moment last;
  private long records;

  @Override
  public synchronized void onRestoreStart(TopicPartition changelog, String store, long start, long end) {
    if (first == null) first = Moment.now();
  }

  @Override
  public void onBatchRestored(TopicPartition changelog, String store, long end, long count) {}

  @Override
  public synchronized void onRestoreEnd(TopicPartition changelog, String store, long total) {
    last = Moment.now();
    records += total;
  }

  /** From the first store that began to the last that was complete. */
  synchronized String report() {
    final Moment run = records == 0 ? new Moment(0, 0) : last.since(first);
    return String.format(
        Locale.ROOT, "\"restored\":%d,\"restore_s\":%.4f,\"restore_cpu_s\":%.4f", records, run.wall(), run.cpu());
  }
}
