"""Forms: every mistake at once, next to its field, with what was typed; and once, however often the button is pressed.

form = NewCampaignForm()
if form.validate_on_submit():
    with forms.attempt(form) as attempt:
        campaign_id = create_campaign(guard.actor(), form.request())
    if attempt.held:
        return redirect(url_for("campaigns.page", campaign_id=campaign_id))
return render_template("campaigns/new.html", form=form), forms.status(form)
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import flash, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectChoice
from wtforms.validators import Regexp

from campaign import i18n
from campaign.errors import Conflict, Invalid
from campaign.transaction import savepoint

# What WTForms says by itself, in our words: it has no Indonesian catalogue.
LIBRARY_WORDS = {
    "This field is required.": _("Isian ini wajib diisi."),
    "Not a valid choice.": _("Pilih salah satu yang tersedia."),
    "Not a valid choice": _("Pilih salah satu yang tersedia."),
    "Invalid Choice: could not coerce.": _("Pilih salah satu yang tersedia."),
    "Invalid choice(s): one or more data inputs could not be coerced.": _("Pilih dari yang tersedia."),
    "Not a valid integer value.": _("Isi dengan bilangan bulat."),
    "Not a valid decimal value.": _("Isi dengan angka."),
    "Not a valid float value.": _("Isi dengan angka."),
    "Not a valid date value.": _("Tanggal tidak benar."),
    "Not a valid time value.": _("Jam tidak benar."),
    "Not a valid datetime value.": _("Tanggal atau jam tidak benar."),
    "Invalid input.": _("Isian tidak benar."),
    "Number must be between %(min)s and %(max)s.": _("Isi antara %(min)s dan %(max)s."),
    "Number must be at least %(min)s.": _("Isi sedikitnya %(min)s."),
    "Number must be at most %(max)s.": _("Isi paling banyak %(max)s."),
    "Field cannot be longer than %(max)d character.": _("Paling banyak %(max)d huruf."),
    "Field cannot be longer than %(max)d characters.": _("Paling banyak %(max)d huruf."),
    "Field must be at least %(min)d character long.": _("Sedikitnya %(min)d huruf."),
    "Field must be at least %(min)d characters long.": _("Sedikitnya %(min)d huruf."),
    "Field must be between %(min)d and %(max)d characters long.": _("Antara %(min)d dan %(max)d huruf."),
}


class _LibraryWords:
    def gettext(self, text: str) -> str:
        """Return one of the form library's own sentences in the reader's language."""
        return str(LIBRARY_WORDS.get(text, text))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Return such a sentence for one or for several."""
        return self.gettext(singular if n == 1 else plural)


class Form(FlaskForm):  # type: ignore[misc]
    """Base of every form: CSRF, our words, and a key that makes a second press the same request."""

    key = HiddenField(
        default=lambda: uuid4().hex, validators=[Regexp(r"^[0-9a-f]{32}$")]
    )  # drawn once with the form, kept when it is redrawn with mistakes

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Our words instead of the library's."""

        def get_translations(self, form: Any) -> _LibraryWords:
            """Return what says the library's messages."""
            return _LibraryWords()


def choices(enum: Any, kind: str | None = None) -> list[SelectChoice]:
    """Return the members of an enum as choices in the reader's language."""
    return [SelectChoice(member.value, i18n.word(member, kind)) for member in enum]


@dataclass(slots=True)
class Attempt:
    """Whether the use-case inside the block went through."""

    held: bool = False


@contextmanager
def attempt(form: FlaskForm, places: Mapping[str, str] | None = None) -> Iterator[Attempt]:
    """Run a use-case for `form`; undo what it wrote and show its mistakes at their fields when it refuses.

    `places` says which field shows mistakes of another name; what has no field is shown above the form.
    """
    result = Attempt()
    try:
        with savepoint():
            yield result
        result.held = True
    except Invalid as error:
        for mistake in error.mistakes:
            _show(form, (places or {}).get(mistake.where, mistake.where), mistake.code, mistake.facts)
        if not error.mistakes:
            _show(form, "", error.code, error.facts)
    except Conflict as error:
        _show(form, "", error.code, error.facts)


def _show(form: FlaskForm, where: str, code: str, facts: Mapping[str, object]) -> None:
    sentence = i18n.error_text(code, facts)
    field = form[where] if where in form else None  # noqa: SIM401 - a form has no get()
    target = form.form_errors if field is None or isinstance(field, HiddenField) else field.errors
    if field is not None and isinstance(target, tuple):  # WTForms leaves a tuple where nothing failed
        field.errors = [*target, sentence]
    else:
        target.append(sentence)


def status(form: FlaskForm) -> int:
    """Return 422 when the form comes back with mistakes, 200 when it is drawn for the first time."""
    return 422 if request.method == "POST" and form.errors else 200


def _flash(message: dict[str, str | None], category: str) -> None:
    flash(message, category)  # type: ignore[arg-type]  # the session keeps any JSON


def flash_done(text: str, undo: Callable[[], str] | None = None) -> None:
    """Tell that something is done; with `undo`, an address to which a POST takes it back."""
    _flash({"text": str(text), "undo": undo() if undo else None, "undo_label": gettext("Batalkan")}, "done")


def flash_problem(code: str, facts: Mapping[str, object] | None = None) -> None:
    """Tell on the next page that something was refused."""
    _flash({"text": i18n.error_text(code, facts), "undo": None, "undo_label": ""}, "problem")
