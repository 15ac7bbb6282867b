"""Forms of a count: where, how much, and why it differs."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from campaign import clock
from campaign.logistics.count_models import CountCause
from campaign.logistics.count_sheet import CountLine
from campaign.logistics.models import StockPlace
from campaign.logistics.services import Counted, CountEntry, Explanation, FoundLot
from campaign.registry.models import Item
from campaign.web import forms
from campaign.web.row_forms import Row, RowForm, rows


def _whole(text: object) -> int | None:
    return int(str(text)) if text not in (None, "", "None") else None


class OpenForm(forms.Form):
    """Where and when a count is made."""

    stock_place_id = SelectField(_("Tempat"), [InputRequired()], coerce=int)
    counted_on = DateField(_("Tanggal opname"), [InputRequired()], default=clock.today)

    def offer(self, places: Sequence[StockPlace]) -> "OpenForm":
        """Fill in the places that whoever asks keeps."""
        self.stock_place_id.choices = [(place.stock_place_id, place.name) for place in places]
        return self


class CountedRow(Row):
    """What was counted of one lot; left empty when it was not counted."""

    SHOWS_ITSELF = "counted"

    line = HiddenField()  # "<place>-<lot>"
    counted = IntegerField(_("Hitungan"), [Optional()])

    @property
    def of(self) -> tuple[int, int]:
        """Return the compartment and the lot."""
        place, _dash, lot = (self.line.data or "").partition("-")
        return (int(place), int(lot)) if place.isdigit() and lot.isdigit() else (0, 0)


class CountForm(RowForm):
    """What one person counted."""

    found_item_id = SelectField(_("Barang"), [Optional()], coerce=_whole)
    found_number = StringField(_("Nomor batch"), [Optional(), Length(max=40)])
    found_place_id = SelectField(_("Tempat"), [Optional()], coerce=_whole)
    found_counted = IntegerField(_("Hitungan"), [Optional()])
    is_recount = BooleanField(_("Ini hitung ulang (menentukan bila hitungan berbeda)"))
    lots = rows(CountedRow)

    def offer(self, lines: Sequence[CountLine], items: Sequence[Item], inside: Mapping[int, str]) -> "CountForm":
        """Draw an empty row for each lot; of what the sheet does not list, the items and where it may lie."""
        self.found_item_id.choices = [("", ""), *((item.item_id, item.name) for item in items)]
        self.found_place_id.choices = list(inside.items())
        if not len(self.lots):
            for line in lines:
                self.lots.append_entry({"line": f"{line.place.stock_place_id}-{line.lot.stock_lot_id}"})
        return self

    def sent_on(self) -> list[Row]:
        """Return the rows that were counted."""
        return [row.form for row in self.lots if row.form.counted.data is not None or row.form.counted.errors]

    def entry(self, stock_count_id: int) -> CountEntry:
        """Return what the use-case takes."""
        lots = tuple(Counted(row.of[0], row.of[1], row.counted.data) for row in self.sent_on())
        return CountEntry(
            self.key.data or "", stock_count_id, lots, is_recount=bool(self.is_recount.data), found=self._found()
        )

    def _found(self) -> tuple[FoundLot, ...]:
        if not self.names_found_lot():
            return ()
        number = (self.found_number.data or "").strip()
        return (FoundLot(self.found_place_id.data or 0, self.found_item_id.data or 0, number, self.found_counted.data),)

    def names_found_lot(self) -> bool:
        """Tell whether anything was said of a lot that the sheet does not list."""
        return bool(self.found_item_id.data or self.found_number.data or self.found_counted.data is not None)


class ExplainForm(forms.Form):
    """Why a lot differs from the books."""

    line = HiddenField(validators=[Regexp(r"^[0-9]{1,18}-[0-9]{1,18}$")])
    cause = SelectField(_("Sebab"), [InputRequired()], choices=lambda: forms.choices(CountCause))
    note = StringField(_("Penjelasan"), [InputRequired(), Length(max=240)])

    @classmethod
    def for_line(cls, line: CountLine) -> Any:
        """Return the form of one difference, with what was said of it before."""
        said = line.explanation
        name = f"{line.place.stock_place_id}-{line.lot.stock_lot_id}"
        return cls(formdata=None, line=name, cause=said.cause if said else None, note=said.note if said else "")

    def explanation(self, stock_count_id: int) -> Explanation:
        """Return what the use-case takes."""
        place, _dash, lot = (self.line.data or "").partition("-")
        return Explanation(stock_count_id, int(place), int(lot), CountCause(self.cause.data), self.note.data or "")
