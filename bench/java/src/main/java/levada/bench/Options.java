package levada.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** The command line: {@code --name value} pairs; {@code --set key=value} may be repeated. */
final class Options {
  private final Map<String, String> values = new HashMap<>();
  private final Properties settings = new Properties();

  Options(String[] arguments) {
    for (int i = 0; i < arguments.length; i += 2) {
      final String name = arguments[i];
      if (!name.startsWith("--")) throw new IllegalArgumentException(name + ": expected an option such as --input");
      if (i + 1 == arguments.length) throw new IllegalArgumentException(name + ": its value is missing");
      final String value = arguments[i + 1];
      if (name.equals("--set")) {
        final String[] setting = value.split("=", 2);
        settings.setProperty(setting[0], setting[1]);
      } else {
        values.put(name.substring(2), value);
      }
    }
  }

  String get(String name) {
    final String value = values.get(name);
    if (value == null) throw new IllegalArgumentException("--" + name + " is missing");
    return value;
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** What was given by {@code --set}. */
  Properties settings() {
    return settings;
  }
}
