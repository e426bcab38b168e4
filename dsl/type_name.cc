#include <levada/dsl/type_name.h>

namespace levada::internal {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

}  // namespace

// "… [with T = int; std::string = …]" of GCC, "… [T = int]" of Clang.
std::string type_name_in(std::string_view function) {
  constexpr std::string_view kBegin = "T = ";
  function.remove_prefix(function.find(kBegin) + kBegin.size());
  std::string name(function.substr(0, function.find_first_of(";]")));
  replace_all(name, "std::__cxx11::basic_string<char>", "std::string");
  replace_all(name, "long int", "std::int64_t");
  replace_all(name, " >", ">");
  return name;
}

}  // namespace levada::internal
