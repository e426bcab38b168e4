// When the results of windows go on: with each change of a window (by the record cache, if there is one), or once, when
// the window is closed.
//
//   orders.group_by_key()
//       .windowed_by(TimeWindows::of(1h, {.grace = 10min}))
//       .emit_strategy(EmitStrategy::on_window_close())
//       .count();
//
// A window is closed when event time has passed its end and grace. Records that come then are late for it.
#pragma once

namespace levada {

class EmitStrategy {
 public:
  static EmitStrategy on_window_update() { return EmitStrategy(false); }
  static EmitStrategy on_window_close() { return EmitStrategy(true); }

  bool is_on_window_close() const { return on_close_; }

 private:
  explicit EmitStrategy(bool on_close) : on_close_(on_close) {}

  bool on_close_;
};

}  // namespace levada
