// A store that somebody else writes to, as one task sees it.
#pragma once

#include <memory>

#include <levada/core/store.h>
#include <levada/state/store_host.h>

namespace levada {

struct StoreReader {
  std::unique_ptr<StoreHost> host;
  std::unique_ptr<StateStore> store;  // a guest of the host
};

}  // namespace levada
