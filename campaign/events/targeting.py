"""What a campaign aims at: set per kecamatan or kelurahan, or split by need. Kelurahan always add up to kecamatan."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import delete

from campaign import audit
from campaign.accounts.policy import Actor
from campaign.db import db
from campaign.errors import Mistake
from campaign.events import queries
from campaign.events.models import Campaign, CampaignTarget, KelurahanTarget
from campaign.events.services import InvalidCampaign, editable_campaign
from campaign.events.targets import Basis, Need, inside, split, weights_by_need
from campaign.registry import queries as registry

Cells = Mapping[tuple[str, str], int]  # (area, method) -> acceptors


@dataclass(frozen=True, slots=True)
class TargetSplit:
    """Acceptors that the city aims at per method, to be split over its kecamatan and kelurahan."""

    campaign_id: int
    totals: Mapping[str, int]
    basis: Basis = Basis.UNMET_NEED
    served_before: Cells = field(default_factory=dict)  # per (kecamatan, method); for the split by history


@dataclass(frozen=True, slots=True)
class Targets:
    """Acceptors aimed at per (kecamatan, method); what is not named is set to none."""

    campaign_id: int
    acceptors: Cells


@dataclass(frozen=True, slots=True)
class KelurahanTargets:
    """Acceptors aimed at per (kelurahan, method) of one kecamatan; what is not named is set to none."""

    campaign_id: int
    kecamatan_code: str
    acceptors: Cells


def split_targets(actor: Actor, wanted: TargetSplit) -> dict[tuple[str, str], int]:
    """Split the city's targets over its kecamatan and kelurahan, and store them; return those per kecamatan."""
    campaign = editable_campaign(actor, wanted.campaign_id)
    kecamatan = [area.code for area in registry.kecamatan_of(campaign.district_code)]
    methods = {method.code for method in registry.methods()}
    mistakes = [
        *(
            Mistake(f"totals.{code}", "unknown-method", {"method": code})
            for code in wanted.totals
            if code not in methods
        ),
        *(Mistake(f"totals.{code}", "negative-target") for code, total in wanted.totals.items() if total < 0),
    ]
    if not kecamatan:
        mistakes.append(Mistake("district_code", "district-without-kecamatan"))
    if mistakes:
        raise InvalidCampaign(tuple(mistakes))
    weights = weights_by_need(_needs(campaign.district_code), wanted.basis)
    needs = {code: sum(weights[one] for one in inside(code, weights)) for code in kecamatan}
    cells: dict[tuple[str, str], int] = {}
    for method, total in wanted.totals.items():
        before = {code: wanted.served_before.get((code, method), 0) for code in kecamatan}
        shares = before if wanted.basis is Basis.HISTORY and any(before.values()) else needs
        found = split(total, shares if any(shares.values()) else dict.fromkeys(kecamatan, 1))
        cells |= {(code, method): acceptors for code, acceptors in found.items()}
    return _store(actor, campaign, cells, weights)


def set_targets(actor: Actor, targets: Targets) -> dict[tuple[str, str], int]:
    """Store what the campaign aims at per kecamatan and method, in place of what was there.

    A kecamatan whose number changes has it split over its kelurahan by need; the others keep theirs.
    """
    campaign = editable_campaign(actor, targets.campaign_id)
    kecamatan = {area.code for area in registry.kecamatan_of(campaign.district_code)}
    _require_sound(targets.acceptors, kecamatan, "unknown-kecamatan")
    return _store(actor, campaign, targets.acceptors, None)


def set_kelurahan_targets(actor: Actor, targets: KelurahanTargets) -> dict[tuple[str, str], int]:
    """Store the numbers of one kecamatan's kelurahan; the kecamatan's own are their sums. Return those stored."""
    campaign = editable_campaign(actor, targets.campaign_id)
    known = {row.code for row in registry.kelurahan_of(campaign.district_code)}
    _require_sound(targets.acceptors, set(inside(targets.kecamatan_code, known)), "unknown-kelurahan")
    sums: dict[tuple[str, str], int] = {
        key: number for key, number in queries.targets(campaign.campaign_id).items() if key[0] != targets.kecamatan_code
    }
    for (_, method), number in targets.acceptors.items():
        key = (targets.kecamatan_code, method)
        sums[key] = sums.get(key, 0) + number
    kelurahan = {
        key: number
        for key, number in queries.kelurahan_targets(campaign.campaign_id).items()
        if not key[0].startswith(targets.kecamatan_code + ".")
    } | dict(targets.acceptors)
    _write(campaign, sums, kelurahan)
    audit.record(actor, "set-targets", ("campaign", campaign.campaign_id), total=sum(sums.values()))
    return kelurahan


def _require_sound(acceptors: Cells, areas: set[str], unknown: str) -> None:
    methods = {method.code for method in registry.methods()}
    mistakes = []
    for (area_code, method_code), number in acceptors.items():
        where = f"target.{area_code}.{method_code}"
        if area_code not in areas:
            mistakes.append(Mistake(where, unknown, {"area": area_code}))
        if method_code not in methods:
            mistakes.append(Mistake(where, "unknown-method", {"method": method_code}))
        if number < 0:
            mistakes.append(Mistake(where, "negative-target"))
    if mistakes:
        raise InvalidCampaign(tuple(mistakes))


def _store(
    actor: Actor, campaign: Campaign, cells: Cells, weights: Mapping[str, int] | None
) -> dict[tuple[str, str], int]:
    """Write kecamatan cells, each split over its kelurahan; without `weights` those that did not change keep theirs."""
    old, before = queries.kelurahan_targets(campaign.campaign_id), queries.targets(campaign.campaign_id)
    shares = weights or weights_by_need(_needs(campaign.district_code))
    kelurahan: dict[tuple[str, str], int] = {}
    for (area, method), number in cells.items():
        codes = inside(area, shares)
        kept = {(code, method): old[code, method] for code in codes if (code, method) in old}
        if weights is None and before.get((area, method)) == number and sum(kept.values()) == number:
            kelurahan |= kept
        elif codes:
            own = {code: shares[code] for code in codes}
            found = split(number, own if any(own.values()) else dict.fromkeys(codes, 1))
            kelurahan |= {(code, method): share for code, share in found.items()}
    stored = _write(campaign, cells, kelurahan)
    audit.record(actor, "set-targets", ("campaign", campaign.campaign_id), total=sum(stored.values()))
    return stored


def _write(campaign: Campaign, kecamatan: Cells, kelurahan: Cells) -> dict[tuple[str, str], int]:
    db.session.execute(delete(CampaignTarget).where(CampaignTarget.campaign_id == campaign.campaign_id))
    db.session.execute(delete(KelurahanTarget).where(KelurahanTarget.campaign_id == campaign.campaign_id))
    kept = {key: number for key, number in kecamatan.items() if number}
    key = {"campaign_id": campaign.campaign_id}
    db.session.add_all(
        CampaignTarget(**key, kecamatan_code=area, method_code=method, acceptors=number)
        for (area, method), number in kept.items()
    )
    db.session.add_all(
        KelurahanTarget(**key, kelurahan_code=area, method_code=method, acceptors=number)
        for (area, method), number in kelurahan.items()
        if number
    )
    db.session.flush()
    return kept


def _needs(district_code: str) -> dict[str, Need]:
    """Return the need of each kelurahan in the latest year that has figures."""
    needs = {area.code: Need(0, 0) for area in registry.kelurahan_of(district_code)}
    for figure in registry.area_figures(district_code):
        needs[figure.area_code] = Need(figure.unmet_need, figure.couples)
    return needs
