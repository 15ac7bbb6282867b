"""Forms of the state of goods, and of what one facility sends another."""

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from campaign import clock, i18n
from campaign.events import queries as events
from campaign.logistics.conditions import steps_from
from campaign.logistics.ledger import Line
from campaign.logistics.services import StateChange, StateStep, StockState, Transfer
from campaign.registry import queries as registry
from campaign.web import forms
from campaign.web.row_forms import Row, RowForm, rows

NO_CAMPAIGN = "0"


class StateForm(forms.Form):
    """What happens to some of a lot, and why."""

    state = HiddenField()
    step = RadioField(_("Tindakan"), [InputRequired()])
    quantity = IntegerField(_("Jumlah"), [InputRequired()])
    campaign_id = SelectField(_("Barang kampanye"), [Optional()], coerce=int)
    occurred_on = DateField(_("Tanggal"), [InputRequired()], default=clock.today)
    reason = StringField(_("Alasan"), [InputRequired(), Length(max=240)])
    number = StringField(_("Nomor berita acara"), [Optional(), Length(max=60)])

    def offer(self, state: StockState, campaign_ids: Sequence[int]) -> "StateForm":
        """Fill in what may be done to goods in this state, and whose they may be."""
        self.state.data = state.value
        self.step.choices = [(step.value, i18n.word(step)) for step in steps_from(state)]
        of_campaigns = [(campaign_id, events.campaign(campaign_id).name) for campaign_id in campaign_ids]
        self.campaign_id.choices = [(int(NO_CAMPAIGN), gettext("Bukan, persediaan rutin")), *of_campaigns]
        if not campaign_ids:
            del self.campaign_id
        return self

    def change(self, stock_place_id: int, stock_lot_id: int) -> StateChange:
        """Return what the use-case takes."""
        return StateChange(
            self.key.data or "",
            stock_place_id,
            StockState(self.state.data),
            StateStep(self.step.data),
            self.occurred_on.data,
            (Line(stock_lot_id, self.quantity.data),),
            self.reason.data or "",
            (self.number.data or "").strip() or None,
            (self.campaign_id.data or None) if "campaign_id" in self else None,
        )


class LotRow(Row):
    """So much of one lot, if anything."""

    SHOWS_ITSELF = "quantity"

    stock_lot_id = HiddenField()
    quantity = IntegerField(_("Jumlah"), [Optional()])


class TransferForm(RowForm):
    """Goods from one facility to another."""

    to_facility_id = SelectField(_("Kepada faskes"), [InputRequired()], coerce=int)
    occurred_on = DateField(_("Tanggal"), [InputRequired()], default=clock.today)
    reason = StringField(_("Alasan"), [InputRequired(), Length(max=240)])
    number = StringField(_("Nomor dokumen"), [Optional(), Length(max=60)])
    lots = rows(LotRow)

    def offer(self, from_facility_id: int, lot_ids: Sequence[int]) -> None:
        """Draw a row for each lot on the shelf, and the other facilities."""
        others = [row for row in registry.facilities() if row.facility_id != from_facility_id]
        self.to_facility_id.choices = [(row.facility_id, row.name) for row in others]
        if not len(self.lots):
            for lot_id in lot_ids:
                self.lots.append_entry({"stock_lot_id": lot_id})

    def sent_on(self) -> list[Row]:
        """Return the rows with a quantity, or with something that is none."""
        return [row.form for row in self.lots if row.form.quantity.data is not None or row.form.quantity.errors]

    def transfer(self, from_facility_id: int) -> Transfer:
        """Return what the use-case takes."""
        return Transfer(
            self.key.data or "",
            from_facility_id,
            self.to_facility_id.data,
            self.occurred_on.data,
            tuple(Line(int(row.stock_lot_id.data), row.quantity.data or 0) for row in self.sent_on()),
            self.reason.data or "",
            (self.number.data or "").strip() or None,
        )
