package levada.reference;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.kstream.Windowed;

/**
 * The functions that cases name, as "name" or "name:argument", over keys and values as texts. The C++ side has the same
 * in functions.cc.
 */
final class Functions {
  private static final int LONGEST = 12;

  private Functions() {}

  /** What a function sees of a key or value. */
  static String text(Object value) {
    if (value instanceof Windowed<?> key) {
      return text(key.key()) + "@" + key.window().start() + "-" + key.window().end();
    }
    return value == null ? null : value.toString();
  }

  static String map(String function, Object key, Object value) {
    final String k = text(key);
    final String v = text(value);
    final String argument = argument(function);
    return switch (name(function)) {
      case "append" -> v == null ? null : shortened(v + argument);
      case "first" -> v == null || v.isEmpty() ? null : v.substring(0, 1);
      case "last" -> v == null || v.isEmpty() ? null : v.substring(v.length() - 1);
      case "key" -> k;
      case "both" -> shortened(orNone(k) + orNone(v));
      case "null_if" -> v == null || v.contains(argument) ? null : v;
      case "or" -> v == null ? argument : v;
      default -> throw new IllegalArgumentException("no mapper " + function);
    };
  }

  static boolean holds(String function, Object key, Object value) {
    final String k = text(key);
    final String v = text(value);
    final String argument = argument(function);
    return switch (name(function)) {
      case "has" -> v != null && v.contains(argument);
      case "key_has" -> k != null && k.contains(argument);
      case "null" -> v == null;
      case "all" -> true;
      default -> throw new IllegalArgumentException("no predicate " + function);
    };
  }

  /** Up to three parts of the value. */
  static List<String> parts(Object value) {
    final List<String> parts = new ArrayList<>();
    final String v = text(value);
    for (int i = 0; v != null && i < Math.min(3, v.length()); ++i) parts.add(v.substring(i, i + 1));
    return parts;
  }

  /** Two values put together: by joins, reducers, aggregators and the like. */
  static String join(String function, Object left, Object right) {
    final String l = text(left);
    final String r = text(right);
    return switch (name(function)) {
      case "concat" -> shortened(orNone(l) + orNone(r));
      case "delete_if" -> r != null && r.contains(argument(function)) ? null : shortened(orNone(l) + orNone(r));
      case "subtract" -> shortened(orNone(l) + "-" + orNone(r));
      case "right" -> r;
      default -> throw new IllegalArgumentException("no joiner " + function);
    };
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(text.length() - LONGEST);
  }

  private static String orNone(String text) {
    return text == null ? "~" : text;
  }

  private static String name(String function) {
    final int colon = function.indexOf(':');
    return colon < 0 ? function : function.substring(0, colon);
  }

  private static String argument(String function) {
    return function.substring(function.indexOf(':') + 1);
  }
}
