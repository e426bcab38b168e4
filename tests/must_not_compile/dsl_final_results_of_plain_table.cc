// expect: suppress: until_window_closes needs a windowed table
#include <string>

#include <levada/dsl/streams_builder.h>

void use(const levada::KTable<std::string, double>& totals) {
  static_cast<void>(totals);
#ifdef MISUSE
  totals.suppress(levada::Suppressed::until_window_closes(levada::BufferConfig::unbounded()));
#endif
}
