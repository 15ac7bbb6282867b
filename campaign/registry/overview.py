"""How much of everything the registry holds, and what a plan would miss."""

from collections.abc import Mapping

from sqlalchemy import Select, func, select

from campaign.db import db
from campaign.registry.models import (
    Area,
    AreaFigure,
    AreaLevel,
    Facility,
    FacilityHours,
    FacilityStation,
    Item,
    Method,
    MethodStep,
    Provider,
    ProviderSkill,
)


def registry_counts() -> dict[str, int]:
    """Return how many active things of each kind there are."""
    return _answers(
        {
            "kecamatan": select(func.count()).select_from(Area).where(Area.level == AreaLevel.KECAMATAN),
            "kelurahan": select(func.count()).select_from(Area).where(Area.level == AreaLevel.KELURAHAN),
            "facilities": select(func.count()).select_from(Facility).where(Facility.is_active),
            "providers": select(func.count()).select_from(Provider).where(Provider.is_active),
            "methods": select(func.count()).select_from(Method),
            "items": select(func.count()).select_from(Item),
        }
    )


def registry_gaps() -> dict[str, int]:
    """Return how many rows lack what a plan needs, by what they lack; nothing when nothing does."""
    kelurahan = select(func.count()).select_from(Area).where(Area.level == AreaLevel.KELURAHAN)
    facility = select(func.count()).select_from(Facility).where(Facility.is_active)
    gaps = _answers(
        {
            "point": kelurahan.where(Area.lat.is_(None)),
            "figures": kelurahan.where(Area.code.not_in(select(AreaFigure.area_code))),
            "hours": facility.where(Facility.facility_id.not_in(select(FacilityHours.facility_id))),
            "stations": facility.where(Facility.facility_id.not_in(select(FacilityStation.facility_id))),
            "skills": select(func.count(MethodStep.skill.distinct())).where(
                MethodStep.skill.not_in(select(ProviderSkill.skill))
            ),
        }
    )
    return {name: count for name, count in gaps.items() if count}


def _answers(questions: Mapping[str, "Select[int]"]) -> dict[str, int]:
    return {name: db.session.scalar(query) or 0 for name, query in questions.items()}
