#include <levada/core/context.h>

namespace levada {

std::map<std::string, std::string> Context::app_configs_with_prefix(std::string_view prefix) const {
  std::map<std::string, std::string> found;
  for (const auto& [key, value] : app_configs()) {
    if (key.starts_with(prefix)) found.emplace(key.substr(prefix.size()), value);
  }
  return found;
}

}  // namespace levada
