"""Forms that move goods: a delivery with its lots, an SPMB, an SBBK, a reversal."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import DateField, FieldList, FormField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp, StopValidation

from campaign import clock, i18n
from campaign.documents.attachments import MAX_BYTES, Attachment, check_file
from campaign.errors import Mistake
from campaign.logistics import queries, receipts
from campaign.logistics.gs1 import Gs1Mistake, read_label
from campaign.logistics.lots import FundSource, IncomingLot
from campaign.logistics.ordering import IssueOrder
from campaign.logistics.receipts import Delivery, ReceivedState
from campaign.logistics.receiving import Receipt
from campaign.registry import queries as registry
from campaign.web import forms

REVERSE = "reverse"  # prefix of the form that undoes a document: it stands beside another on one page
NO_ITEM = "0"  # value of the choice that chooses nothing
EMPTY_ROWS = 3  # drawn at first; more on demand
MOST_ROWS = 60


class NeededInRow:
    """Asks for a field in every row that somebody began to fill; an empty row is no row."""

    def __call__(self, form: "LotForm", field: Any) -> None:
        """Stop quietly in an empty row, loudly where only this field is missing."""
        if form.is_empty:
            field.errors = []
            raise StopValidation
        if not field.raw_data or str(field.raw_data[0]).strip() in ("", NO_ITEM):
            field.errors = []
            raise StopValidation(gettext("Isian ini wajib diisi."))


class LotForm(wtforms.Form):  # type: ignore[misc]
    """One lot of a delivery."""

    class Meta:
        """Our words instead of the library's."""

        get_translations = forms.Form.Meta.get_translations

    item_id = SelectField(_("Barang"), [NeededInRow()], coerce=int, validate_choice=False)
    number = StringField(_("Nomor batch"), [NeededInRow(), Length(max=40)])
    production_year = IntegerField(_("Tahun produksi"), [Optional()])
    expires_on = DateField(_("Kedaluwarsa"), [NeededInRow()])
    quantity = IntegerField(_("Jumlah"), [NeededInRow()])
    unit_price = IntegerField(_("Harga satuan (Rp)"), [NeededInRow()])
    fund_source = SelectField(_("Sumber dana"), [NeededInRow()])
    condition = SelectField(_("Keadaan"), default=ReceivedState.GOOD.value)
    gtin = HiddenField(validators=[Optional(), Regexp(r"^[0-9]{14}$")])  # of a scanned pack

    @property
    def is_empty(self) -> bool:
        """Tell whether nobody wrote anything in this row; what a list offers by itself does not count."""
        written = (self.number, self.production_year, self.expires_on, self.quantity, self.unit_price)
        return not self.item_id.data and not any(field.raw_data and str(field.raw_data[0]).strip() for field in written)

    def lot(self) -> IncomingLot:
        """Return the line as the ledger takes it; what is missing becomes what the ledger would refuse."""
        return IncomingLot(
            item_id=self.item_id.data or 0,
            number=self.number.data or "",
            expires_on=self.expires_on.data or date.max,
            production_year=self.production_year.data,
            unit_price=-1 if self.unit_price.data is None else self.unit_price.data,
            fund_source=FundSource(self.fund_source.data or FundSource.APBN),
            quantity=self.quantity.data or 0,
        )


class ReceiveForm(forms.Form):
    """A delivery to a warehouse (SBBM)."""

    warehouse_id = SelectField(_("Gudang"), [InputRequired()], coerce=int)
    occurred_on = DateField(_("Tanggal terima"), [InputRequired()], default=clock.today)
    source = StringField(_("Dari siapa, surat jalan mana"), [InputRequired(), Length(max=240)])
    number = StringField(_("Nomor SBBM"), [Optional(), Length(max=60)])
    note = FileField(_("Foto atau pindaian surat jalan"))
    label = StringField(_("Kode pada kemasan (GS1 DataMatrix)"), [Optional(), Length(max=400)])
    lines = FieldList(FormField(LotForm), _("Daftar barang"), min_entries=EMPTY_ROWS, max_entries=MOST_ROWS)

    def offer(self) -> "ReceiveForm":
        """Fill in what can be chosen."""
        self.warehouse_id.choices = [(place.stock_place_id, place.name) for place in queries.warehouses()]
        items = [(int(NO_ITEM), "–"), *((item.item_id, f"{item.name} ({item.unit})") for item in registry.items())]
        for row in self.lines:
            row.form.item_id.choices = items
            row.form.fund_source.choices = forms.choices(FundSource)
            row.form.condition.choices = forms.choices(ReceivedState)
            row.form.condition.data = row.form.condition.data or ReceivedState.GOOD.value
        return self

    def filled(self) -> list[LotForm]:
        """Return the rows that somebody filled in."""
        return [row.form for row in self.lines if not row.form.is_empty]

    def receipt(self) -> Receipt:
        """Return what the use-case takes."""
        return Receipt(
            key=self.key.data or "",
            warehouse_id=self.warehouse_id.data,
            occurred_on=self.occurred_on.data or clock.today(),
            lines=tuple(row.lot() for row in self.filled()),
            source=self.source.data or "",
            number=(self.number.data or "").strip() or None,
        )

    def attachment(self) -> tuple[Attachment | None, tuple[Mistake, ...]]:
        """Return the supplier's note, or what is wrong with it."""
        if not self.note.data:
            return None, ()
        # One byte more than is allowed is enough to know that it is too large.
        return check_file(self.note.data.filename or "", self.note.data.stream.read(MAX_BYTES + 1), "note")

    def delivery(self, note: Attachment | None) -> Delivery:
        """Return what the use-case takes."""
        rows = self.filled()
        return Delivery(
            self.receipt(),
            tuple(ReceivedState(row.condition.data or ReceivedState.GOOD) for row in rows),
            note,
            {row.gtin.data: row.item_id.data for row in rows if row.gtin.data},
        )

    def fill_from_label(self) -> None:
        """Put what a pack's label says into the first empty row; the storekeeper adds what it does not say."""
        try:
            label = read_label(self.label.data or "", clock.today())
        except Gs1Mistake as mistake:
            self.label.errors = [i18n.error_text(mistake.code)]
            return
        row = next((row.form for row in self.lines if row.form.is_empty), None)
        if row is None and len(self.lines) < MOST_ROWS:
            row = self.lines.append_entry().form
        if row is None:
            self.label.errors = [gettext("Semua baris sudah terisi.")]
            return
        row.item_id.data = receipts.item_of(label.gtin) if label.gtin else None
        row.number.data, row.expires_on.data, row.gtin.data = label.lot, label.expires_on, label.gtin
        row.production_year.data = label.produced_on.year if label.produced_on else None
        row.quantity.data = label.count
        for field in (row.expires_on, row.production_year, row.quantity):
            field.raw_data = None  # or the empty text that was sent would be drawn again
        self.label.data = ""

    def show_what_else(self, mistakes: Iterable[Mistake]) -> None:
        """Show what the ledger would refuse too, at fields in which the form itself found nothing."""
        for mistake in mistakes:
            if mistake.where in self and not self[mistake.where].errors:
                self[mistake.where].errors = [i18n.error_text(mistake.code, mistake.facts)]

    def sum_up_rows(self) -> None:
        """Say once above the form that rows need repair; each field says what."""
        count = sum(bool(field.errors) for row in self.rows() for field in row)
        if count:
            self.lines.errors = [gettext("%(count)s isian di tabel perlu diperbaiki.", count=count)]

    def __contains__(self, name: str) -> bool:
        """Tell whether a mistake of this name has a field: lines-2-quantity is in the third filled row."""
        return super().__contains__(name) or self._in_row(name) is not None

    def __getitem__(self, name: str) -> Any:
        """Return the field of this name, also one inside a row."""
        return self._in_row(name) or super().__getitem__(name)

    def _in_row(self, name: str) -> Any:
        kind, _dash, rest = name.partition("-")
        index, _dash, field = rest.partition("-")
        if kind != "lines" or not index.isdigit() or int(index) >= len(self.filled()):
            return None
        row = self.filled()[int(index)]
        return row[field] if field in row else None  # noqa: SIM401 - a form has no get()

    def rows(self) -> Iterator[LotForm]:
        """Return every row to draw."""
        return (row.form for row in self.lines)


class OrderForm(forms.Form):
    """The SPMB of one planned delivery."""

    signed_on = DateField(_("Tanggal SPMB"), [InputRequired()], default=clock.today)
    number = StringField(_("Nomor SPMB"), [Optional(), Length(max=60)])
    purpose = StringField(_("Untuk"), [InputRequired(), Length(max=240)])

    def order(self, campaign_id: int, warehouse_id: int, facility_id: int, deliver_on: Any) -> IssueOrder:
        """Return what the use-case takes."""
        return IssueOrder(
            key=self.key.data or "",
            campaign_id=campaign_id,
            warehouse_id=warehouse_id,
            facility_id=facility_id,
            deliver_on=deliver_on,
            signed_on=self.signed_on.data,
            purpose=self.purpose.data or "",
            number=(self.number.data or "").strip() or None,
        )


class IssueForm(forms.Form):
    """The SBBK of one SPMB."""

    occurred_on = DateField(_("Tanggal SBBK"), [InputRequired()], default=clock.today)
    number = StringField(_("Nomor SBBK"), [Optional(), Length(max=60)])


class ReasonForm(forms.Form):
    """Why a document is undone."""

    reason = StringField(_("Alasan pembatalan"), [InputRequired(), Length(max=240)])
