"""Messages to telephones through a gateway that takes JSON over HTTP: WhatsApp or SMS.

The request carries a key that is the same for each attempt at a message. What the answer means depends on what the
gateway promises: where it honours keys, silence and 5xx are tried again with the same key; where it does not, but can
be asked, it is asked; where it does neither, the message is in doubt and a person decides.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter

from campaign import clock
from campaign.config import HttpSender
from workers.gateways import Evidence, Outgoing, Rejected, TryLater, Unclear
from workers.gateways.journal import Journal

CONNECT_SECONDS, ANSWER_SECONDS = 5, 20
LONGEST_WAIT = timedelta(hours=6)


@dataclass(slots=True)
class Http:
    """Sends messages to telephones; its connection is kept open."""

    sender: HttpSender
    journal: Journal
    seconds: float = ANSWER_SECONDS
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False  # the proxies and .netrc of whoever runs the worker are not ours
        # The library must never send a request again by itself.
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, HTTPAdapter(max_retries=0))
        if self.sender.token:
            self.session.headers["Authorization"] = f"Bearer {self.sender.token}"

    def send(self, message: Outgoing) -> str:
        """Hand one message over; return what the gateway calls it."""
        if not self.sender.url:
            raise TryLater("gateway-not-set")
        if message.until is not None and clock.now() >= message.until:  # this process slept: the claim is not its own
            raise TryLater("worker-died")
        self.journal.hand(message.invitation_id)
        try:
            answer = self._post(message)
        except requests.exceptions.ConnectTimeout as error:
            raise TryLater("gateway-unreachable") from error
        except requests.ConnectionError as error:
            if _never_connected(error):
                raise TryLater("gateway-unreachable") from error
            return self._in_doubt(message, "gateway-silent")
        except requests.RequestException:
            return self._in_doubt(message, "gateway-silent")
        return self._read(message, answer)

    def _post(self, message: Outgoing) -> requests.Response:
        return self.session.post(
            self.sender.url,
            json={"to": message.to, "text": message.body, "key": message.key},
            headers={"Idempotency-Key": message.key},
            timeout=(CONNECT_SECONDS, self.seconds),
            allow_redirects=False,  # a message that was taken and answered with a redirect would be sent twice
        )

    def _read(self, message: Outgoing, answer: requests.Response) -> str:
        code = answer.status_code
        if 200 <= code < 300:
            return _reference(answer)
        if code in (429, 503) and answer.headers.get("Retry-After"):
            raise TryLater("gateway-busy", _wait(answer))  # it says when: it did not take the message
        if code == 429:
            raise TryLater("gateway-busy")
        if code in (401, 403, 404):  # about us, not the recipient: a setting to mend must not reject a whole campaign
            raise TryLater("gateway-refuses-us")
        if code == 408 or code >= 500:
            return self._in_doubt(message, "gateway-failed")
        if 400 <= code < 500 and code != 409:
            raise Rejected("gateway-refused")
        return self._in_doubt(message, "gateway-failed")  # 409: the key is under way or known; 3xx: not ours to follow

    def _in_doubt(self, message: Outgoing, code: str) -> str:
        """Return the reference if the gateway has the message after all; otherwise raise what may be done."""
        evidence, reference = self.ask(message.key)
        if evidence is Evidence.SENT:
            return reference
        if self.sender.is_keyed or evidence is Evidence.NOT_SENT:
            raise TryLater(code)
        raise Unclear(code)

    def ask(self, key: str) -> tuple[Evidence, str]:
        """Return what the gateway knows of a key."""
        if not self.sender.ask_url:
            return Evidence.UNKNOWN, ""
        try:
            answer = self.session.get(
                f"{self.sender.ask_url.rstrip('/')}/{quote(key)}",
                timeout=(CONNECT_SECONDS, self.seconds),
                allow_redirects=False,
            )
        except requests.RequestException:
            return Evidence.UNKNOWN, ""
        if answer.status_code == 200:
            return Evidence.SENT, _reference(answer)
        return (Evidence.NOT_SENT if answer.status_code == 404 else Evidence.UNKNOWN), ""


def _never_connected(error: requests.ConnectionError) -> bool:
    """Tell whether nothing can have left: there was no connection to send it through."""
    return type(getattr(error.args[0], "reason", None)).__name__ in ("NewConnectionError", "NameResolutionError")


def _reference(answer: requests.Response) -> str:
    try:
        body = answer.json()
    except requests.JSONDecodeError:
        return ""
    return str(body.get("id") or "") if isinstance(body, dict) else ""


def _wait(answer: requests.Response) -> timedelta | None:
    text = answer.headers.get("Retry-After", "")
    return min(timedelta(seconds=int(text)), LONGEST_WAIT) if text.isascii() and text.isdigit() else None
