"""A real SMTP server on loopback that keeps every delivery as a file: it shows what arrived, and how often."""

import asyncio
import socket
from collections import Counter
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Keeper:
    """Writes each message to a folder, numbered in the order of arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.count = len(list(folder.glob("*.eml")))

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Keep one message, then answer that it was taken."""
        self.count += 1
        content = envelope.original_content or b""
        await asyncio.to_thread((self.folder / f"{self.count:05}.eml").write_bytes, content)
        return "250 kept"


def deliveries(folder: Path) -> Counter[str]:
    """Return how often each message, by its Message-ID, was delivered."""
    return Counter(str(message_from_bytes(f.read_bytes())["Message-ID"]) for f in folder.glob("*.eml"))


def start_mail_server(folder: Path) -> Controller:
    """Start the server on a free port of the loopback address; `controller.port` names it."""
    with socket.socket() as probe:  # aiosmtpd connects to its own port to start, and cannot be given port 0
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(Keeper(folder), hostname="127.0.0.1", port=port)
    controller.start()
    return controller
