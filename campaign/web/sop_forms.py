"""Forms that change a draft of an SOP."""

from dataclasses import replace
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from campaign.accounts.roles import Role
from campaign.events.sop.template import (
    Anchor,
    DueRule,
    Duty,
    DutyOf,
    Proof,
    StandardTime,
    Step,
    Template,
    TimePer,
    TimeUnit,
)
from campaign.web import forms, step_words

TICKS = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}


class StepForm(forms.Form):
    """One step; a field for the duty of each party is added by `form_for`."""

    number = StringField(_("Nomor"))
    place = IntegerField(_("Urutan"), [InputRequired()])
    title = StringField(_("Nama langkah"), [InputRequired()])
    inputs = TextAreaField(_("Kelengkapan"))
    output = TextAreaField(_("Output"))
    note = TextAreaField(_("Catatan"))
    time_value = IntegerField(_("Standar waktu"), [Optional()])
    time_unit = SelectField(_("Satuan"))
    time_per = SelectField(_("Berlaku"))
    due_days = IntegerField(_("Tenggat (hari kerja)"), [InputRequired()])
    due_anchor = SelectField(_("Dihitung dari"), [InputRequired()])
    proof = SelectField(_("Selesai oleh"))
    waits_for = SelectMultipleField(_("Menunggu langkah"), **TICKS)

    def step(self, old: Step, template: Template) -> Step:
        """Return the step as the form says it; what a sheet prints stays, an added step may be given a number."""
        number = old.printed.number if old.printed.activity else (self.number.data or "").strip()[:10]
        standard = None
        if self.time_value.data is not None:
            standard = StandardTime(self.time_value.data, TimeUnit(self.time_unit.data), TimePer(self.time_per.data))
        return replace(
            old,
            printed=replace(old.printed, number=number),
            title=(self.title.data or "").strip(),
            inputs=(self.inputs.data or "").strip(),
            output=(self.output.data or "").strip(),
            note=(self.note.data or "").strip(),
            standard=standard,
            due=DueRule(Anchor(self.due_anchor.data), self.due_days.data),
            proof=Proof(self.proof.data) if self.proof.data else None,
            waits_for=tuple(self.waits_for.data or ()),
            duties=self._duties(old, template),
        )

    def _duties(self, old: Step, template: Template) -> tuple[DutyOf, ...]:
        printed = {duty.party: duty.printed for duty in old.duties}
        chosen = {party.code: self[_field(party.code)].data for party in template.parties}
        return tuple(DutyOf(code, Duty(duty), printed.get(code, "")) for code, duty in chosen.items() if duty)

    def party_fields(self, template: Template) -> list[Any]:
        """Return the fields of the parties, in the order of the sheet."""
        return [self[_field(party.code)] for party in template.parties]


def _field(party_code: str) -> str:
    return f"duty_{party_code}".replace("-", "_")


def step_form(template: Template, step: Step) -> StepForm:
    """Return the form for one step of a draft, filled with what it says now."""
    duties = {duty.party: duty.duty.value for duty in step.duties}
    fields = {_field(party.code): SelectField(party.name, default="") for party in template.parties}
    form: StepForm = type("StepFormOf", (StepForm,), fields)(data=_values(template, step, duties))
    for field in form.party_fields(template):
        field.choices = [("", "–"), *forms.choices(Duty)]
    form.time_unit.choices, form.time_per.choices = forms.choices(TimeUnit), forms.choices(TimePer)
    form.due_anchor.choices = forms.choices(Anchor)
    form.proof.choices = [("", gettext("dicentang tangan")), *forms.choices(Proof)]
    others = [other for other in template.steps if other.code != step.code]
    form.waits_for.choices = [(other.code, step_words.steps_named(template, (other.code,))) for other in others]
    return form


def _values(template: Template, step: Step, duties: dict[str, str]) -> dict[str, object]:
    codes = [other.code for other in template.steps]
    standard = step.standard or StandardTime(1, TimeUnit.MINUTES)
    return {
        "number": step.printed.number,
        "place": codes.index(step.code) + 1 if step.code in codes else len(codes) + 1,
        "title": step.title,
        "inputs": step.inputs,
        "output": step.output,
        "note": step.note,
        "time_value": step.standard.value if step.standard else None,
        "time_unit": standard.unit.value,
        "time_per": standard.per.value,
        "due_days": step.due.days,
        "due_anchor": step.due.anchor.value,
        "proof": step.proof.value if step.proof else "",
        "waits_for": list(step.waits_for),
    } | {_field(code): duty for code, duty in duties.items()}


class RolesForm(forms.Form):
    """Which roles answer for each party; a field for each is added by `roles_form`."""

    def roles(self, template: Template) -> dict[str, tuple[Role, ...]]:
        """Return the roles of each party as ticked."""
        return {
            party.code: tuple(Role(role) for role in self[_field(party.code)].data or ()) for party in template.parties
        }

    def party_fields(self, template: Template) -> list[Any]:
        """Return the fields of the parties, in the order of the sheet."""
        return [self[_field(party.code)] for party in template.parties]


def roles_form(template: Template) -> RolesForm:
    """Return the form for the roles of a draft's parties."""
    fields = {_field(party.code): SelectMultipleField(party.name, **TICKS) for party in template.parties}
    data = {_field(party.code): [role.value for role in party.roles] for party in template.parties}
    form: RolesForm = type("RolesFormOf", (RolesForm,), fields)(data=data)
    for field in form.party_fields(template):
        field.choices = forms.choices(Role)
    return form
