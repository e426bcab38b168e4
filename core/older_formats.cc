#include <levada/core/older_formats.h>

namespace levada {

OlderFormats older_formats(const std::map<std::string, std::string>& app_configs) {
  const auto found = app_configs.find("upgrade.from");
  if (found == app_configs.end() || found->second.empty()) return {};
  // Versions are a digit, a point and a digit.
  const std::string& version = found->second;
  return {.changes_apart = version <= "3.4", .subscriptions_without_partition = version <= "3.3"};
}

}  // namespace levada
