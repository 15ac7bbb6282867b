"""Forms with a row for each lot: where a mistake of a row is shown, and what the use-case takes."""

from typing import Any

import wtforms
from flask_babel import gettext
from wtforms import FieldList, FormField

from campaign.web import forms


class Row(wtforms.Form):  # type: ignore[misc]
    """One row of a form."""

    class Meta:
        """Our words instead of the library's."""

        get_translations = forms.Form.Meta.get_translations


def rows(kind: type[Row]) -> FieldList:
    """Return a list of rows; as many as were sent, or as the view offers."""
    return FieldList(FormField(kind), "", max_entries=400)


class RowForm(forms.Form):
    """A form whose rows are in `lots`; a mistake at lots-2-quantity is shown in the third row that was sent on."""

    def sent_on(self) -> list[Row]:
        """Return the rows that the use-case hears of, in its order."""
        return [row.form for row in self.lots]

    def __contains__(self, name: str) -> bool:
        """Tell whether a mistake of this name has a field."""
        return super().__contains__(name) or self._in_row(name) is not None

    def __getitem__(self, name: str) -> Any:
        """Return the field of this name, also one inside a row."""
        return self._in_row(name) or super().__getitem__(name)

    def _in_row(self, name: str) -> Any:
        kind, _dash, rest = name.partition("-")
        index, _dash, field = rest.partition("-")
        if kind not in ("lots", "lines", "picks") or not index.isdigit() or int(index) >= len(self.sent_on()):
            return None
        row = self.sent_on()[int(index)]
        wanted = field or row.SHOWS_ITSELF
        return row[wanted] if wanted in row else None  # noqa: SIM401 - a form has no get()

    def sum_up_rows(self) -> None:
        """Say once above the form that rows need repair; each field says what."""
        count = sum(bool(field.errors) for row in self.lots for field in row.form)
        if count:
            self.lots.errors = [gettext("%(count)s isian di daftar perlu diperbaiki.", count=count)]
