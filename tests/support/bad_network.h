// A network between clients and a broker that a test can break: Toxiproxy.
//
//   BadNetwork network;
//   KafkaBroker broker({.listeners = {"PROXIED:" + network.port()}, .properties = …});
//   network.lead_to(broker.listener("PROXIED"));
//   run_against(network.address());
//   network.cut();
//   network.heal();
//
// Starts in the constructor, ends in the destructor. Throws std::runtime_error when Toxiproxy does not do as told.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <levada/core/time.h>

#include "tests/support/child_program.h"

namespace levada::testing {

class BadNetwork {
 public:
  BadNetwork();

  const std::string& port() const { return port_; }
  std::string address() const { return "127.0.0.1:" + port_; }
  void lead_to(const std::string& upstream);

  void cut();                 // connections break, and no new ones can be made
  void slow(Duration delay);  // everything takes that much longer, in both directions
  void silence();             // connections stay and can be made, but nothing comes through any more
  void heal();

 private:
  void poison(const std::string& kind, const std::string& attribute);
  void tell(const std::string& command) const;
  bool try_to_tell(const std::string& command) const;

  const std::filesystem::path programs_;
  const std::string control_;
  const std::string port_;
  std::unique_ptr<ChildProgram> server_ = nullptr;
  bool cut_ = false;
  bool poisoned_ = false;
};

}  // namespace levada::testing
