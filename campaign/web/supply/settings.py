"""Levels per item and how the office reckons with stock."""

from decimal import Decimal

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DecimalField, IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired, Optional

from campaign.accounts.policy import Permission
from campaign.logistics import norms
from campaign.logistics.levels import DEFAULT_NORMS, Norm, StockLevel
from campaign.logistics.norms import Reckoning
from campaign.registry import queries as registry
from campaign.web import forms, guard
from campaign.web.stock import blueprint

EVERY_ITEM = 0
MISSING = Decimal(-1)  # refused beside the field


class NormForm(forms.Form):
    """Between how many months a level holds an item."""

    level = SelectField(_("Tingkat"), [InputRequired()])
    item_id = SelectField(_("Barang"), [InputRequired()], coerce=int)
    min_months = DecimalField(_("Minimum (bulan)"), [Optional()], places=1)
    max_months = DecimalField(_("Maksimum (bulan)"), [Optional()], places=1)

    def offer(self) -> "NormForm":
        """Fill in what can be chosen."""
        self.level.choices = forms.choices(StockLevel)
        self.item_id.choices = [SelectChoice(EVERY_ITEM, gettext("Semua barang yang tidak punya batas sendiri"))]
        self.item_id.choices += [SelectChoice(item.item_id, item.name) for item in registry.items()]
        return self

    @property
    def is_blank(self) -> bool:
        """Tell whether both levels were left out: the item goes back to the level of all."""
        return self.min_months.data is None and self.max_months.data is None and not self.errors


class ReckoningForm(forms.Form):
    """How the office reckons with stock."""

    consumption_months = IntegerField(_("Rata-rata pemakaian dari berapa bulan penuh"), [InputRequired()])
    expiring_months = IntegerField(_("Peringatkan kedaluwarsa berapa bulan sebelumnya"), [InputRequired()])
    procurement_days = IntegerField(_("Lama pengadaan, dari pesan sampai datang (hari)"), [InputRequired()])
    buffer_percent = IntegerField(_("Cadangan di atas kebutuhan kampanye (%)"), [InputRequired()])
    receipt_days = IntegerField(_("Tanyakan SBBK yang belum dikonfirmasi setelah (hari)"), [InputRequired()])

    def reckoning(self) -> Reckoning:
        """Return what was filled in."""
        return Reckoning(**{name: getattr(self, name).data for name in Reckoning.__dataclass_fields__})


def may_set() -> bool:
    """Tell whether whoever asks may change levels."""
    return guard.may(Permission.EDIT_REGISTRY) or guard.may(Permission.MOVE_STOCK)


@blueprint.get("/settings")
def settings() -> ResponseReturnValue:
    """Show the levels and how the office reckons."""
    return _draw(NormForm(formdata=None), None)


@blueprint.post("/settings/norms")
def save_norms() -> ResponseReturnValue:
    """Set the level of an item, or let it go."""
    form = NormForm().offer()
    if form.validate_on_submit():
        level, item_id = StockLevel(form.level.data), form.item_id.data or None
        with forms.attempt(form) as attempt:
            if form.is_blank:
                norms.forget_norm(guard.actor(), level, item_id)
            else:
                _set(form, level, item_id)
        if attempt.held:
            forms.flash_done(gettext("Batas bulan stok disimpan."))
            return redirect(url_for("stock.settings"), 303)
    return _draw(form, None)


def _set(form: NormForm, level: StockLevel, item_id: int | None) -> None:
    low, high = form.min_months.data, form.max_months.data
    norms.set_norm(
        guard.actor(), level, item_id, Norm(MISSING if low is None else low, MISSING if high is None else high)
    )


@blueprint.post("/settings/reckoning")
def save_reckoning() -> ResponseReturnValue:
    """Set how the office reckons."""
    form = ReckoningForm(prefix="reckoning")
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            norms.save_reckoning(guard.actor(), form.reckoning())
        if attempt.held:
            forms.flash_done(gettext("Cara menghitung disimpan."))
            return redirect(url_for("stock.settings"), 303)
    return _draw(NormForm(formdata=None), form)


def _draw(form: NormForm, reckoning: ReckoningForm | None) -> ResponseReturnValue:
    shown = render_template(
        "stock/settings.html",
        form=form.offer(),
        reckoning_form=reckoning or ReckoningForm(formdata=None, obj=norms.reckoning(), prefix="reckoning"),
        levels=StockLevel,
        defaults=DEFAULT_NORMS,
        norms=norms.norms(),
        items=registry.items(),
        may_set=may_set(),
    )
    return shown, forms.status(reckoning or form)
