"""What a planner types about targets: a number field for each area and method."""

from collections.abc import Mapping

from flask import request
from flask_babel import lazy_gettext as _
from wtforms import SelectField

from campaign.errors import Invalid, Mistake
from campaign.events.targets import Basis
from campaign.registry import queries as registry
from campaign.web import forms


def _numbers(fields: Mapping[str, tuple[str, str]]) -> dict[str, int]:
    """Return what was typed by field name; an empty field means none. Raises Invalid with every one that is no number.

    `fields` gives place and method of each field, for the sentence about a mistake.
    """
    mistakes, found = [], {}
    for name, (place, method) in fields.items():
        typed = request.form.get(name, "").strip()
        if typed.isdecimal() and len(typed) <= 6:
            found[name] = int(typed)
        elif typed:
            mistakes.append(Mistake(name, "target-not-a-number", {"place": place, "method": method}))
    if mistakes:
        raise Invalid(tuple(mistakes))
    return found


def _cells(places: Mapping[str, str]) -> dict[tuple[str, str], int]:
    """Return what was typed per (area, method), in fields named target.<area>.<method>."""
    keys = {
        f"target.{code}.{method.code}": ((code, method.code), (name, method.name))
        for code, name in places.items()
        for method in registry.methods()
    }
    typed = _numbers({field: names for field, (_key, names) in keys.items()})
    return {keys[field][0]: number for field, number in typed.items()}


class MatrixForm(forms.Form):
    """Targets per kecamatan and method."""

    def read(self, district_code: str) -> dict[tuple[str, str], int]:
        """Return what was typed."""
        return _cells({area.code: area.name for area in registry.kecamatan_of(district_code)})


class KelurahanForm(forms.Form):
    """Targets per kelurahan and method of one kecamatan."""

    def read(self, places: Mapping[str, str]) -> dict[tuple[str, str], int]:
        """Return what was typed; `places` are names by code."""
        return _cells(places)


class SplitForm(forms.Form):
    """The city's target of each method, in fields named total.<method>, and what shares go by."""

    basis = SelectField(_("Dibagi menurut"), choices=lambda: forms.choices(Basis), default=Basis.UNMET_NEED.value)

    def chosen(self) -> Basis:
        """Return what shares go by; unmet need where nothing was chosen."""
        return Basis(self.basis.data or Basis.UNMET_NEED.value)

    def read(self) -> dict[str, int]:
        """Return what was typed."""
        codes = {f"total.{method.code}": method for method in registry.methods()}
        typed = _numbers({field: ("", method.name) for field, method in codes.items()})
        return {codes[field].code: number for field, number in typed.items()}
