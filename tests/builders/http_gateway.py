"""A real HTTP gateway on loopback that counts what it delivers, and behaves as badly as a test tells it."""

import json
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(slots=True)
class HttpGateway:
    """What was delivered, by key, and how the gateway behaves. `is_keyed`: the same key is delivered once."""

    url: str = ""
    is_keyed: bool = False
    delivered: Counter[str] = field(default_factory=Counter)  # by key: what reached a person
    requests: int = 0
    texts: list[str] = field(default_factory=list)
    # For the next requests: "500" fails before it takes the message, "lost" takes it and fails, "silent" takes it and
    # hangs up, "slow" takes it and never answers, "429" asks to wait, "400" refuses, "twice" answers two times.
    moods: deque[str] = field(default_factory=deque)
    mood_of: Callable[[int], str] = lambda number: ""  # of every request by its number, when no mood is set
    on_taken: Callable[[int], None] = lambda number: None  # called when a message was delivered, before the answer
    on_request: Callable[[int], None] = lambda number: None  # called before it is delivered
    on_answered: Callable[[int], None] = lambda number: None
    lock: threading.Lock = field(default_factory=threading.Lock)
    ends: threading.Event = field(default_factory=threading.Event)

    def take(self, key: str, text: str) -> None:
        """Deliver a message, once a key if keys are honoured."""
        with self.lock:
            if not (self.is_keyed and self.delivered[key]):
                self.delivered[key] += 1
                self.texts.append(text)
            number = sum(self.delivered.values())
        self.on_taken(number)

    def next_mood(self) -> str:
        """Return how the request that comes now is treated."""
        with self.lock:
            self.requests += 1
            mood = self.moods.popleft() if self.moods else self.mood_of(self.requests)
            number = self.requests
        self.on_request(number)
        return mood


def _handler(gateway: HttpGateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Take a message as the mood of the moment says."""
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            mood, key = gateway.next_mood(), body["key"]
            assert self.headers["Idempotency-Key"] == key
            if mood in ("500", "429", "400"):
                self._answer(int(mood), {}, {"Retry-After": "1"} if mood == "429" else {})
                return
            gateway.take(key, body["text"])
            if mood == "lost":
                self._answer(500, {})
            elif mood == "silent":
                self.close_connection = True
                self.connection.close()
            elif mood == "slow":
                gateway.ends.wait(60)
                self.close_connection = True
            else:
                for _ in range(2 if mood == "twice" else 1):
                    self._answer(200, {"id": f"w-{key}"})
                gateway.on_answered(gateway.requests)

        def do_GET(self) -> None:
            """Say what became of a key."""
            key = self.path.rpartition("/")[2]
            known = bool(gateway.delivered[key])
            self._answer(200 if known else 404, {"id": f"w-{key}"} if known else {})

        def _answer(self, code: int, body: dict[str, str], headers: dict[str, str] | None = None) -> None:
            text = json.dumps(body).encode()
            self.send_response(code)
            self.send_header("Content-Length", str(len(text)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing: clients are killed in the middle of a request."""


@contextmanager
def http_gateway(*, is_keyed: bool = False) -> Iterator[HttpGateway]:
    """Run a gateway on a free port of loopback."""
    gateway = HttpGateway(is_keyed=is_keyed)
    server = _Server(("127.0.0.1", 0), _handler(gateway))
    gateway.url = f"http://127.0.0.1:{server.server_port}/messages"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.ends.set()
        server.shutdown()
        server.server_close()
