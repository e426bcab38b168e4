// A log event as one line, for sinks that write text.
//
//   std::string line;
//   append_log_text(event, line);          // record skipped topic=orders partition=3 reason="null key"
//   append_log_json_members(event, line);  // "level":"warn","message":"record skipped","topic":"orders","partition":3
//
// Both stay on one line whatever the fields contain; the JSON is valid UTF-8 whatever bytes they hold. The JSON comes
// without its braces, so that a sink can put a time in front.
#pragma once

#include <string>

#include <levada/core/log.h>

namespace levada {

void append_log_text(const LogEvent& event, std::string& out);
void append_log_json_members(const LogEvent& event, std::string& out);

}  // namespace levada
