package levada.reference;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.StoreBuilder;

/** A store of the user's own: how often each key was put. */
final class Tally implements StateStore {
  private final String name;
  private final Map<String, Integer> counts = new HashMap<>();
  private boolean open;

  private Tally(String name) {
    this.name = name;
  }

  static StoreBuilder<Tally> builder(String name) {
    return new Builder(name);
  }

  int add(String key) {
    return counts.merge(key, 1, Integer::sum);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    context.register(root, (key, value) -> { });
    open = true;
  }

  @Override
  public void close() {
    open = false;
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  private record Builder(String name) implements StoreBuilder<Tally> {
    @Override
    public StoreBuilder<Tally> withCachingEnabled() {
      return this;
    }

    @Override
    public StoreBuilder<Tally> withCachingDisabled() {
      return this;
    }

    @Override
    public StoreBuilder<Tally> withLoggingEnabled(Map<String, String> config) {
      throw new UnsupportedOperationException("a tally has no changelog");
    }

    @Override
    public StoreBuilder<Tally> withLoggingDisabled() {
      return this;
    }

    @Override
    public Tally build() {
      return new Tally(name);
    }

    @Override
    public Map<String, String> logConfig() {
      return Map.of();
    }

    @Override
    public boolean loggingEnabled() {
      return false;
    }
  }
}
