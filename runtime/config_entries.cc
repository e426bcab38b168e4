#include <array>

#include <levada/core/text.h>
#include <levada/runtime/config_entries.h>

namespace levada::internal {

bool is_secret_key(std::string_view key) {
  constexpr std::array<std::string_view, 8> kSigns = {"password", "passwd",      "secret",   "token",
                                                      "jaas",     "credentials", ".key.pem", "oauthbearer.config"};
  const std::string lower = to_lower(key);
  for (const std::string_view sign : kSigns) {
    if (lower.find(sign) != std::string::npos) return true;
  }
  return lower == "ssl_key" || lower.ends_with(".keystore.key");
}

}  // namespace levada::internal
