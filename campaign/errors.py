"""What can go wrong, as facts. A feature subclasses these next to the rule that raises.

CampaignError
├── Invalid        422  the input breaks a rule; `mistakes` lists every one
├── NotFound       404  no such thing, or not for you to know
├── NotAllowed     403  the actor may not do this here
├── Conflict       409  the world changed, or the thing was already done otherwise
└── Unavailable    503  a part that we depend on does not answer; try later

`code` is stable and kebab-case. Facts are keyword arguments with ids and numbers, never a person's data.
Sentences belong to templates and catalogues, in the reader's language.
"""

from dataclasses import dataclass, field
from typing import ClassVar


class CampaignError(Exception):
    """Base of every error that the product raises on purpose."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.code, facts)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong with an input: where the user sees it, and a stable code with its facts."""

    where: str
    code: str
    facts: dict[str, object] = field(default_factory=dict)


class Invalid(CampaignError):
    """The input breaks a rule. Report every mistake at once."""

    code = "invalid"
    status = 422

    def __init__(self, mistakes: tuple[Mistake, ...] = (), **facts: object) -> None:
        self.mistakes = mistakes
        super().__init__(**facts)


class NotFound(CampaignError):
    """No such thing, or the actor may not know of it."""

    code = "not-found"
    status = 404


class NotAllowed(CampaignError):
    """The actor may not do this, or not here."""

    code = "not-allowed"
    status = 403


class Conflict(CampaignError):
    """The request no longer fits what is already there."""

    code = "conflict"
    status = 409


class KeyReused(Conflict):
    """The idempotency key of this request belongs to another one: between other places, of other people."""

    code = "key-reused"


class Unavailable(CampaignError):
    """Something that we depend on does not answer; the same request may succeed later."""

    code = "unavailable"
    status = 503
