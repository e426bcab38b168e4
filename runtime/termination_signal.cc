#include <levada/runtime/termination_signal.h>

namespace levada {
namespace {

// A signal handler has no object to speak to.
volatile std::sig_atomic_t arrived_signal = 0;

void note(int signal) { arrived_signal = signal; }

}  // namespace

TerminationSignal::TerminationSignal() {
  arrived_signal = 0;
  struct sigaction action = {};
  action.sa_handler = note;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGTERM, &action, &terminate_);
  sigaction(SIGINT, &action, &interrupt_);
}

TerminationSignal::~TerminationSignal() {
  // After the first one its handler is the default again, and stays: whoever sends a second one means it.
  if (arrived()) return;
  sigaction(SIGTERM, &terminate_, nullptr);
  sigaction(SIGINT, &interrupt_, nullptr);
}

bool TerminationSignal::arrived() const { return arrived_signal != 0; }

}  // namespace levada
