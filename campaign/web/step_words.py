"""Sentences about steps: due rules, standard times, time taken, who does what."""

from flask_babel import gettext

from campaign import i18n
from campaign.accounts.roles import Role
from campaign.events.sop.schedule import Standing, StepState
from campaign.events.sop.template import OFFICE_DAY_MINUTES, DueRule, Duty, StandardTime, Step, Template, TimePer


def due_rule(rule: DueRule) -> str:
    """Return "10 hari kerja sebelum hari pelayanan pertama"."""
    day = i18n.word(rule.anchor)
    if rule.days == 0:
        return str(gettext("pada %(day)s", day=day))
    number = i18n.number(abs(rule.days))
    if rule.days < 0:
        return str(gettext("%(number)s hari kerja sebelum %(day)s", number=number, day=day))
    return str(gettext("%(number)s hari kerja sesudah %(day)s", number=number, day=day))


def standard(time: StandardTime | None) -> str:
    """Return "30 menit per akseptor"; a dash when the sheet gives none."""
    if time is None:
        return "–"
    amount = f"{i18n.number(time.value)} {i18n.word(time.unit)}"
    return amount if time.per is TimePer.PROCESS else f"{amount} {i18n.word(time.per)}"


def duration(minutes: int) -> str:
    """Return office time in its two largest units: "2 hari kerja 1 jam"."""
    days, rest = divmod(minutes, OFFICE_DAY_MINUTES)
    hours, left = divmod(rest, 60)
    parts = [
        gettext("%(number)s hari kerja", number=i18n.number(days)) if days else "",
        gettext("%(number)s jam", number=hours) if hours else "",
        gettext("%(number)s menit", number=left) if (left or not minutes) and not days else "",
    ]
    return " ".join(part for part in parts if part) or gettext("%(number)s menit", number=left)


def took_longer(step: Step, standing: Standing) -> bool:
    """Tell whether a step took longer than its standard; times per person are not set against the whole step."""
    time, taken = step.standard, standing.minutes_taken
    return time is not None and time.per is TimePer.PROCESS and taken is not None and taken > time.minutes


def state(standing: Standing) -> tuple[str, str, str]:
    """Return words, tone and icon of where a step stands: the word says it, the other two repeat it."""
    if standing.is_overdue:
        days = i18n.number(standing.days_late)
        if standing.state is StepState.WAITING:  # late, but it is others who hold it up
            return gettext("Menunggu, terlambat %(days)s hari kerja", days=days), "warn", "hourglass-split"
        return gettext("Terlambat %(days)s hari kerja", days=days), "bad", "exclamation-triangle-fill"
    if standing.state is StepState.DONE:
        return i18n.word(standing.state), "good", "check-circle-fill"
    if standing.state is StepState.READY:
        return i18n.word(standing.state), "info", "arrow-right-circle"
    return i18n.word(standing.state), "neutral", "hourglass-split"


def duties(template: Template, step: Step) -> list[tuple[str, str]]:
    """Return (duty, parties) in words, who does it first; nothing when the sheet and we know nobody."""
    names = {party.code: party.name for party in template.parties}
    found = []
    for duty in Duty:
        parties = [names[one.party] for one in step.duties if one.duty is duty]
        if parties:
            found.append((i18n.word(duty), ", ".join(parties)))
    return found


def doers(template: Template, step: Step) -> str:
    """Return who does a step, in words."""
    names = {party.code: party.name for party in template.parties}
    return ", ".join(names[one.party] for one in step.duties if one.duty is Duty.DOES) or gettext("belum ditentukan")


def roles(wanted: frozenset[Role] | tuple[Role, ...]) -> str:
    """Return roles in words."""
    return ", ".join(i18n.word(role) for role in Role if role in wanted)


def steps_in_short(template: Template, codes: tuple[str, ...]) -> str:
    """Return steps by printed number, with the title where the number is printed twice or not at all."""
    numbers = [step.printed.number for step in template.steps]
    steps = {step.code: step for step in template.steps}
    found = [steps[code] for code in codes if code in steps]
    return ", ".join(
        step.printed.number
        if step.printed.number and numbers.count(step.printed.number) == 1
        else f"{step.printed.number} ({step.title})".strip()
        for step in found
    )


def steps_named(template: Template, codes: tuple[str, ...]) -> str:
    """Return steps by printed number and title: numbers alone may repeat."""
    steps = {step.code: step for step in template.steps}
    return "; ".join(f"{steps[code].printed.number} {steps[code].title}".strip() for code in codes if code in steps)
