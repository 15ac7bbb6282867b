"""The pick list of an SPMB as a form."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from campaign import clock, i18n
from campaign.logistics.models import StockLot
from campaign.logistics.queries import OnHand
from campaign.logistics.services import Pick, StockIssue
from campaign.web.row_forms import Row, RowForm, rows


class PickRow(Row):
    """What is taken for one lot of the SPMB."""

    SHOWS_ITSELF = "quantity"

    ordered_lot_id = HiddenField()
    stock_lot_id = SelectField(_("Batch"), [InputRequired()], coerce=int, validate_choice=False)
    quantity = IntegerField(_("Jumlah"), [Optional()])
    reason = StringField(_("Alasan batch lain"), [Optional(), Length(max=240)])


class PickForm(RowForm):
    """An SBBK for some or all of an SPMB."""

    occurred_on = DateField(_("Tanggal SBBK"), [InputRequired()], default=clock.today)
    number = StringField(_("Nomor SBBK"), [Optional(), Length(max=60)])
    lots = rows(PickRow)

    def offer(
        self, waiting: Mapping[int, int], lots: Mapping[int, StockLot], shelves: Mapping[int, list[OnHand]]
    ) -> None:
        """Draw a row for each lot that waits, with all of it, and the lots that could go instead."""
        if not len(self.lots):
            for lot_id, quantity in waiting.items():
                self.lots.append_entry({"ordered_lot_id": lot_id, "stock_lot_id": lot_id, "quantity": quantity})
        for row in self.lots:
            ordered = int(row.form.ordered_lot_id.data or 0)
            stock = shelves.get(lots[ordered].item_id, []) if ordered in lots else []
            row.form.stock_lot_id.choices = [
                (one.lot.stock_lot_id, f"{one.lot.number} · {i18n.short_day(one.lot.expires_on)}")
                for one in stock
                if one.lot.stock_lot_id == ordered or one.available
            ]

    def sent_on(self) -> list[Row]:
        """Return the rows of which something is taken."""
        return [row.form for row in self.lots if row.form.quantity.data != 0]

    def issue(self, order_id: int) -> StockIssue:
        """Return what the use-case takes."""
        picks = tuple(
            Pick(
                int(row.ordered_lot_id.data or 0), row.stock_lot_id.data, row.quantity.data or 0, row.reason.data or ""
            )
            for row in self.sent_on()
        )
        number = (self.number.data or "").strip() or None
        return StockIssue(self.key.data or "", order_id, self.occurred_on.data, number, picks)
