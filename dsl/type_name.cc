#include <absl/strings/ascii.h>

#include <levada/dsl/type_name.h>

namespace levada::internal {
namespace {

bool is_word(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// Where it is not part of a longer word.
void replace_all(std::string& text, std::string_view what, std::string_view by) {
  const auto in_a_word = [&](std::size_t at) {
    const std::size_t end = at + what.size();
    return is_word(what.back()) && ((at > 0 && is_word(text[at - 1])) || (end < text.size() && is_word(text[end])));
  };
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    if (in_a_word(at)) {
      at += what.size();
    } else {
      text.replace(at, what.size(), by);
      at += by.size();
    }
  }
}

}  // namespace

// "… [with T = int; std::string = …]" of GCC, "… [T = int]" of Clang.
std::string type_name_in(std::string_view function) {
  constexpr std::string_view kBegin = "T = ";
  function.remove_prefix(function.find(kBegin) + kBegin.size());
  std::string name(function.substr(0, function.find_first_of(";]")));
  // GCC's spellings and Clang's.
  replace_all(name, "std::__cxx11::basic_string<char>", "std::string");
  replace_all(name, "std::basic_string<char>", "std::string");
  replace_all(name, "long unsigned int", "std::uint64_t");
  replace_all(name, "unsigned long", "std::uint64_t");
  replace_all(name, "long int", "std::int64_t");
  replace_all(name, "long", "std::int64_t");
  replace_all(name, " >", ">");
  return name;
}

}  // namespace levada::internal
