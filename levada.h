// Levada: Kafka Streams for C++. The one include for users: build a topology with StreamsBuilder, run it with
// StreamsApp, try it in a TopologyTestDriver.
//
//   #include <levada/levada.h>
#pragma once

#include <levada/core/build_options.h>
#include <levada/core/exception_handler.h>
#include <levada/core/json.h>
#include <levada/core/processor.h>
#include <levada/core/record.h>
#include <levada/core/saved_topology.h>
#include <levada/core/serde.h>
#include <levada/core/serdes/list.h>
#include <levada/core/time.h>
#include <levada/core/topology.h>
#include <levada/core/windowed.h>
#include <levada/dsl/emit_strategy.h>
#include <levada/dsl/join_windows.h>
#include <levada/dsl/session_windows.h>
#include <levada/dsl/sliding_windows.h>
#include <levada/dsl/streams_builder.h>
#include <levada/dsl/time_windows.h>
#include <levada/dsl/topology_builder.h>
#include <levada/dsl/unlimited_windows.h>
#include <levada/runtime/embedded_cluster.h>
#include <levada/runtime/streams_app.h>
#include <levada/runtime/streams_config.h>
#include <levada/runtime/topology_test_driver.h>
#include <levada/state/key_value_store.h>
#include <levada/state/list_value_store.h>
#include <levada/state/lru_map.h>
#include <levada/state/session_store.h>
#include <levada/state/session_store_with_headers.h>
#include <levada/state/timestamped_key_value_store_with_headers.h>
#include <levada/state/timestamped_window_store_with_headers.h>
#include <levada/state/versioned_key_value_store.h>
#include <levada/state/window_store.h>
