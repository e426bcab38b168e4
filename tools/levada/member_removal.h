// Frees a group of members whose instances are gone, so that its offsets can be changed.
//
//   LEVADA_RETURN_IF_ERROR(remove_members("orders", 60s, connection));
//
// A static member is taken the place of, for a session of 6 s; should its instance still run, it is fenced and ends.
// Nobody but itself can make a dynamic member leave: it is waited for until its session is over.
#pragma once

#include <string>

#include <absl/status/status.h>

#include "tools/levada/connection.h"

namespace levada {

// kFailedPrecondition, with the members, when there are some left after `patience`.
absl::Status remove_members(const std::string& group, Duration patience, const Connection& connection);

}  // namespace levada
