"""A service day that was kept on paper: typed into a grid, or sent as a workbook that fills the grid."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from io import BytesIO

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign import clock, i18n
from campaign.attendance.cards import card_code
from campaign.attendance.outcomes import OutcomeKind
from campaign.attendance.paper.keying import Keyed, PaperRefused, check, key_in
from campaign.attendance.paper.knowing import known_of, people_to_key, providers_of
from campaign.attendance.paper.lines import NO, YES, Typed
from campaign.attendance.screening import Finding, Obstacle
from campaign.errors import Mistake
from campaign.events import queries as events
from campaign.imports import paper_list
from campaign.imports.columns import CellMistake
from campaign.imports.workbook import FileRefused
from campaign.registry import queries as registry
from campaign.transaction import savepoint
from campaign.web import forms, guard
from campaign.web.downloads import MIME

blueprint = Blueprint("paper", __name__)

BLANK_LINES = 5  # for those who came unlisted
MOST_LINES = 600
_NAMES = tuple(field.name for field in fields(Typed))


@blueprint.get("/<int:session_id>/paper")
def page(session_id: int) -> ResponseReturnValue:
    """Show a line for everybody on the printed list, and blank ones."""
    people = people_to_key(guard.actor(), session_id)
    return _grid(session_id, [*(Typed(code=card_code(who)) for who in people), *[Typed()] * BLANK_LINES])


@blueprint.post("/<int:session_id>/paper")
def save(session_id: int) -> ResponseReturnValue:
    """Record what was typed; with a mistake anywhere nothing is, and the grid comes back as it was typed."""
    lists = [request.form.getlist(name)[:MOST_LINES] for name in _NAMES]
    typed = [Typed(**dict(zip(_NAMES, values, strict=True))) for values in zip(*lists, strict=False)]
    try:
        with savepoint():
            keyed = key_in(guard.actor(), session_id, typed)
    except PaperRefused as refused:
        return _grid(session_id, typed, refused.mistakes), 422
    _tell(keyed)
    is_clear = not keyed.to_settle
    return redirect(url_for("paper.page" if is_clear else "matters.page", session_id=session_id), 303)


def _tell(keyed: Keyed) -> None:
    texts = [gettext("%(count)s baris baru disimpan.", count=keyed.lines)]
    if keyed.repeats:
        texts.append(gettext("%(count)s baris sudah tercatat sebelumnya.", count=keyed.repeats))
    if keyed.to_settle:
        texts.append(gettext("%(count)s catatan perlu diputuskan: lihat di bawah.", count=keyed.to_settle))
    forms.flash_done(" ".join(texts))


@blueprint.get("/<int:session_id>/paper.xlsx")
def template(session_id: int) -> ResponseReturnValue:
    """Hand out the workbook with the session's people; the read is audited."""
    people = people_to_key(guard.actor(), session_id)
    rows = {card_code(who): person.name for who, person in people.items()}
    title = f"Daftar hadir {events.session(session_id).held_on:%d-%m-%Y}"
    content = paper_list.template(rows, clock.now(), title, _words(session_id))
    name = f"daftar-kertas-{session_id}.xlsx"
    return send_file(BytesIO(content), MIME["xlsx"], as_attachment=True, download_name=name)


@blueprint.post("/<int:session_id>/paper/workbook")
def upload(session_id: int) -> ResponseReturnValue:
    """Fill the grid from a workbook and show every mistake; nothing is recorded before somebody saves."""
    people = people_to_key(guard.actor(), session_id)
    sent = request.files.get("file")
    known = frozenset(card_code(who) for who in people)
    try:
        book = paper_list.read(sent.read() if sent else b"", _words(session_id), known)
    except FileRefused as refused:
        forms.flash_problem(refused.code, refused.facts)
        return redirect(url_for("paper.page", session_id=session_id), 303)
    typed = list(book.lines)[:MOST_LINES]
    return _grid(session_id, typed, check(guard.actor(), session_id, typed), book.mistakes)


def _words(session_id: int) -> dict[str, dict[str, str]]:
    """Return what each choosing column understands: the word, and what it stands for."""
    with i18n.with_locale("id"):
        reasons = {i18n.word(one): one.value for one in (*Finding, *Obstacle)}
        kinds = {i18n.word(one): one.value for one in OutcomeKind}
    providers = providers_of(events.session(session_id))
    return {
        "verdict": {"ya": YES, "tidak": NO},
        "kind": kinds,
        "method": {method.name: method.code for method in registry.methods()},
        "reason": reasons,
        "provider": {row.name: str(who) for who, row in providers.items()},
        "spouse": {"ya": YES, "tidak": ""},
    }


def _grid(
    session_id: int, typed: Sequence[Typed], mistakes: Iterable[Mistake] = (), cells: Sequence[CellMistake] = ()
) -> str:
    session = events.session(session_id)
    people = people_to_key(guard.actor(), session_id)
    wrong: dict[str, list[str]] = defaultdict(list)
    for one in mistakes:
        wrong[one.where].append(i18n.error_text(one.code, one.facts))
    return render_template(
        "attendance/paper.html",
        session=session,
        facility=registry.facility(session.facility_id),
        typed=typed,
        names={card_code(who): person.name for who, person in people.items()},
        wished={card_code(who): person.method_code for who, person in people.items()},
        known={card_code(who): one for who, one in known_of(session_id).items()},
        methods=registry.methods(),
        providers=providers_of(session),
        kinds=list(OutcomeKind),
        findings=list(Finding),
        obstacles=list(Obstacle),
        wrong=wrong,
        cells=cells,
    )
