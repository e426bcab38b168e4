package levada.bench;

import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.Options;

/** The configuration: what the harness asks for, and in the variant "tuned" what a careful operator would set. */
final class Settings {
  private Settings() {}

  static Properties of(levada.bench.Options options) {
    final Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, options.get("application-id"));
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, options.get("bootstrap-servers"));
    settings.put(StreamsConfig.STATE_DIR_CONFIG, options.get("state-dir"));
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, options.get("threads"));
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, options.get("commit-interval-ms"));
    settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    if (options.get("variant").equals("tuned")) tune(settings);
    settings.putAll(options.settings());
    return settings;
  }

  private static void tune(Properties settings) {
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 128 << 20);
    settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, LargeWriteBuffer.class);
    settings.put(StreamsConfig.producerPrefix("batch.size"), 256 << 10);
    settings.put(StreamsConfig.producerPrefix("linger.ms"), 100);
    settings.put(StreamsConfig.producerPrefix("buffer.memory"), 64 << 20);
    settings.put(StreamsConfig.consumerPrefix("max.poll.records"), 10_000);
    settings.put(StreamsConfig.consumerPrefix("max.partition.fetch.bytes"), 4 << 20);
    settings.put(StreamsConfig.consumerPrefix("receive.buffer.bytes"), 1 << 20);
  }

  /** 64 MB instead of 16, so that a run of some seconds flushes rarely. */
  public static final class LargeWriteBuffer implements RocksDBConfigSetter {
    @Override
    public void setConfig(String store, Options options, Map<String, Object> settings) {
      options.setWriteBufferSize(64 << 20);
    }

    @Override
    public void close(String store, Options options) {}
  }
}
