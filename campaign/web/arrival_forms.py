"""Forms of what travels: what a facility found in the box, and what became of the rest."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from campaign import clock
from campaign.logistics.differences import Difference
from campaign.logistics.services import Arrival, ArrivedLot, Fate, Settlement
from campaign.logistics.transit import Underway
from campaign.web import forms
from campaign.web.row_forms import Row, RowForm, rows


class ArrivedRow(Row):
    """One lot of a shipment."""

    SHOWS_ITSELF = "received"

    stock_lot_id = HiddenField()
    received = IntegerField(_("Diterima baik"), [InputRequired()])
    damaged = IntegerField(_("Rusak"), [Optional()])
    refused = IntegerField(_("Ditolak, dibawa kembali"), [Optional()])
    note = StringField(_("Apa yang terjadi"), [Optional(), Length(max=240)])

    def arrived(self, open_quantity: int) -> ArrivedLot:
        """Return the row as the use-case takes it; what nobody names is missing."""
        good, damaged, refused = (field.data or 0 for field in (self.received, self.damaged, self.refused))
        return ArrivedLot(
            int(self.stock_lot_id.data or 0),
            good,
            refused=refused,
            missing=max(0, open_quantity - good - damaged - refused),
            damaged=damaged,
            note=self.note.data or "",
        )


class ArrivalForm(RowForm):
    """The BAST of one shipment."""

    occurred_on = DateField(_("Tanggal terima"), [InputRequired()], default=clock.today)
    number = StringField(_("Nomor BAST"), [Optional(), Length(max=60)])
    lots = rows(ArrivedRow)

    def offer(self, underway: Mapping[int, Underway]) -> None:
        """Draw a row for each lot, as if all had come."""
        if not len(self.lots):
            for lot_id, row in underway.items():
                self.lots.append_entry({"stock_lot_id": lot_id, "received": row.quantity})

    def arrival(self, shipment_id: int, underway: Mapping[int, Underway]) -> Arrival:
        """Return what the use-case takes."""
        sent = {str(lot_id): row.quantity for lot_id, row in underway.items()}
        return Arrival(
            self.key.data or "",
            shipment_id,
            self.occurred_on.data,
            tuple(row.arrived(sent.get(row.stock_lot_id.data, 0)) for row in self.sent_on()),
            (self.number.data or "").strip() or None,
        )


class SettleForm(forms.Form):
    """What became of some of a lot that a facility did not receive."""

    shipment_id = HiddenField()
    stock_lot_id = HiddenField()
    fate = SelectField(_("Yang terjadi"), [InputRequired()], choices=lambda: forms.choices(Fate))
    quantity = IntegerField(_("Jumlah"), [InputRequired()])
    occurred_on = DateField(_("Tanggal"), [InputRequired()], default=clock.today)
    reason = StringField(_("Keterangan"), [InputRequired(), Length(max=240)])

    def is_for(self, row: Difference) -> bool:
        """Tell whether this form was sent for a difference."""
        mine = (self.shipment_id.data, self.stock_lot_id.data)
        return mine == (str(row.shipment.stock_document_id), str(row.lot.stock_lot_id))

    def settlement(self) -> Settlement:
        """Return what the use-case takes."""
        return Settlement(
            self.key.data or "",
            int(self.shipment_id.data or 0),
            int(self.stock_lot_id.data or 0),
            self.quantity.data,
            Fate(self.fate.data),
            self.occurred_on.data,
            self.reason.data or "",
        )
