"""Forms for the rules of sending and for the texts of messages."""

from flask_babel import lazy_gettext as _
from wtforms import DecimalField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from campaign import i18n
from campaign.outreach.models import Channel, InvitationKind
from campaign.outreach.sending import ELECTRONIC, PHONE_ROUTES, REMINDERS, Rules
from campaign.outreach.text_rules import Wording
from campaign.web import forms

TICKS = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
_CAP = [Optional(), NumberRange(min=1)]


class RulesForm(forms.Form):
    """The rules of sending, all on one page."""

    quiet_from = TimeField(_("Tenang mulai pukul"), [InputRequired()])
    quiet_until = TimeField(_("sampai pukul"), [InputRequired()])
    phone_route = SelectField(_("Pesan telepon dikirim lewat"))
    cap_email = IntegerField(_("Surel per hari"), _CAP)
    cap_message = IntegerField(_("Pesan telepon per hari"), _CAP)
    cap_whatsapp = IntegerField(_("WhatsApp per hari"), _CAP)
    cap_sms = IntegerField(_("SMS per hari"), _CAP)
    cap_other = IntegerField(_("Layanan lain per hari"), _CAP)
    reminders = SelectMultipleField(_("Pengingat"), **TICKS)
    remind_at = TimeField(_("Pengingat H-3 dan H-1 pukul"), [InputRequired()])
    offer_hours = IntegerField(_("Tempat kosong ditawarkan kepada satu orang selama (jam)"), [InputRequired()])
    offer_lead_hours = IntegerField(_("Tidak ditawarkan lagi kurang dari (jam) sebelum janji"), [InputRequired()])
    risk_percent = DecimalField(_("Risiko yang diterima (%)"), [InputRequired()], places=1)

    @classmethod
    def of(cls, now: Rules) -> "RulesForm":
        """Return the form filled with the rules in force."""
        form = cls(
            quiet_from=now.quiet_from,
            quiet_until=now.quiet_until,
            phone_route=now.phone_route.value,
            reminders=list(now.reminders),
            remind_at=now.remind_at,
            offer_hours=now.offer_hours,
            offer_lead_hours=now.offer_lead_hours,
            risk_percent=now.risk * 100,
            **{f"cap_{channel.value}": now.daily_caps.get(channel.value) for channel in ELECTRONIC},
        )
        form.phone_route.choices = [(one.value, i18n.word(one)) for one in PHONE_ROUTES]
        form.reminders.choices = [(one.value, i18n.word(one)) for one in REMINDERS]
        return form

    def rules(self) -> Rules:
        """Return the rules that were typed."""
        caps = {channel.value: self[f"cap_{channel.value}"].data for channel in ELECTRONIC}
        return Rules(
            quiet_from=self.quiet_from.data,
            quiet_until=self.quiet_until.data,
            phone_route=Channel(self.phone_route.data),
            daily_caps={name: cap for name, cap in caps.items() if cap is not None},
            reminders=tuple(InvitationKind(one).value for one in self.reminders.data),
            remind_at=self.remind_at.data,
            offer_hours=self.offer_hours.data,
            offer_lead_hours=self.offer_lead_hours.data,
            risk=float(self.risk_percent.data) / 100,
        )


class TextForm(forms.Form):
    """One text in one language."""

    subject = StringField(_("Judul (hanya untuk surel)"), [InputRequired()])
    body = TextAreaField(_("Isi pesan"), [InputRequired()])

    def wording(self) -> Wording:
        """Return what was typed."""
        return Wording(self.subject.data or "", (self.body.data or "").replace("\r\n", "\n"))
