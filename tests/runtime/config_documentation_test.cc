#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include <levada/runtime/config_documentation.h>

#include "tests/support/places.h"

namespace levada {
namespace {

constexpr std::string_view kBegin = "<!-- begin -->\n";
constexpr std::string_view kEnd = "<!-- end -->";

std::filesystem::path page() { return dev_script().parent_path() / "docs" / "configuration.md"; }

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(ConfigDocumentation, IsWhatThePageSays) {
  const std::string text = contents(page());
  const std::size_t begin = text.find(kBegin);
  const std::size_t end = text.find(kEnd);
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  const std::string current = text.substr(0, begin) + std::string(kBegin) + config_documentation() + text.substr(end);
  if (std::getenv("LEVADA_TEST_WRITE_DOCS") != nullptr) std::ofstream(page()) << current;
  EXPECT_EQ(text, current) << "run this test with LEVADA_TEST_WRITE_DOCS=1 to bring the page up to date";
}

}  // namespace
}  // namespace levada
