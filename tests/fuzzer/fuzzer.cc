// The program that libFuzzer drives: one decoder, named by FUZZ_DECODER; without a name it lists them.
// tests/fuzzer/run.py runs it for all of them.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/fuzz/decoders.h"

namespace {

const levada::testing::Decoder* chosen = nullptr;

[[noreturn]] void list_decoders() {
  for (const auto& decoder : levada::testing::decoders()) std::puts(std::string(decoder.name).c_str());
  std::fflush(stdout);
  std::_Exit(0);  // libFuzzer takes any other end for a failure
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const char* name = std::getenv("FUZZ_DECODER");
  if (name != nullptr) chosen = levada::testing::find_decoder(name);
  if (chosen == nullptr) list_decoders();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  chosen->run({reinterpret_cast<const char*>(data), size});
  return 0;
}
