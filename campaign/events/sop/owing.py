"""Who owes a step, and who may tick it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaign.accounts.policy import Actor, Grant
from campaign.accounts.roles import Role
from campaign.events.sop.template import Duty, Party, Step

ACTING = frozenset({Duty.DOES, Duty.APPROVES})
# A step whose doer is unknown is the planner's: somebody has to see that it is owed.
FALLBACK = frozenset({Role.PLANNER})


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a campaign is held."""

    district_code: str
    facility_ids: frozenset[int]

    def touches(self, grant: Grant) -> bool:
        """Tell whether a grant has anything to do with the campaign: above it, in it, or one of its facilities."""
        if grant.facility_id is not None:
            return grant.facility_id in self.facility_ids
        if grant.area_code is None:
            return True
        mine, its = self.district_code + ".", grant.area_code + "."
        return mine.startswith(its) or its.startswith(mine)


def roles_on(ground: Ground, actor: Actor) -> frozenset[Role]:
    """Return the roles that an actor holds in a campaign."""
    return frozenset(grant.role for grant in actor.grants if ground.touches(grant))


def owing_roles(step: Step, parties: Sequence[Party]) -> frozenset[Role]:
    """Return the roles that owe a step: of the parties that do it."""
    return _roles(step, parties, frozenset({Duty.DOES})) or FALLBACK


def acting_roles(step: Step, parties: Sequence[Party]) -> frozenset[Role]:
    """Return the roles that may tick a step: who does or approves it, and the planner, who runs the campaign."""
    return _roles(step, parties, ACTING) | FALLBACK


def _roles(step: Step, parties: Sequence[Party], duties: frozenset[Duty]) -> frozenset[Role]:
    wanted = {duty.party for duty in step.duties if duty.duty in duties}
    return frozenset(role for party in parties if party.code in wanted for role in party.roles)
