"""What the process that reads a survey file does to itself before it opens it: limits, and no network.

A file is made by somebody else, and its parsers are large. A fault in one of them must end that process
only. Linux enforces all of this; where a system does not know a limit, the process goes on without it.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
from dataclasses import dataclass

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
OPEN_FILES = 128
# Exit status of a process that came to a limit and could say so.
NO_MEMORY, TOO_LARGE, NO_SPACE = 77, 78, 79


@dataclass(frozen=True)
class Limits:
    """What reading one file may cost.

    `memory`: bytes that the process may allocate (private writable memory, RLIMIT_DATA: address space
    that the allocators only reserve does not count). `cpu` and `wall`: seconds of all its threads, and on
    the clock. `output`: bytes of any one file that it writes. `rows`: respondents that a file may hold; one
    of a few kB can claim thousands of millions.
    """

    memory: int = 1_500_000_000
    cpu: int = 300
    wall: float = 300.0
    output: int = 4_000_000_000
    rows: int = 20_000_000


def confine(limits: Limits, parent: int) -> bool:
    """Put the limits on this process and cut it from the network; to be called before any thread starts.

    `parent`: the process that must be there still; this one ends with it, even where it is killed.
    Returns whether the network is closed: some systems do not let a process do that.
    """
    _control(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit("the process that asked for this is gone")
    _limit("RLIMIT_CORE", 0, 0)
    _limit("RLIMIT_DATA", limits.memory, limits.memory)
    # the soft limit ends the process with a signal of its own, which says why
    _limit("RLIMIT_CPU", limits.cpu, limits.cpu + 5)
    _limit("RLIMIT_FSIZE", limits.output, limits.output)
    _limit("RLIMIT_NOFILE", OPEN_FILES, OPEN_FILES)
    closed = close_network()
    _control(PR_SET_DUMPABLE, 0)
    _control(PR_SET_NO_NEW_PRIVS, 1)
    return closed


def close_network() -> bool:
    """Move this process into a network of its own with nothing in it; False where the kernel refuses.

    A user with that right keeps its other rights (it can read the file as before); everybody else needs a
    user namespace for it, which some systems forbid.
    """
    try:
        unshare = ctypes.CDLL(None, use_errno=True).unshare
    except (OSError, AttributeError):
        return False
    return any(unshare(flags) == 0 for flags in (CLONE_NEWNET, CLONE_NEWUSER | CLONE_NEWNET))


def reaches(port: int) -> bool:
    """Whether a connection to this machine's own `port` can be made from this process."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True
    except OSError:
        return False


def _limit(name: str, soft: int, hard: int) -> None:
    kind = getattr(resource, name, None)
    if kind is None:
        return
    _, most = resource.getrlimit(kind)
    if most != resource.RLIM_INFINITY:
        soft, hard = min(soft, most), min(hard, most)
    try:
        resource.setrlimit(kind, (soft, hard))
    except (OSError, ValueError):
        return


def _control(option: int, value: int) -> None:
    try:
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
    except (OSError, AttributeError):
        return
