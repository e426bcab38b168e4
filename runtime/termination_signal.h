// SIGTERM and SIGINT as something to wait for. The second one of a kind ends the process as if nobody had waited.
//
//   TerminationSignal signal;                         // from now on the first one does not end the process
//   while (!signal.arrived() && working()) …
//
// A process has one at a time; the handlers of before come back with its destruction.
#pragma once

#include <csignal>

namespace levada {

class TerminationSignal {
 public:
  TerminationSignal();
  TerminationSignal(const TerminationSignal&) = delete;
  TerminationSignal& operator=(const TerminationSignal&) = delete;
  ~TerminationSignal();

  bool arrived() const;

 private:
  struct sigaction terminate_ = {};
  struct sigaction interrupt_ = {};
};

}  // namespace levada
