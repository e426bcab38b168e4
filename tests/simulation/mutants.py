#!/usr/bin/env python3
"""Breaks the library itself, one line at a time, and lets the simulation look for what that breaks.

    tests/simulation/mutants.py                      # all, with their first 60 seeds
    tests/simulation/mutants.py --only torn --seeds 600
    tests/simulation/mutants.py --only no-member --tests runtime_tests   # what the simulation misses, tests may find

Works on a copy of the files that git knows, in build/mutants; a build of the programs' part of the tree and one file a
mutant. Prints a line each: the seed that found it. Ends with 1 if one was not found.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
WORK = ROOT / "build/mutants"


@dataclass(frozen=True)
class Mutant:
    name: str
    what: str
    file: str
    before: str
    after: str


MUTANTS = (
    Mutant(
        "torn",
        "the batch of a commit is two: where the changelogs end, then the entries",
        "state/task_state.cc",
        "  for (const auto& [input, next] : positions_) StoreFacts::put_position(input, next, batch);\n",
        "  RocksBatch offsets(*database_, 0);\n"
        "  for (const auto& [name, next] : changelog_offsets) StoreFacts::put_offset(name, next, offsets);\n"
        "  LEVADA_RETURN_IF_ERROR(database_->write(offsets));\n"
        "  for (const auto& [input, next] : positions_) StoreFacts::put_position(input, next, batch);\n",
    ),
    Mutant(
        "disk-first",
        "a commit goes to the disk before the transaction",
        "runtime/committer.cc",
        "  LEVADA_RETURN_IF_ERROR(settings_.exactly_once ? commit_transaction(tasks, timeout) : commit_offsets(tasks));\n"
        "  for (Task* task : tasks) LEVADA_RETURN_IF_ERROR(task->finish_commit((*ends)[task->id()]));\n"
        "  return absl::OkStatus();\n",
        "  for (Task* task : tasks) LEVADA_RETURN_IF_ERROR(task->finish_commit((*ends)[task->id()]));\n"
        "  return settings_.exactly_once ? commit_transaction(tasks, timeout) : commit_offsets(tasks);\n",
    ),
    Mutant(
        "ends-after",
        "a commit asks where the changelogs end when it is over",
        "runtime/committer.cc",
        "  LEVADA_RETURN_IF_ERROR(settings_.exactly_once ? commit_transaction(tasks, timeout) : commit_offsets(tasks));\n",
        "  LEVADA_RETURN_IF_ERROR(settings_.exactly_once ? commit_transaction(tasks, timeout) : commit_offsets(tasks));\n"
        "  ends = changelog_ends(tasks);\n"
        "  if (!ends.ok()) ends.emplace();\n",
    ),
    Mutant(
        "no-flush",
        "a commit does not wait until everything has arrived",
        "runtime/committer.cc",
        "  LEVADA_RETURN_IF_ERROR(producer_.flush(timeout));\n",
        "",
    ),
    Mutant(
        "no-member",
        "a thread that is no member of its group commits",
        "runtime/committer.cc",
        "  if (member.member_id.empty()) return",
        "  if (false) return",
    ),
    Mutant(
        "no-fence",
        "offsets are sent by somebody who does not say which generation it is of",
        "runtime/committer.cc",
        "producer_.send_offsets(offsets, member, timeout)",
        "producer_.send_offsets(offsets, {.group_id = member.group_id}, timeout)",
    ),
    Mutant(
        "kept-stores",
        "stores are kept open that others may have had",
        "runtime/active_tasks.cc",
        "  return now.member_id != suspended_as_.member_id || now.generation != suspended_as_.generation + 1;",
        "  return now.member_id != suspended_as_.member_id;",
    ),
    Mutant(
        "kept-work",
        "tasks go on with what they did when their transaction is given up",
        "runtime/active_tasks.cc",
        "    if (task->started()) started.push_back(id);",
        "    if (task->started() && false) started.push_back(id);",
    ),
    Mutant(
        "no-wait",
        "a restore does not wait for what a transaction is about to change",
        "runtime/active_tasks.cc",
        "  if (settings_.exactly_once && !plan.stores.empty()) {",
        "  if (false) {",
    ),
    Mutant(
        "short-restore",
        "a restore ends one record early",
        "runtime/restorer.cc",
        "  const Offset next = std::max(start, log.begin) == log.end ? log.end : start;\n",
        "  log.end = std::max(log.end - 1, std::max(start, log.begin));\n"
        "  const Offset next = std::max(start, log.begin) == log.end ? log.end : start;\n",
    ),
    Mutant(
        "no-progress",
        "stores of windows forget the time they have seen",
        "state/task_state.cc",
        "    if (host.has_progress()) StoreFacts::put_progress(store->name(), host.segments().progress(), batch);\n",
        "",
    ),
    Mutant(
        "started-twice",
        "a task that has started is started again when another one has failed",
        "runtime/active_tasks.cc",
        "    pending_.erase(current);\n    changed();\n",
        "    changed();\n",
    ),
)


def run(command, **options):
    return subprocess.run([str(part) for part in command], text=True, **options)


def copy_tree():
    files = run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True).stdout
    source = WORK / "source"
    names = {name for name in files.splitlines() if (ROOT / name).exists()}
    for path in source.rglob("*"):
        if path.is_file() and str(path.relative_to(source)) not in names:
            path.unlink()
    for name in names:
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_bytes() != (ROOT / name).read_bytes():
            shutil.copyfile(ROOT / name, target)
            shutil.copymode(ROOT / name, target)
    return source


def build(source, target):
    configure = ["cmake", "-S", source, "-B", WORK / "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release"]
    run(configure, check=True, stdout=subprocess.DEVNULL)
    run(["cmake", "--build", WORK / "build", "--target", target], check=True, stdout=subprocess.DEVNULL)


def violation(seeds):
    ended = run([WORK / "build/bin/simulate", "--seeds", seeds, "--most-violations", 1], capture_output=True)
    found = re.search(r"^(.*?): simulation with seed (\d+): (.*)$", ended.stdout, re.MULTILINE)
    if found:
        return f"seed {found[2]}, {found[1]}: {found[3]}"
    return ended.returncode and f"the simulation itself ended with {ended.returncode}"


def failed_tests(tests):
    """The first ones; a test that hangs ends the search."""
    try:
        ended = run([WORK / "build/bin" / tests], capture_output=True, timeout=600)
    except subprocess.TimeoutExpired:
        return "the tests do not end"
    failed = re.findall(r"^\[  FAILED  \] (\S+?)(?:,.*)? \(", ended.stdout, re.MULTILINE)
    return ", ".join(failed[:3]) or (ended.returncode and f"the tests ended with {ended.returncode}")


def look_for(mutant, source, options):
    """What shows it, or nothing."""
    file = source / mutant.file
    text = file.read_text()
    if text.count(mutant.before) != 1:
        sys.exit(f"{mutant.name}: {mutant.file} has changed; the lines to break must stand there once")
    try:
        file.write_text(text.replace(mutant.before, mutant.after))
        build(source, options.tests or "simulate")
        return failed_tests(options.tests) if options.tests else violation(options.seeds)
    finally:
        file.write_text(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=60, help="of each topology and guarantee; default: %(default)s")
    parser.add_argument("--only", help="the name of one mutant")
    parser.add_argument("--tests", help="run these in place of the simulation, such as runtime_tests")
    options = parser.parse_args()
    source = copy_tree()
    missed = 0
    for mutant in MUTANTS:
        if options.only not in (None, mutant.name):
            continue
        found = look_for(mutant, source, options)
        missed += not found
        print(f"{mutant.name} ({mutant.what}): {found or 'NOT FOUND'}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
