// Levada: Kafka Streams for C++. The one include for users: build a topology with StreamsBuilder, run it with
// StreamsApp.
//
//   #include <levada/levada.h>
#pragma once
