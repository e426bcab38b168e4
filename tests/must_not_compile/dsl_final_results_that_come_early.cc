// expect: until_window_closes: a buffer that emits early when it is full shows results that are not final
#include <string>

#include <levada/dsl/streams_builder.h>

void use(const levada::KTable<levada::Windowed<std::string>, double>& totals) {
  static_cast<void>(totals);
#ifdef MISUSE
  totals.suppress(levada::Suppressed::until_window_closes(levada::BufferConfig::max_records(100)));
#endif
}
