#!/usr/bin/env python3
"""Says where an include goes against the layers, and exits 1 if there is one.

A folder may include itself and the folders in ALLOWED. RocksDB and librdkafka appear in .cc files only. Levada's own
headers are included as <levada/folder/file.h>, and must exist.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = {"core": set(), "state": {"core"}, "dsl": {"core", "state"}, "runtime": {"core", "state"}}
CC_ONLY = ("rocksdb/", "librdkafka/")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def complaint(folder, path, quote, included):
    """What is wrong with one include, or None."""
    if included.startswith(CC_ONLY) and path.suffix == ".h":
        return f"<{included}> may appear in .cc files only"
    if quote == '"':
        return f'"{included}": write <levada/...>'
    if not included.startswith("levada/"):
        return None
    target = included.split("/")[1]
    if not (ROOT / included.removeprefix("levada/")).is_file():
        return f"<{included}>: no such file"
    if target != folder and target not in ALLOWED[folder]:
        return f"<{included}>: {folder} may include {', '.join(sorted(ALLOWED[folder])) or 'no other folder'}"
    return None


def complaints():
    for folder in ALLOWED:
        for path in sorted((ROOT / folder).rglob("*.[hc]*")):
            for number, line in enumerate(path.read_text().splitlines(), start=1):
                match = INCLUDE.match(line)
                wrong = match and complaint(folder, path, *match.groups())
                if wrong:
                    yield f"{path.relative_to(ROOT)}:{number}: {wrong}"


found = list(complaints())
print("\n".join(found) or "includes: every one goes the right way")
sys.exit(1 if found else 0)
