"""The words for codes: every state, role, permission and error code in Indonesian; English is in the catalogue.

WORDS has a table for each enum by its name, "Error" for the codes of errors and mistakes, and "Action" for the audit
trail. Facts are filled in by name: "%(max)s". One module a feature, each code once, sorted; a rule test demands a word
for every code.
"""

from flask_babel import LazyString

from campaign.words import (
    accounts,
    attendance,
    devices,
    documents,
    events,
    field,
    imports,
    letters,
    live,
    logistics,
    outreach,
    plan_breaks,
    planning,
    registry,
    reports,
    site,
    sop,
    supply,
    warehouse,
)

FEATURES = (
    site,
    accounts,
    registry,
    documents,
    logistics,
    supply,
    warehouse,
    events,
    sop,
    letters,
    outreach,
    field,
    planning,
    plan_breaks,
    attendance,
    live,
    devices,
    imports,
    reports,
)


def _merged() -> dict[str, dict[str, LazyString]]:
    merged: dict[str, dict[str, LazyString]] = {}
    for feature in FEATURES:
        for kind, table in feature.WORDS.items():
            merged.setdefault(kind, {}).update(table)
    return merged


WORDS = _merged()
