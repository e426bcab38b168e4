// Every function that reads bytes somebody else wrote, as one that takes any bytes: of topics, of state left by another
// version, of configuration, of the command line.
//
//   for (const Decoder& decoder : decoders()) decoder.run(bytes);
//
// run() returns for every input, or throws std::logic_error, which tells what is wrong: an exception that the decoder
// does not promise, or a value that does not read back as itself once written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <levada/core/bytes.h>

namespace levada::testing {

struct Decoder {
  std::string_view name = {};
  void (*run)(BytesView bytes) = nullptr;
};

const std::vector<Decoder>& decoders();

// nullptr for a name that there is not.
const Decoder* find_decoder(std::string_view name);

}  // namespace levada::testing
