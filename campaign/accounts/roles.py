"""The roles of people in a campaign."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is in the campaign; policy.py says what each may do."""

    ADMINISTRATOR = "administrator"
    PLANNER = "planner"  # bidang KB
    HEAD = "head"  # head of dinas: approves and signs
    WAREHOUSE = "warehouse"
    FACILITY = "facility"
    FIELD_OFFICER = "field_officer"  # PKB / PLKB
    CADRE = "cadre"  # PPKBD
    VIEWER = "viewer"
