"""Forms of a request (SPB) and of an SPMB by hand."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from campaign import clock
from campaign.logistics.ledger import Line
from campaign.logistics.queries import OnHand
from campaign.logistics.request_models import StockRequest
from campaign.logistics.services import ItemOrder, NewRequest
from campaign.registry import queries as registry
from campaign.registry.models import Facility
from campaign.web import forms
from campaign.web.row_forms import Row, RowForm, rows


class ItemRow(Row):
    """So much of an item, if anything."""

    SHOWS_ITSELF = "quantity"

    item_id = HiddenField()
    quantity = IntegerField(_("Jumlah"), [Optional()])


class NewRequestForm(RowForm):
    """What a facility asks the warehouse for."""

    facility_id = SelectField(_("Faskes"), [InputRequired()], coerce=int)
    needed_on = DateField(_("Diperlukan tanggal"), [InputRequired()], default=clock.today)
    number = StringField(_("Nomor SPB"), [Optional(), Length(max=60)])
    note = StringField(_("Keterangan"), [Optional(), Length(max=240)])
    lots = rows(ItemRow)

    def offer(self, facilities: Sequence[Facility]) -> "NewRequestForm":
        """Draw a row for each item."""
        self.facility_id.choices = [(row.facility_id, row.name) for row in facilities]
        if not len(self.lots):
            for item in registry.items():
                self.lots.append_entry({"item_id": item.item_id})
        self.items = {str(item.item_id): item for item in registry.items()}
        return self

    def sent_on(self) -> list[Row]:
        """Return the rows with a quantity, or with something that is none."""
        return [row.form for row in self.lots if row.form.quantity.data is not None or row.form.quantity.errors]

    def new_request(self) -> NewRequest:
        """Return what the use-case takes."""
        return NewRequest(
            self.key.data or "",
            self.facility_id.data,
            clock.today(),
            self.needed_on.data,
            tuple((int(row.item_id.data or 0), row.quantity.data or 0) for row in self.sent_on()),
            self.note.data or "",
            (self.number.data or "").strip() or None,
        )


class ChosenRow(Row):
    """So much of a lot, if anything, and why not an earlier one."""

    SHOWS_ITSELF = "quantity"

    stock_lot_id = HiddenField()
    quantity = IntegerField(_("Jumlah"), [Optional()])
    reason = StringField(_("Alasan"), [Optional(), Length(max=240)])


class HandOrderForm(RowForm):
    """An SPMB without a plan."""

    request_id = HiddenField()
    warehouse_id = HiddenField()
    facility_id = SelectField(_("Kepada faskes"), [InputRequired()], coerce=int)
    signed_on = DateField(_("Tanggal SPMB"), [InputRequired()], default=clock.today)
    deliver_on = DateField(_("Dikirim paling lambat"), [InputRequired()], default=clock.today)
    reason = StringField(_("Untuk"), [InputRequired(), Length(max=240)])
    number = StringField(_("Nomor SPMB"), [Optional(), Length(max=60)])
    lots = rows(ChosenRow)

    def offer(
        self, facilities: Sequence[Facility], free: Mapping[int, OnHand], asked: StockRequest | None
    ) -> "HandOrderForm":
        """Draw a row for each lot that may go, filled in first expired first with what was asked for."""
        self.facility_id.choices = [(row.facility_id, row.name) for row in facilities]
        if len(self.lots):
            return self
        left = {line.item_id: line.quantity for line in asked.lines} if asked else {}
        in_order = sorted(free.values(), key=lambda row: (row.lot.item_id, row.lot.expires_on, row.lot.stock_lot_id))
        for row in in_order:
            taken = min(left.get(row.lot.item_id, 0), row.available)
            left[row.lot.item_id] = left.get(row.lot.item_id, 0) - taken
            self.lots.append_entry({"stock_lot_id": row.lot.stock_lot_id, "quantity": taken or None})
        if asked is not None:
            self.request_id.data, self.facility_id.data = asked.stock_request_id, asked.facility_id
            self.reason.data, self.deliver_on.data = asked.note or asked.number, asked.needed_on
        return self

    def sent_on(self) -> list[Row]:
        """Return the rows with a quantity, or with something that is none."""
        return [row.form for row in self.lots if row.form.quantity.data is not None or row.form.quantity.errors]

    def asked_items(self, asked: StockRequest | None) -> set[int]:
        """Return the items of a request."""
        return {line.item_id for line in asked.lines} if asked else set()

    def order(self, warehouse_id: int) -> ItemOrder:
        """Return what the use-case takes."""
        lots = tuple(
            Line(int(row.stock_lot_id.data or 0), row.quantity.data or 0, (row.reason.data or "").strip())
            for row in self.sent_on()
        )
        return ItemOrder(
            self.key.data or "",
            warehouse_id,
            self.facility_id.data,
            self.deliver_on.data,
            self.signed_on.data,
            (),
            self.reason.data or "",
            (self.number.data or "").strip() or None,
            lots,
            int(self.request_id.data) if self.request_id.data else None,
        )


class RefuseForm(forms.Form):
    """Why a request is refused."""

    refusal = StringField(_("Alasan penolakan"), [InputRequired(), Length(max=240)])
