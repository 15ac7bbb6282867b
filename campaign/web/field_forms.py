"""Forms of field work."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from campaign import clock
from campaign.outreach.field.households import NewHousehold, NewVisit
from campaign.outreach.field.models import ExitReason
from campaign.outreach.field.quality import EligibilityRule
from campaign.outreach.field.visits import VisitResult
from campaign.registry import queries as registry
from campaign.web import forms


class HouseholdForm(forms.Form):
    """A couple to visit."""

    kelurahan_code = SelectField(_("Kelurahan"), [InputRequired()])
    name = StringField(_("Nama istri"), [InputRequired(), Length(max=120)])
    spouse_name = StringField(_("Nama suami"), [Optional(), Length(max=120)])
    address = StringField(_("Alamat RT/RW"), [InputRequired(), Length(max=240)])
    phone = StringField(_("HP"), [Optional(), Length(max=30)])
    birth_on = DateField(_("Tanggal lahir istri"), [Optional()])
    poor_source = StringField(_("Sumber data miskin"), [Optional(), Length(max=40)])

    def request(self, campaign_id: int) -> NewHousehold:
        """Return what the use-case takes."""
        return NewHousehold(
            key=str(self.key.data),
            campaign_id=campaign_id,
            kelurahan_code=self.kelurahan_code.data,
            name=self.name.data or "",
            address=self.address.data or "",
            spouse_name=self.spouse_name.data or "",
            phone=self.phone.data or "",
            birth_on=self.birth_on.data,
            poor_source=self.poor_source.data or "",
        )


class VisitForm(forms.Form):
    """What came of a visit."""

    visited_on = DateField(_("Tanggal kunjungan"), [InputRequired()], default=clock.today)
    result = RadioField(_("Hasil"), [InputRequired()])
    method_code = SelectField(_("Metode yang diinginkan"), [Optional()])
    nik = StringField(_("NIK istri"), [Optional(), Length(max=16)])
    may_be_messaged = BooleanField(_("Setuju dikirimi pesan"))
    poor_verified_on = DateField(_("Data miskin diperiksa tanggal"), [Optional()])
    poor_verified_by = StringField(_("Diperiksa oleh"), [Optional(), Length(max=120)])
    note = TextAreaField(_("Catatan"), [Optional(), Length(max=300)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.result.choices = [(choice.value, choice.label) for choice in forms.choices(VisitResult)]
        self.method_code.choices = [("", "–"), *((method.code, method.name) for method in registry.methods())]

    def request(self, household_id: int) -> NewVisit:
        """Return what the use-case takes."""
        return NewVisit(
            key=str(self.key.data),
            household_id=household_id,
            visited_on=self.visited_on.data,
            result=VisitResult(self.result.data),
            method_code=self.method_code.data or None,
            nik=self.nik.data or "",
            may_be_messaged=bool(self.may_be_messaged.data),
            poor_verified_on=self.poor_verified_on.data,
            poor_verified_by=self.poor_verified_by.data or "",
            note=self.note.data or "",
        )


class SubmitForm(forms.Form):
    """A kecamatan hands in its list."""


class DecideForm(forms.Form):
    """The city gives a list back."""

    remark = TextAreaField(_("Yang perlu diperbaiki"), [InputRequired()])


class ExitForm(forms.Form):
    """Why a candidate leaves the list."""

    reason = SelectField(_("Alasan"), [InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = forms.choices(ExitReason)


class RuleForm(forms.Form):
    """What the city asks of candidates for a method."""

    min_age = IntegerField(_("Umur terendah"), [Optional()])
    max_age = IntegerField(_("Umur tertinggi"), [Optional()])
    min_children = IntegerField(_("Anak sedikitnya"), [Optional()])
    min_youngest_months = IntegerField(_("Umur anak terkecil sedikitnya (bulan)"), [Optional()])

    def rule(self) -> EligibilityRule:
        """Return what the use-case takes."""
        return EligibilityRule(
            self.min_age.data, self.max_age.data, self.min_children.data, self.min_youngest_months.data
        )
