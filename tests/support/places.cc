#include "tests/support/places.h"

namespace levada {

std::filesystem::path recorded_data() { return LEVADA_TEST_DATA; }
std::filesystem::path test_support() { return LEVADA_TEST_SUPPORT; }
std::filesystem::path built_programs() { return LEVADA_BIN_DIR; }
std::filesystem::path dev_script() { return LEVADA_DEV_SCRIPT; }
std::filesystem::path java_script() { return LEVADA_JAVA_SCRIPT; }

}  // namespace levada
