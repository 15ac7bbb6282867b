"""Send claimed messages side by side: a gateway answers in its own time, and a worker should not wait for each answer.

Every lane is a thread with gateways, and so with connections, of its own. A lane that is killed leaves one message in
doubt at most; whoever stops a campaign waits a slice of a few seconds at most.
"""

import logging
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from queue import Empty, SimpleQueue
from threading import local
from time import monotonic

from campaign.config import Settings
from campaign.outreach.models import Channel
from campaign.outreach.recording import Ending, Result
from campaign.privacy import Untold
from workers.gateways import Gateway, GatewayError, Outgoing, Rejected, TryLater, Unclear
from workers.gateways.choosing import gateway_for
from workers.gateways.journal import Journal

log = logging.getLogger(__name__)

LANES = 4
SLICE_SECONDS = 5.0  # after this the rest of a batch goes back, and what may leave is decided anew


@dataclass(frozen=True, slots=True)
class Post:
    """One message that was claimed, ready to leave."""

    message: Outgoing
    attempt: int
    channel: Channel


@dataclass(slots=True)
class Lanes:
    """The lanes of one process."""

    settings: Settings
    journal: Journal
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(LANES, "lane"))
    own: local = field(default_factory=local)  # each thread's gateways

    def post(self, posts: Sequence[Post], seconds: float = SLICE_SECONDS) -> list[Result]:
        """Send what can be sent in `seconds`; return what came of each, without those of which nothing is known."""
        waiting: SimpleQueue[Post] = SimpleQueue()
        for post in posts:
            waiting.put(post)
        end = monotonic() + seconds
        done = [self.pool.submit(self._drain, waiting, end) for _ in range(min(LANES, len(posts)))]
        results = [result for lane in done for result in lane.result()]
        left = list(_rest(waiting))
        for post in left:
            self.journal.left(post.message.invitation_id)
        return results + [Result(post.message.invitation_id, post.attempt, Ending.NOT_SENT) for post in left]

    def _drain(self, waiting: "SimpleQueue[Post]", end: float) -> list[Result]:
        results = []
        while monotonic() < end:
            try:
                post = waiting.get_nowait()
            except Empty:
                break
            try:
                results.append(self._send(post))
            except Exception as error:  # a fault of ours: the journal knows whether it left, the sweep will read it
                log.error(
                    "lane failed",
                    extra={"invitation_id": post.message.invitation_id},
                    exc_info=(Untold, Untold(error), None),
                )
        return results

    def _send(self, post: Post) -> Result:
        """Hand one message to its gateway and say what came of it."""
        invitation_id = post.message.invitation_id
        try:
            reference = self._gateway(post.channel).send(post.message)
        except Unclear as error:
            return Result(invitation_id, post.attempt, Ending.UNKNOWN, error.code)
        except (TryLater, Rejected) as error:
            self.journal.left(invitation_id)
            return Result(invitation_id, post.attempt, _ending(error), error.code, getattr(error, "wait", None))
        self.journal.took(invitation_id, reference)
        return Result(invitation_id, post.attempt, Ending.SENT, reference)

    def _gateway(self, channel: Channel) -> Gateway:
        gateways: dict[Channel, Gateway] = self.own.__dict__.setdefault("gateways", {})
        if channel not in gateways:
            gateways[channel] = gateway_for(self.settings, channel, self.journal)
        return gateways[channel]


def _ending(error: GatewayError) -> Ending:
    return Ending.REJECTED if isinstance(error, Rejected) else Ending.TRY_LATER


def _rest(waiting: "SimpleQueue[Post]") -> Iterable[Post]:
    while True:
        try:
            yield waiting.get_nowait()
        except Empty:
            return


@cache
def lanes_of(settings: Settings, process_id: int) -> Lanes:
    """Return this process's lanes; a forked child starts its own, with a journal of its own."""
    return Lanes(settings, Journal.open(settings.data_dir / "journals"))


def own_lanes(settings: Settings) -> Lanes:
    """Return the lanes of the process that asks."""
    return lanes_of(settings, os.getpid())
