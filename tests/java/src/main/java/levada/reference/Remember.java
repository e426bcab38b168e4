package levada.reference;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Appends each value to what its key has had so far and emits the result; null forgets the key. */
final class Remember implements Processor<Object, Object, Object, Object> {
  private final String name;
  private ProcessorContext<Object, Object> context;
  private KeyValueStore<String, String> store;

  Remember(String name) {
    this.name = name;
  }

  @Override
  public void init(ProcessorContext<Object, Object> context) {
    this.context = context;
    store = context.getStateStore(name);
  }

  @Override
  public void process(Record<Object, Object> record) {
    context.forward(record.withValue(remember(store, record.key(), record.value())));
  }

  static String remember(KeyValueStore<String, String> store, Object key, Object value) {
    final String k = key == null ? "none" : Functions.text(key);
    final String next = value == null ? null : Functions.join("concat", store.get(k), value);
    store.put(k, next);
    return next;
  }
}
