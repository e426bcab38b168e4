// Levada's test kit. A topology record by record in a TopologyTestDriver; an application on an EmbeddedCluster; an
// application with everything that can go wrong in a Simulation.
//
//   #include <levada/testing.h>
#pragma once

#include <levada/core/time.h>
#include <levada/runtime/embedded_cluster.h>
#include <levada/runtime/simulation.h>
#include <levada/runtime/topology_test_driver.h>
