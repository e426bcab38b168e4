// The C++ in README.md and docs/ is code that these tests compile and run: each ```cpp block of a page stands, line by
// line, in a file of this folder. Blank lines and indentation do not count.
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/places.h"

namespace levada {
namespace {

namespace fs = std::filesystem;

struct Block {
  std::string page = {};
  int line = 0;
  std::string code = {};  // stripped lines, each behind a line feed
};

fs::path root() { return dev_script().parent_path(); }

std::vector<fs::path> files_in(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  return files;
}

void add_stripped(std::string_view line, std::string& code) {
  const auto first = line.find_first_not_of(" \t");
  if (first == std::string_view::npos) return;
  code += '\n';
  code += line.substr(first, line.find_last_not_of(" \t") + 1 - first);
}

std::vector<Block> blocks_of(const fs::path& page) {
  std::vector<Block> blocks;
  std::ifstream in(page);
  bool inside = false;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (inside && line.starts_with("```")) {
      inside = false;
    } else if (inside) {
      add_stripped(line, blocks.back().code);
    } else if (line == "```cpp") {
      inside = true;
      blocks.push_back({.page = page.filename(), .line = number});
    }
  }
  return blocks;
}

std::vector<Block> all_blocks() {
  std::vector<fs::path> pages = files_in(root() / "docs", ".md");
  pages.push_back(root() / "README.md");
  std::vector<Block> all;
  for (const fs::path& page : pages) {
    for (Block& block : blocks_of(page)) all.push_back(std::move(block));
  }
  return all;
}

std::string code_of_tests() {
  std::string code;
  for (const fs::path& file : files_in(root() / "tests" / "docs", ".cc")) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) add_stripped(line, code);
    code += "\n";
  }
  return code + "\n";
}

TEST(CodeInPages, IsCompiledAndRunByTests) {
  const std::string tests = code_of_tests();
  const std::vector<Block> blocks = all_blocks();
  ASSERT_FALSE(blocks.empty());
  for (const Block& block : blocks) {
    EXPECT_NE(tests.find(block.code + "\n"), std::string::npos)
        << block.page << ":" << block.line << " stands in no file of tests/docs:" << block.code;
  }
}

}  // namespace
}  // namespace levada
