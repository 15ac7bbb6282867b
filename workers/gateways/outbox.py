"""Messages as files, for a person who pastes them into a messenger or carries them as slips.

A file is named for its invitation and comes to be in one step, so that it is there once or not at all: this channel
can always be asked what became of a message.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from workers.gateways import Evidence, Outgoing, TryLater
from workers.gateways.journal import Finding


@dataclass(frozen=True, slots=True)
class Outbox:
    """One folder of the outbox."""

    folder: Path  # of the channel

    def send(self, message: Outgoing) -> str:
        """Write the message; writing it again leaves the first one as it is."""
        path = self.path_of(message.invitation_id, message.area_code)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._write(path, f"{message.recipient}\n{message.to}\n\n{message.body}")
        except OSError as error:
            raise TryLater("outbox-not-writable") from error
        return path.relative_to(self.folder.parent).as_posix()

    def look_up(self, invitation_id: int, area_code: str) -> Finding:
        """Return whether the message is there."""
        path = self.path_of(invitation_id, area_code)
        if path.exists():
            return Finding(Evidence.SENT, path.relative_to(self.folder.parent).as_posix())
        return Finding(Evidence.NOT_SENT)

    def path_of(self, invitation_id: int, area_code: str) -> Path:
        """Return where the message of an invitation lies: by kelurahan, named by id and not by person."""
        if not re.fullmatch(r"[0-9.]+", area_code):
            raise ValueError("an area code has digits and dots")
        return self.folder / area_code / f"{invitation_id}.txt"

    @staticmethod
    def _write(path: Path, text: str) -> None:
        if path.exists():
            return
        # The process id keeps two writers of one invitation apart; replace() leaves one whole file whoever is later.
        draft = path.with_suffix(f".{os.getpid()}.part")
        draft.touch(mode=0o600)
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
