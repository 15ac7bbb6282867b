"""The need of a campaign, and the kit that comes with it."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from campaign.accounts.policy import Permission, reach
from campaign.events import queries as events
from campaign.logistics import kits
from campaign.logistics.kits import KitBasis, KitThing
from campaign.registry import queries as registry
from campaign.reports.campaign_need import read_need
from campaign.reports.need_sheet import draw_need
from campaign.web import forms, guard
from campaign.web.stock import blueprint
from campaign.web.supply.papers import send_sheet
from campaign.web.supply.settings import may_set
from campaign.web.tally import WITH_SESSIONS

ALL_METHODS = ""


class KitForm(forms.Form):
    """One thing of the kit."""

    name = StringField(_("Nama sarana"), [InputRequired(), Length(max=120)])
    unit = StringField(_("Satuan"), [InputRequired(), Length(max=24)])
    quantity = IntegerField(_("Jumlah"), [InputRequired()])
    per = IntegerField(_("Untuk setiap"), [InputRequired()], default=1)
    basis = SelectField(_("Dihitung per"), [InputRequired()])
    method_code = SelectField(_("Hanya untuk metode"))

    def offer(self) -> "KitForm":
        """Fill in what can be chosen."""
        self.basis.choices = forms.choices(KitBasis)
        self.method_code.choices = [SelectChoice(ALL_METHODS, gettext("Semua metode"))]
        self.method_code.choices += [SelectChoice(method.code, method.name) for method in registry.methods()]
        return self

    def thing(self) -> KitThing:
        """Return what was filled in."""
        return KitThing(
            self.name.data or "",
            self.unit.data or "",
            self.quantity.data or 0,
            self.per.data or 0,
            KitBasis(self.basis.data),
            self.method_code.data or None,
        )


@blueprint.get("/need")
def needs() -> ResponseReturnValue:
    """Show the campaigns with an approved plan."""
    seen = events.campaigns(reach(guard.actor(), Permission.SEE_CAMPAIGNS))
    return render_template("stock/needs.html", campaigns=[row for row in seen if row.state in WITH_SESSIONS])


@blueprint.get("/need/<int:campaign_id>")
def need(campaign_id: int) -> ResponseReturnValue:
    """Show what the warehouse prepares for a campaign."""
    found = read_need(guard.actor(), campaign_id)
    return render_template(
        "stock/need.html",
        need=found,
        items={item.item_id: item for item in registry.items()},
        names={row.facility_id: row.name for row in registry.every_facility()},
    )


@blueprint.get("/need/<int:campaign_id>/need.<any(pdf, xlsx):file_format>")
def need_file(campaign_id: int, file_format: str) -> ResponseReturnValue:
    """Send the need of a campaign."""
    found = read_need(guard.actor(), campaign_id)
    return send_sheet(lambda: draw_need(found), file_format, f"kebutuhan-{campaign_id}", "stock.need_file")


@blueprint.get("/kit")
def kit() -> ResponseReturnValue:
    """Show the kit of a campaign."""
    return _draw(None)


@blueprint.route("/kit/new", methods=["GET", "POST"])
def add_to_kit() -> ResponseReturnValue:
    """Add a thing to the kit."""
    return _edit(KitForm().offer(), None)


@blueprint.route("/kit/<int:kit_line_id>", methods=["GET", "POST"])
def edit_kit(kit_line_id: int) -> ResponseReturnValue:
    """Change a thing of the kit."""
    return _edit(KitForm(obj=kits.kit_thing(kit_line_id)).offer(), kit_line_id)


@blueprint.post("/kit/<int:kit_line_id>/remove")
def remove_from_kit(kit_line_id: int) -> ResponseReturnValue:
    """Take a thing out of the kit."""
    kits.remove_thing(guard.actor(), kit_line_id)
    forms.flash_done(gettext("Sarana dihapus dari daftar."))
    return redirect(url_for("stock.kit"), 303)


def _edit(form: KitForm, kit_line_id: int | None) -> ResponseReturnValue:
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            kits.save_thing(guard.actor(), kit_line_id, form.thing())
        if attempt.held:
            forms.flash_done(gettext("Sarana disimpan."))
            return redirect(url_for("stock.kit"), 303)
    return _draw(form)


def _draw(form: KitForm | None) -> ResponseReturnValue:
    shown = render_template(
        "stock/kit.html",
        kit=kits.kit(),
        form=form,
        methods={method.code: method.name for method in registry.methods()},
        may_set=may_set(),
    )
    return shown, forms.status(form) if form else 200
