"""What this process did with each message, line by line, so that its death leaves no doubt.

A worker that is killed cannot say whether its message left. Its journal can: a line is in the kernel's hands the moment
it is written, and outlives the process. It does not outlive the machine, so a journal of another boot proves nothing.

    begin 41     before the invitation is claimed
    hand 41      right before the one byte sequence that makes the message theirs (the dot of SMTP)
    took 41 …    they took it, and what they call it
    left 41      it ended without leaving: refused, or to be tried later

The process holds a lock on its journal as long as it lives; the lock is how others know that it died.
"""

import fcntl
import os
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

from workers.gateways import Evidence

_BOOT = Path("/proc/sys/kernel/random/boot_id")
SUFFIX = ".journal"


def _boot() -> str:
    """Return what names this boot of the machine; where the system does not say, no journal proves anything."""
    try:
        return _BOOT.read_text().strip()
    except OSError:
        return uuid4().hex


@dataclass(slots=True)
class Journal:
    """The journal of one process."""

    name: str
    descriptor: int

    @classmethod
    def open(cls, folder: Path) -> "Journal":
        """Start a journal of this process's own."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = uuid4().hex
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND
        descriptor = os.open(folder / (name + SUFFIX), flags, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        journal = cls(name, descriptor)
        journal._line("boot", _boot())
        return journal

    def begin(self, *invitation_ids: int) -> None:
        """Write that attempts start: nothing has left."""
        os.write(self.descriptor, "".join(f"begin {one}\n" for one in invitation_ids).encode())

    def hand(self, invitation_id: int) -> None:
        """Write that the message is about to leave: from here on it may have."""
        self._line("hand", str(invitation_id))

    def took(self, invitation_id: int, reference: str) -> None:
        """Write that the gateway took the message."""
        self._line("took", str(invitation_id), reference)

    def left(self, invitation_id: int) -> None:
        """Write that the attempt ended and nothing left."""
        self._line("left", str(invitation_id))

    def close(self) -> None:
        """End the journal as the death of the process would."""
        os.close(self.descriptor)

    def _line(self, *words: str) -> None:
        os.write(self.descriptor, (" ".join(words).replace("\n", " ") + "\n").encode())


@dataclass(frozen=True, slots=True)
class Finding:
    """What a journal proves of one message; `reference` when it was sent."""

    evidence: Evidence
    reference: str = ""


def look_up(folder: Path, name: str, invitation_id: int, *, claim_is_over: bool) -> Finding:
    """Return what the journal `name` proves of a message.

    While its process lives and the claim holds, the message is under way. A journal that is not here, or is of another
    boot, proves nothing; that counts once the claim is over.
    """
    path = folder / (name + SUFFIX)
    doubt = Finding(Evidence.UNKNOWN if claim_is_over else Evidence.UNDER_WAY)
    if not name or not path.exists():
        return doubt
    if not claim_is_over and _is_held(path):
        return Finding(Evidence.UNDER_WAY)
    lines = [line.split(" ", 2) for line in path.read_text().splitlines()]
    if not lines or lines[0] != ["boot", _boot()]:
        return Finding(Evidence.UNKNOWN)
    return _last_word([line for line in lines[1:] if line[1] == str(invitation_id)])


def _last_word(lines: list[list[str]]) -> Finding:
    """Judge by what follows each handing over, not by the last line.

    A second job of the same invitation writes begin and left here too, after finding it claimed: when the first attempt
    could not be recorded, those lines must not hide that a message left.
    """
    if not lines:
        return Finding(Evidence.UNKNOWN)  # the claim says that it began here, the journal does not
    taken = [line for line in lines if line[0] == "took"]
    if taken:
        return Finding(Evidence.SENT, taken[-1][2] if len(taken[-1]) > 2 else "")
    words = [line[0] for line in lines]
    is_open = any(word == "hand" and after != "left" for word, after in pairwise([*words, "end"]))
    return Finding(Evidence.UNKNOWN if is_open else Evidence.NOT_SENT)


def _is_held(path: Path) -> bool:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def forget_old(folder: Path, needed: frozenset[str], keep_seconds: float) -> int:
    """Remove journals of dead processes that no invitation needs, older than the newest one by `keep_seconds`."""
    written = {path: path.stat().st_mtime for path in folder.glob("*" + SUFFIX)}
    newest = max(written.values(), default=0.0)
    old = [path for path, at in written.items() if at < newest - keep_seconds and path.stem not in needed]
    dead = [path for path in old if not _is_held(path)]
    for path in dead:
        path.unlink(missing_ok=True)
    return len(dead)
