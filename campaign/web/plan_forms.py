"""What a planner types about a plan run."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

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
