// Records that brokers have refused after they were sent within a transaction, which is lost with them and done again.
// A broker refuses a batch as a whole, so that each is a suspect first: it is sent by itself then. Who is refused once
// more is refused at its sink the next time, where the production exception handler can be asked with all there is to
// know, and the transaction goes on without it.
//
//   refused.add(failed_delivery);
//   if (const RefusedRecords::Record* found = refused.find(topic, key, value)) …
//   refused.clear();                                       // the transaction has committed
//
// Owned by a thread's collector; used on the thread only.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include <absl/status/status.h>

#include <levada/core/bytes.h>
#include <levada/runtime/producer.h>

namespace levada {

class RefusedRecords {
 public:
  struct Record {
    absl::Status reason = {};
    bool is_suspect = true;  // what was refused may have been another one of its batch
  };

  // Too many are forgotten: their transaction is lost again, and some of them settled each time.
  void add(const FailedDelivery& failed);
  bool empty() const { return records_.empty(); }
  const Record* find(std::string_view topic, NullableView key, NullableView value) const;
  void clear() { records_.clear(); }

 private:
  std::unordered_map<std::string, Record> records_ = {};
};

}  // namespace levada
