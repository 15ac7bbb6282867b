"""A mail server and an HTTP gateway that take everything and count it, in a process of their own."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import re
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection


class Mail(asyncio.Protocol):
    """SMTP, as much of it as a sender of messages needs; everything is taken."""

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts, self.left, self.in_data = counts, b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.left += data
        while True:
            end = b"\r\n.\r\n" if self.in_data else b"\r\n"
            line, found, rest = self.left.partition(end)
            if not found:
                return
            self.left = rest
            self.transport.write(self.take(line))

    def take(self, line: bytes) -> bytes:
        if self.in_data:
            self.in_data = False
            key = re.search(rb"Message-ID: (\S+)", line)
            name = key[1].decode() if key else "?"
            self.counts[name] = self.counts.get(name, 0) + 1
            return b"250 taken\r\n"
        verb = line[:4].upper()
        self.in_data = verb == b"DATA"
        return {b"EHLO": b"250 sink\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(verb, b"250 OK\r\n")


class Web(asyncio.Protocol):
    """HTTP/1.1, as much of it as a gateway's client needs; everything is taken."""

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts, self.left = counts, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.left += data
        while b"\r\n\r\n" in self.left:
            head, _, rest = self.left.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            size = int(length[1]) if length else 0
            if len(rest) < size:
                return
            body, self.left = rest[:size], rest[size:]
            key = json.loads(body)["key"]
            self.counts[key] = self.counts.get(key, 0) + 1
            answer = json.dumps({"id": f"w-{key}"}).encode()
            self.transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                % (len(answer), answer)
            )


async def _serve(pipe: Connection) -> None:
    counts: dict[str, dict[str, int]] = {"mail": {}, "web": {}}
    loop = asyncio.get_running_loop()
    mail = await loop.create_server(lambda: Mail(counts["mail"]), "127.0.0.1", 0)
    web = await loop.create_server(lambda: Web(counts["web"]), "127.0.0.1", 0)
    pipe.send((mail.sockets[0].getsockname()[1], web.sockets[0].getsockname()[1]))
    await loop.run_in_executor(None, pipe.recv)
    pipe.send(counts)


def _run(pipe: Connection) -> None:
    asyncio.run(_serve(pipe))


class Sinks:
    """The two running; `counts()` ends them and tells how often each message arrived."""

    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe
        self.mail_port, self.web_port = pipe.recv()

    def counts(self) -> dict[str, dict[str, int]]:
        self.pipe.send("how many")
        found: dict[str, dict[str, int]] = self.pipe.recv()
        return found


@contextmanager
def sinks() -> Iterator[Sinks]:
    """Run both on free ports of loopback."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(theirs,), daemon=True)
    process.start()
    try:
        yield Sinks(ours)
    finally:
        process.terminate()
        process.join()
