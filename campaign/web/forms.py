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
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectChoice
from wtforms.validators import Regexp

from campaign import i18n
from campaign.errors import Conflict, Invalid
from campaign.transaction import savepoint

# What WTForms says by itself, in our words: it has no Indonesian catalogue.
LIBRARY_WORDS = {
    "This field is required.": lazy_gettext("Isian ini wajib diisi."),
    "Not a valid choice.": lazy_gettext("Pilih salah satu yang tersedia."),
    "Not a valid choice": lazy_gettext("Pilih salah satu yang tersedia."),
    "Invalid Choice: could not coerce.": lazy_gettext("Pilih salah satu yang tersedia."),
    "Invalid choice(s): one or more data inputs could not be coerced.": lazy_gettext("Pilih dari yang tersedia."),
    "Not a valid integer value.": lazy_gettext("Isi dengan bilangan bulat."),
    "Not a valid decimal value.": lazy_gettext("Isi dengan angka."),
    "Not a valid float value.": lazy_gettext("Isi dengan angka."),
    "Not a valid date value.": lazy_gettext("Tanggal tidak benar."),
    "Not a valid time value.": lazy_gettext("Jam tidak benar."),
    "Not a valid datetime value.": lazy_gettext("Tanggal atau jam tidak benar."),
    "Invalid input.": lazy_gettext("Isian tidak benar."),
    "Number must be between %(min)s and %(max)s.": lazy_gettext("Isi antara %(min)s dan %(max)s."),
    "Number must be at least %(min)s.": lazy_gettext("Isi sedikitnya %(min)s."),
    "Number must be at most %(max)s.": lazy_gettext("Isi paling banyak %(max)s."),
    "Field cannot be longer than %(max)d character.": lazy_gettext("Paling banyak %(max)d huruf."),
    "Field cannot be longer than %(max)d characters.": lazy_gettext("Paling banyak %(max)d huruf."),
    "Field must be at least %(min)d character long.": lazy_gettext("Sedikitnya %(min)d huruf."),
    "Field must be at least %(min)d characters long.": lazy_gettext("Sedikitnya %(min)d huruf."),
    "Field must be between %(min)d and %(max)d characters long.": lazy_gettext("Antara %(min)d dan %(max)d huruf."),
}


class _LibraryWords:
    def gettext(self, text: str) -> str:
        return str(LIBRARY_WORDS.get(text, text))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
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
