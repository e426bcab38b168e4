package levada.reference;

import java.time.Duration;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;

/** {@link Remember} for processValues. */
final class RememberValues implements FixedKeyProcessor<Object, Object, Object> {
  private final String name;
  private final long shift;
  private FixedKeyProcessorContext<Object, Object> context;
  private KeyValueStore<String, String> store;

  RememberValues(String name, Duration shift) {
    this.name = name;
    this.shift = shift.toMillis();
  }

  @Override
  public void init(FixedKeyProcessorContext<Object, Object> context) {
    this.context = context;
    store = context.getStateStore(name);
  }

  @Override
  public void process(FixedKeyRecord<Object, Object> record) {
    context.forward(record.withValue((Object) Remember.remember(store, record.key(), record.value()))
        .withTimestamp(Remember.shifted(record.timestamp(), shift)));
  }
}
