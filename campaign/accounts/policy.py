"""Who may do what, and where. Pure: the web, the workers and the command line ask the same question.

A role names permissions; a grant gives a role in one place: everywhere, an area and all below it, or one facility.
Closed by default: what no grant allows is refused.
"""

from dataclasses import dataclass
from enum import StrEnum

from campaign.accounts.roles import Role
from campaign.errors import NotAllowed


class Permission(StrEnum):
    """What can be allowed. Every route and every use-case names one."""

    SEE_HOME = "see-home"
    SEE_CAMPAIGNS = "see-campaigns"  # dates, places, targets, plans, tallies: counts only
    EDIT_CAMPAIGN = "edit-campaign"
    PLAN = "plan"
    APPROVE_PLAN = "approve-plan"
    SEE_STOCK = "see-stock"
    MOVE_STOCK = "move-stock"
    ORDER_STOCK = "order-stock"  # sign the SPMB
    USE_STOCK = "use-stock"  # a facility's own shelf: use, return
    SEE_CANDIDATES = "see-candidates"  # names; every read is audited
    LIST_CANDIDATES = "list-candidates"  # put names on the list
    INVITE = "invite"
    RECORD_ATTENDANCE = "record-attendance"
    SCREEN = "screen"  # trained staff only
    SEE_DOCUMENTS = "see-documents"
    WRITE_LETTERS = "write-letters"  # official letters, meetings' lists, who got what
    SIGN_LETTERS = "sign-letters"
    SIGN_RESULTS = "sign-results"  # make a tally final
    IMPORT = "import"
    EDIT_REGISTRY = "edit-registry"
    MANAGE_ACCOUNTS = "manage-accounts"
    SEE_AUDIT = "see-audit"


_SEE = {Permission.SEE_HOME, Permission.SEE_CAMPAIGNS}
ROLES: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(
        _SEE
        | {Permission.IMPORT, Permission.EDIT_REGISTRY, Permission.MANAGE_ACCOUNTS, Permission.SEE_AUDIT}
        | {Permission.SEE_STOCK, Permission.SEE_DOCUMENTS}
    ),
    Role.PLANNER: frozenset(
        _SEE
        | {Permission.EDIT_CAMPAIGN, Permission.PLAN, Permission.INVITE, Permission.IMPORT, Permission.EDIT_REGISTRY}
        | {Permission.SEE_STOCK, Permission.SEE_CANDIDATES, Permission.LIST_CANDIDATES, Permission.SEE_DOCUMENTS}
        | {Permission.WRITE_LETTERS}
    ),
    Role.HEAD: frozenset(
        _SEE
        | {Permission.APPROVE_PLAN, Permission.ORDER_STOCK, Permission.SEE_STOCK, Permission.SEE_DOCUMENTS}
        | {Permission.SIGN_LETTERS, Permission.SIGN_RESULTS}
    ),
    Role.WAREHOUSE: frozenset(
        _SEE | {Permission.SEE_STOCK, Permission.MOVE_STOCK, Permission.IMPORT, Permission.SEE_DOCUMENTS}
    ),
    Role.FACILITY: frozenset(
        _SEE
        | {Permission.SEE_STOCK, Permission.USE_STOCK, Permission.SEE_CANDIDATES, Permission.RECORD_ATTENDANCE}
        | {Permission.SCREEN, Permission.SEE_DOCUMENTS}
    ),
    Role.FIELD_OFFICER: frozenset(
        _SEE
        | {Permission.SEE_CANDIDATES, Permission.LIST_CANDIDATES, Permission.SEE_DOCUMENTS, Permission.WRITE_LETTERS}
    ),
    Role.CADRE: frozenset(_SEE | {Permission.SEE_CANDIDATES, Permission.LIST_CANDIDATES}),
    Role.VIEWER: frozenset(_SEE),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something would be done. A facility lies in an area: give both."""

    area_code: str | None = None
    facility_id: int | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, and where it holds; with neither area nor facility it holds everywhere."""

    role: Role
    area_code: str | None = None
    facility_id: int | None = None

    def covers(self, place: Place) -> bool:
        """Tell whether the grant reaches `place`."""
        if self.facility_id is not None:
            return place.facility_id == self.facility_id
        if self.area_code is not None:
            return place.area_code is not None and _within(place.area_code, self.area_code)
        return True


def _within(code: str, area: str) -> bool:
    return code == area or code.startswith(area + ".")


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts, with everything the policy needs to know of them."""

    account_id: int | None
    grants: tuple[Grant, ...] = ()
    is_system: bool = False


SYSTEM = Actor(account_id=None, is_system=True)


@dataclass(frozen=True, slots=True)
class Reach:
    """Where an actor holds a permission: everywhere, or in these areas and facilities. Queries filter by it."""

    everywhere: bool
    areas: tuple[str, ...] = ()
    facilities: tuple[int, ...] = ()

    @property
    def nowhere(self) -> bool:
        """Tell whether the permission is held at no place at all."""
        return not (self.everywhere or self.areas or self.facilities)


def reach(actor: Actor, permission: Permission) -> Reach:
    """Return where `actor` holds `permission`."""
    grants = [g for g in actor.grants if permission in ROLES[g.role]]
    if actor.is_system or any(g.area_code is None and g.facility_id is None for g in grants):
        return Reach(everywhere=True)
    return Reach(
        everywhere=False,
        areas=tuple(sorted({g.area_code for g in grants if g.area_code is not None})),
        facilities=tuple(sorted({g.facility_id for g in grants if g.facility_id is not None})),
    )


def may(actor: Actor, permission: Permission, place: Place | None = None) -> bool:
    """Tell whether `actor` holds `permission` at `place`; without a place: anywhere at all."""
    if actor.is_system:
        return True
    return any(permission in ROLES[g.role] and (place is None or g.covers(place)) for g in actor.grants)


def require(actor: Actor, permission: Permission, place: Place | None = None) -> None:
    """Raise NotAllowed unless `actor` holds `permission` at `place`."""
    if not may(actor, permission, place):
        raise NotAllowed(permission=permission.value)
