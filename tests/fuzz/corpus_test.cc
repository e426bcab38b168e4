// What fuzzing has found to be worth keeping, through every decoder: each input through its own.
#include <filesystem>
#include <fstream>
#include <string>

#include <absl/strings/escaping.h>
#include <gtest/gtest.h>

#include "tests/fuzz/decoders.h"
#include "tests/support/places.h"

namespace levada {
namespace {

using testing::Decoder;
using testing::decoders;
using testing::find_decoder;

std::filesystem::path corpus() { return dev_script().parent_path() / "tests/fuzz/corpus"; }

TEST(Corpus, PassesItsDecoders) {
  for (const Decoder& decoder : decoders()) {
    std::ifstream file(corpus() / (std::string(decoder.name) + ".hex"));
    EXPECT_TRUE(file) << decoder.name << " has no corpus";
    int number = 0;
    for (std::string line; std::getline(file, line);) {
      ++number;
      try {
        decoder.run(absl::HexStringToBytes(line));
      } catch (const std::exception& error) {
        ADD_FAILURE() << decoder.name << ".hex:" << number << ": " << error.what();
      }
    }
  }
}

TEST(Corpus, BelongsToDecoders) {
  for (const auto& entry : std::filesystem::directory_iterator(corpus())) {
    EXPECT_NE(find_decoder(entry.path().stem().string()), nullptr) << entry.path();
  }
}

}  // namespace
}  // namespace levada
