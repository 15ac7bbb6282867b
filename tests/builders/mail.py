"""A real SMTP server on loopback that keeps what arrives and answers as a test tells it."""

import asyncio
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller


@dataclass(slots=True)
class MailServer:
    """What arrived, in order, and how the server answers."""

    port: int
    messages: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)  # to the next messages, before the ordinary 250
    refused: Callable[[str], str | None] = lambda recipient: None  # answer to RCPT, None: accepted
    refused_sender: str | None = None  # answer to MAIL, None: accepted
    pause: float = 0.0  # seconds between the final dot and the answer
    on_message: Callable[[int], None] = lambda number: None

    @property
    def arrivals(self) -> Counter[str]:
        """Return how often each Message-ID arrived."""
        return Counter(str(message["Message-ID"]) for message in self.messages)

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """Take or refuse the sender."""
        if self.refused_sender is None:
            envelope.mail_from = address
        return self.refused_sender or "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """Take or refuse a recipient."""
        answer = self.refused(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a message, or answer what the test wants."""
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.messages.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
            self.on_message(len(self.messages))
        await asyncio.sleep(self.pause)
        return answer


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a server on a free port of loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = MailServer(port)
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
