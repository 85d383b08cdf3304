"""Freed memory is overwritten: what a request opened is not left lying about when it ends.

Python frees words and keys without wiping them. The allocators of the two systems can do it for every block that
is freed, if the environment says so before the process starts: glibc with M_PERTURB (mallopt(3)), macOS with
MallocScribble (malloc(3)). Python must then hand each object back to them at once instead of keeping pools.
"""

import os
import sys
from collections.abc import Mapping

_GLIBC = "GLIBC_TUNABLES"
# Without a cache per thread, whose blocks glibc does not overwrite.
_TUNABLES = "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0"
_OTHERS = {"PYTHONMALLOC": "malloc", "MallocScribble": "1"}


def overwriting(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which freed memory is overwritten."""
    kept = [environment[_GLIBC]] if environment.get(_GLIBC) else []
    tunables = kept[0] if kept and _TUNABLES in kept[0] else ":".join([*kept, _TUNABLES])
    return {**environment, **_OTHERS, _GLIBC: tunables}


def start_again_overwriting() -> None:
    """Return if freed memory is overwritten in this process; else begin it anew, under the same id."""
    # Not told by the tunables: glibc may take its variable apart while it reads it, and this would never end.
    if any(os.environ.get(name) != value for name, value in _OTHERS.items()):
        command = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, command, overwriting(os.environ))  # noqa: S606 (ourselves again)
