"""What a command costs, seen from outside: processor time and memory of it and of all its children."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SAMPLED_EVERY = 0.05  # seconds
# Python writes no byte code where this is set; a program that is compiled at every start is not what is measured.
_LEFT_OUT = frozenset({"PYTHONDONTWRITEBYTECODE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds of processor time (user and system) and of wall time; `memory` is the largest sum over the tree of
    processes in bytes, sampled; `output` is standard output.
    """

    cpu: float
    wall: float
    memory: int
    output: str


def run(command: Sequence[str], *, core: int | None = 0, environment: dict[str, str] | None = None) -> Cost:
    """Run a command to its end, on one core alone where one is given.

    Raises:
        SystemExit: it failed.
    """
    pinned = ["taskset", "-c", str(core), *command] if core is not None else list(command)
    kept = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT} | (environment or {})
    began = time.monotonic()
    child = subprocess.Popen(pinned, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, env=kept, text=True)
    watch = _Watch(child.pid)
    assert child.stdout is not None
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    memory = watch.end()
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    return Cost(
        cpu=usage.ru_utime + usage.ru_stime, wall=time.monotonic() - began, memory=memory, output=output.strip()
    )


class _Watch:
    """Samples the memory of a tree of processes while it runs."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._largest = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def _sample(self) -> None:
        while not self._over.wait(_SAMPLED_EVERY):
            self._largest = max(self._largest, sum(map(_resident, _tree(self._root))))

    def end(self) -> int:
        """Stop sampling; returns the largest sum in bytes."""
        self._over.set()
        self._thread.join()
        return self._largest


def processor(root: int, *, whole: bool = True) -> float:
    """Seconds of processor time of a process that runs, and of all its children where the `whole` tree is asked for."""
    return sum(map(_used, _tree(root) if whole else [root])) / os.sysconf("SC_CLK_TCK")


def _used(process: int) -> int:
    """Ticks of a process and of the children that it has waited for."""
    line = _read(Path(f"/proc/{process}/stat"))
    return sum(map(int, line.rsplit(")", 1)[1].split()[11:15])) if line else 0


def _tree(root: int) -> list[int]:
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (line := _read(entry / "stat")):
            children[int(line.rsplit(")", 1)[1].split()[1])].append(int(entry.name))
    found, left = [], [root]
    while left:
        found.append(left.pop())
        left.extend(children[found[-1]])
    return found


def _resident(process: int) -> int:
    line = _read(Path(f"/proc/{process}/statm"))
    return int(line.split()[1]) * os.sysconf("SC_PAGE_SIZE") if line else 0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it ended meanwhile
        return ""
