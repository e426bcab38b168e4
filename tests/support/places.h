// Where the tests find what is not compiled into them: recorded data, programs, and the ./dev script.
#pragma once

#include <filesystem>

namespace levada {

std::filesystem::path recorded_data();  // what Kafka Streams made: tests/conformance/data
std::filesystem::path test_support();   // tests/support
std::filesystem::path built_programs();
std::filesystem::path dev_script();
std::filesystem::path java_script();  // runs the programs of tests/java

}  // namespace levada
