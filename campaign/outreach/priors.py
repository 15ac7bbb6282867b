"""What is believed of each method's turnout before anything was counted: shipped beliefs, or what the city wrote.

The shipped ones are those of published campaigns: 20 to 35 of 100 invited for a long-acting method stay away, 10 to 20
for others; of 18 who came for tubectomy 7 could not be served, of 15 for vasectomy 4, of 73 for IUD and implant 7.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from campaign import audit
from campaign.accounts.policy import Actor, Permission, Place, require
from campaign.db import db
from campaign.errors import Invalid, Mistake
from campaign.outreach.dispatch_models import TurnoutPrior
from campaign.outreach.turnout import Rate, Turnout
from campaign.registry import queries as registry

WEIGHT = 20  # people: a first campaign of a hundred outweighs the belief
SHIPPED = "perkiraan awal dari kampanye yang diberitakan"
_COMES = {True: 0.72, False: 0.85}  # by whether the method is long-acting
_FIT = {"tubectomy": 0.61, "vasectomy": 0.73, "iud": 0.9, "implant_1": 0.9, "implant_2": 0.9}
_FIT_OF_OTHERS = 0.97


class PriorInvalid(Invalid):
    """A belief is no chance. `where` is the method and the field."""

    code = "turnout-invalid"


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of one method; chances, and how many people's worth."""

    method_code: str
    comes: float
    comes_weight: int
    fit: float
    fit_weight: int
    source: str

    def counted(self, came: tuple[int, int] = (0, 0), fit: tuple[int, int] = (0, 0)) -> Turnout:
        """Return the turnout when (yes, of) were counted."""
        return Turnout(Rate(self.comes, self.comes_weight, *came), Rate(self.fit, self.fit_weight, *fit))


def beliefs() -> list[Belief]:
    """Return what is believed, by method in the order of the register."""
    written = {row.method_code: row for row in db.session.scalars(select(TurnoutPrior))}
    found = []
    for method in registry.methods():
        row = written.get(method.code)
        if row is None:
            fit = _FIT.get(method.code, _FIT_OF_OTHERS)
            found.append(Belief(method.code, _COMES[method.is_long_acting], WEIGHT, fit, WEIGHT, SHIPPED))
        else:
            found.append(Belief(row.method_code, row.comes, row.comes_weight, row.fit, row.fit_weight, row.source))
    return found


def change_beliefs(actor: Actor, new: Sequence[Belief]) -> None:
    """Believe something else from now on."""
    require(actor, Permission.EDIT_REGISTRY, Place())
    mistakes = []
    for one in new:
        for where, chance in (("comes", one.comes), ("fit", one.fit)):
            if not 0.01 <= chance <= 0.99:
                mistakes.append(Mistake(f"{one.method_code}.{where}", "turnout-out-of-range"))
        for where, weight in (("comes_weight", one.comes_weight), ("fit_weight", one.fit_weight)):
            if not 1 <= weight <= 1000:
                mistakes.append(Mistake(f"{one.method_code}.{where}", "turnout-out-of-range"))
    if mistakes:
        raise PriorInvalid(tuple(mistakes))
    for one in new:
        db.session.merge(
            TurnoutPrior(
                method_code=registry.method(one.method_code).code,
                comes=one.comes,
                comes_weight=one.comes_weight,
                fit=one.fit,
                fit_weight=one.fit_weight,
                source=one.source[:240],
            )
        )
    db.session.flush()
    audit.record(actor, "change-turnout-priors", ("turnout_prior", len(new)))
