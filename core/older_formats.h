// What is written as an older Kafka Streams wrote it, so that one can still read it: `upgrade.from` names the version,
// while its instances run, or are to take the application back.
//
//   const OlderFormats formats = older_formats(context.app_configs());
//   if (formats.changes_apart) …
//
// Both concern topics of the application's own alone; what is read may be of any version.
#pragma once

#include <map>
#include <string>

namespace levada {

struct OlderFormats {
  // Up to 3.4: what a changed row of a grouped table was and what it is now are two records, also under one key.
  bool changes_apart = false;
  // Up to 3.3: subscriptions of foreign-key joins do not say where their answer goes.
  bool subscriptions_without_partition = false;
};

// Of what the application is configured with.
OlderFormats older_formats(const std::map<std::string, std::string>& app_configs);

}  // namespace levada
