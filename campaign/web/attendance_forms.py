"""The forms of the service day."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DecimalField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from campaign.attendance.outcomes import Ending, OutcomeKind
from campaign.attendance.screening import Answers, Finding, Obstacle
from campaign.outreach.candidates import WalkIn
from campaign.web import forms

if TYPE_CHECKING:
    from campaign.events.models import ServiceSession

UNKNOWN, NO, YES = "", "no", "yes"
EXAMINED = [(UNKNOWN, _("Belum diperiksa")), (NO, _("Tidak")), (YES, _("Ya"))]


class WalkInForm(forms.Form):
    """Somebody who came unlisted: a name and a method are enough."""

    name = StringField(_("Nama"), [InputRequired(), Length(max=120)])
    method_code = RadioField(_("Metode yang diinginkan"), [InputRequired()])
    kelurahan_code = SelectField(_("Kelurahan asal"), [Optional()])
    phone = StringField(_("Nomor telepon"), [Optional(), Length(max=20)])
    nik = StringField("NIK", [Optional(), Length(max=16)])

    def request(self, session: "ServiceSession") -> WalkIn:
        """Return who came, as the use-case takes it."""
        return WalkIn(
            key=str(self.key.data),
            campaign_id=session.campaign_id,
            facility_id=session.facility_id,
            method_code=self.method_code.data,
            name=(self.name.data or "").strip(),
            kelurahan_code=self.kelurahan_code.data or None,
            nik=(self.nik.data or "").replace(" ", "") or None,
            phone=(self.phone.data or "").strip() or None,
        )


def _examined(label: object) -> RadioField:
    return RadioField(label, choices=EXAMINED, default=UNKNOWN, validators=[Optional()])


class ScreeningForm(forms.Form):
    """Part XIV of the card K/IV/KB."""

    may_be_pregnant = BooleanField(_("Hamil atau diduga hamil"))
    is_breastfeeding = BooleanField(_("Menyusui"))
    has_jaundice = BooleanField(_("Riwayat sakit kuning"))
    has_unexplained_bleeding = BooleanField(_("Perdarahan pervaginam yang tidak jelas sebabnya"))
    has_long_discharge = BooleanField(_("Keputihan yang lama"))
    has_tumour = BooleanField(_("Tumor payudara, rahim, atau indung telur"))
    injection_not_due = BooleanField(_("Suntikan terakhir belum jatuh tempo"))
    has_comorbidity = BooleanField(_("Penyakit penyerta dalam catatan medis"))
    systolic = IntegerField(_("Tekanan darah sistolik (mmHg)"), [Optional(), NumberRange(50, 300)])
    diastolic = IntegerField(_("Tekanan darah diastolik (mmHg)"), [Optional(), NumberRange(30, 200)])
    haemoglobin = DecimalField(_("Hb (g/dl)"), [Optional(), NumberRange(2, 25)], places=1)
    has_pelvic_inflammation = _examined(_("Tanda radang"))
    has_gynaecological_tumour = _examined(_("Tumor atau keganasan ginekologi"))
    has_diabetes = _examined(_("Diabetes"))
    has_clotting_disorder = _examined(_("Kelainan pembekuan darah"))
    has_orchitis = _examined(_("Radang orkitis atau epididimitis"))

    ASKED = (
        "may_be_pregnant",
        "is_breastfeeding",
        "has_jaundice",
        "has_unexplained_bleeding",
        "has_long_discharge",
        "has_tumour",
        "injection_not_due",
        "has_comorbidity",
    )
    PELVIC = ("has_pelvic_inflammation", "has_gynaecological_tumour")
    SURGICAL = ("has_diabetes", "has_clotting_disorder", "has_orchitis")

    def answers(self) -> Answers:
        """Return what was asked and seen."""
        asked: dict[str, Any] = {name: bool(self[name].data) for name in self.ASKED}
        examined: dict[str, Any] = {
            name: None if self[name].data == UNKNOWN else self[name].data == YES
            for name in (*self.PELVIC, *self.SURGICAL)
        }
        grams = None if self.haemoglobin.data is None else round(self.haemoglobin.data * 10)  # g/dl on the card
        return Answers(
            systolic=self.systolic.data, diastolic=self.diastolic.data, haemoglobin=grams, **asked, **examined
        )


class OutcomeForm(forms.Form):
    """How the visit ended."""

    kind = RadioField(_("Hasil kunjungan"), [InputRequired()])
    method_code = SelectField(_("Metode"), [InputRequired()])
    provider_id = SelectField(_("Petugas yang melayani"), [Optional()], coerce=lambda text: int(text) if text else None)
    consent_number = StringField(_("Nomor lembar persetujuan (informed consent)"), [Optional(), Length(max=40)])
    has_spouse_consent = BooleanField(_("Pasangan ikut menandatangani"))
    reason = SelectField(_("Alasan"), [Optional()])

    def offer(self, methods: list[tuple[str, str]], providers: list[tuple[int, str]]) -> None:
        """Set what can be chosen."""
        self.kind.choices = forms.choices(OutcomeKind)
        self.method_code.choices = list(methods)
        self.provider_id.choices = [("", "–"), *((str(who), name) for who, name in providers)]
        self.reason.choices = [("", "–"), *forms.choices(Finding), *forms.choices(Obstacle)]

    def ending(self) -> Ending:
        """Return the ending; fields that belong to another ending are left out."""
        kind = OutcomeKind(self.kind.data)
        if kind is OutcomeKind.SERVED:
            return Ending(
                kind,
                self.method_code.data,
                provider_id=self.provider_id.data,
                consent_number=(self.consent_number.data or "").strip() or None,
                has_spouse_consent=bool(self.has_spouse_consent.data),
            )
        reason = None if kind is OutcomeKind.WITHDREW else self.reason.data or None
        return Ending(kind, self.method_code.data, reason=reason)


def record_key(form: forms.Form) -> UUID:
    """Return the key of the record that a form makes: a second press is the same record."""
    return UUID(hex=str(form.key.data))
