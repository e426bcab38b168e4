#include "tests/support/bad_network.h"

#include <cstdlib>
#include <stdexcept>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/command_output.h"
#include "tests/support/eventually.h"
#include "tests/support/places.h"

namespace levada::testing {
namespace {

// Nobody has it now, and most likely nobody will in the next moment.
std::string free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  const bool bound = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                     ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(socket);
  if (!bound) throw std::runtime_error("bad network: there is no free port");
  return std::to_string(ntohs(address.sin_port));
}

}  // namespace

BadNetwork::BadNetwork()
    : programs_(lines_of((test_support() / "toxiproxy.sh").string()).at(0)), control_(free_port()), port_(free_port()) {
  server_ = std::make_unique<ChildProgram>(programs_ / "server",
                                           std::vector<std::string>{"-host", "127.0.0.1", "-port", control_});
  if (!eventually([this] { return try_to_tell("list"); })) throw std::runtime_error("bad network: Toxiproxy is silent");
}

void BadNetwork::lead_to(const std::string& upstream) {
  tell(fmt::format("create --listen 127.0.0.1:{} --upstream {} kafka", port_, upstream));
}

void BadNetwork::cut() {
  tell("toggle kafka");
  cut_ = true;
}

void BadNetwork::slow(Duration delay) { poison("latency", fmt::format("latency={}", delay.count())); }

void BadNetwork::silence() { poison("timeout", "timeout=0"); }

void BadNetwork::heal() {
  if (std::exchange(cut_, false)) tell("toggle kafka");
  if (!std::exchange(poisoned_, false)) return;
  tell("toxic remove --toxicName up kafka");
  tell("toxic remove --toxicName down kafka");
}

void BadNetwork::poison(const std::string& kind, const std::string& attribute) {
  tell(fmt::format("toxic add --type {} --toxicName up --upstream --attribute {} kafka", kind, attribute));
  tell(fmt::format("toxic add --type {} --toxicName down --downstream --attribute {} kafka", kind, attribute));
  poisoned_ = true;
}

void BadNetwork::tell(const std::string& command) const {
  if (!try_to_tell(command)) throw std::runtime_error("bad network: Toxiproxy refuses: " + command);
}

bool BadNetwork::try_to_tell(const std::string& command) const {
  const std::string cli = (programs_ / "cli").string();
  return std::system(fmt::format("{} --host http://127.0.0.1:{} {} >/dev/null 2>&1", cli, control_, command).c_str()) ==
         0;
}

}  // namespace levada::testing
