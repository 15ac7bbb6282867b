"""What a planner types about a plan run, and about a change by hand."""

from datetime import date
from typing import ClassVar

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from campaign.errors import Mistake
from campaign.planning.hand.edits import Edit, EditKind, ImpossibleEdit, Place
from campaign.planning.services import MOST_SECONDS, PlanRequest
from campaign.web import forms


class PlanForm(forms.Form):
    """How long the planner may look; everything else about a plan is the campaign's."""

    seconds = IntegerField(_("Waktu hitung (detik)"), [InputRequired(), NumberRange(1, MOST_SECONDS)], default=60)
    seed = IntegerField(_("Angka awal acak"), [InputRequired(), NumberRange(0, 2**31 - 1)], default=1)

    def request(self, campaign_id: int) -> PlanRequest:
        """Return what the use-case takes."""
        return PlanRequest(
            key=self.key.data or "", campaign_id=campaign_id, seconds=self.seconds.data or 60, seed=self.seed.data or 0
        )


class RepairForm(forms.Form):
    """How long the planner may look for a plan around changes by hand."""

    seconds = IntegerField(_("Waktu hitung (detik)"), [InputRequired(), NumberRange(1, MOST_SECONDS)], default=30)


class StartForm(forms.Form):
    """Begin an empty plan: nothing to type."""


class EditForm(forms.Form):
    """One change by hand. Without a facility a place is outside the plan: nobody is served there."""

    PLACES: ClassVar[dict[str, str]] = {"target": "to_facility"}

    kind = HiddenField()
    subject = StringField(_("Siapa"))
    number = IntegerField(_("Berapa orang"), [Optional()], default=1)
    from_facility = HiddenField()
    from_date = HiddenField()
    to_facility = StringField(_("Ke faskes"))
    to_date = StringField(_("Tanggal"))

    def edit(self) -> Edit:
        """Return what the use-case takes; raises ImpossibleEdit where a place cannot be read."""
        kind = EditKind(self.kind.data) if self.kind.data in list(EditKind) else EditKind.GROUP
        number = self.number.data if self.number.data is not None else 1
        target = _place(self.to_facility.data, self.to_date.data)
        return Edit(kind, self.subject.data or "", number, self.origin(), target)

    def origin(self) -> Place | None:
        """Return where the change was asked for."""
        return _place(self.from_facility.data, self.from_date.data)


def _place(facility: str | None, day: str | None) -> Place | None:
    if not facility:
        return None
    try:
        return Place(facility, date.fromisoformat(day or ""))
    except ValueError:
        raise ImpossibleEdit((Mistake("target", "no-such-place"),)) from None
