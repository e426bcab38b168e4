// What tells one commit of a task from all others, for a disk to know which one it stands at: where the changelogs of
// its stores ended and where its inputs stood. Under at-least-once each commit has it in the metadata of its offsets
// (core/offset_metadata.h). A disk whose changelog offsets make the same mark with the group's offsets is at the commit
// exactly, and what the changelogs have beyond was never committed.
//
//   metadata.commit_mark = commit_mark(changelog_ends, inputs);
//
// A number of 64 bits: murmur3 of names and offsets, in the order of the names.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <levada/core/topic_partition.h>

namespace levada {

std::int64_t commit_mark(const std::map<std::string, Offset>& changelog_ends,
                         const std::map<TopicPartition, Offset>& inputs);

}  // namespace levada
