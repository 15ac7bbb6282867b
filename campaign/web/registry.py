"""What changes slowly, to look at; the days off can be added and removed here, the rest comes in by workbook."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from campaign import clock
from campaign.registry import calendar, overview, queries, services
from campaign.registry.methods import ItemRow, register_items
from campaign.registry.models import Facility, ItemKind
from campaign.registry.services import DayOff
from campaign.web import forms, guard

blueprint = Blueprint("registry", __name__)

WHOLE_CITY = ""
DAYS_AHEAD = 400  # the calendar shows a little more than a year


class DayOffForm(forms.Form):
    """A local day off."""

    off_on = DateField(_("Tanggal"), [InputRequired()])
    area_code = SelectField(_("Berlaku di"))
    reason = StringField(_("Alasan"), [InputRequired(), Length(max=120)])

    def offer(self) -> "DayOffForm":
        """Fill in what can be chosen."""
        self.area_code.choices = [SelectChoice(WHOLE_CITY, gettext("Semua wilayah"))]
        for district in queries.districts():
            areas = (district, *queries.kecamatan_of(district.code))
            self.area_code.choices += [SelectChoice(area.code, area.name, optgroup=district.name) for area in areas]
        return self

    def day_off(self) -> DayOff:
        """Return what the use-case takes."""
        assert self.off_on.data is not None
        return DayOff(self.off_on.data, self.reason.data or "", self.area_code.data or None)


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """Show how much of everything there is, and what is still missing."""
    return render_template("registry/page.html", counts=overview.registry_counts(), gaps=overview.registry_gaps())


@blueprint.get("/areas")
def areas() -> ResponseReturnValue:
    """Show the kelurahan of a district with their yearly figures."""
    districts = queries.districts()
    chosen = request.args.get("district") or (districts[0].code if districts else "")
    return render_template(
        "registry/areas.html",
        districts=districts,
        chosen=chosen,
        kecamatan=queries.kecamatan_of(chosen),
        kelurahan=queries.kelurahan_of(chosen),
        figures={figure.area_code: figure for figure in queries.area_figures(chosen)},
    )


@blueprint.get("/facilities")
def facilities() -> ResponseReturnValue:
    """Show the facilities with their stations."""
    found = queries.every_facility()
    return render_template("registry/facilities.html", facilities=found, names=_kecamatan(found))


@blueprint.get("/facilities/<int:facility_id>")
def facility(facility_id: int) -> ResponseReturnValue:
    """Show one facility: stations, opening hours, who works there."""
    found = queries.facility(facility_id)
    hours = {number: [row for row in found.hours if row.weekday == number] for number in range(7)}
    return render_template(
        "registry/facility.html",
        facility=found,
        kecamatan=queries.area(found.kecamatan_code),
        hours={number: sorted(rows, key=lambda row: row.opens_at) for number, rows in hours.items()},
        days=_weekdays("wide"),
        providers=queries.providers([facility_id]),
    )


def _kecamatan(found: list[Facility]) -> dict[str, str]:
    return {code: queries.area(code).name for code in {facility.kecamatan_code for facility in found}}


def _weekdays(width: str) -> list[str]:
    """Return the names of the weekdays, Monday first; `width` is wide or abbreviated."""
    names = get_locale().days["format"][width]
    return [str(names[number]) for number in range(7)]


@blueprint.get("/methods")
def methods() -> ResponseReturnValue:
    """Show the methods with their steps and what they use up."""
    return render_template("registry/methods.html", methods=queries.methods())


@blueprint.get("/items")
def items() -> ResponseReturnValue:
    """Show what the warehouse counts."""
    return render_template("registry/items.html", items=queries.items())


class ItemForm(forms.Form):
    """What an item is called and how it is counted; its code never changes."""

    name = StringField(_("Nama"), [InputRequired(), Length(max=120)])
    kind = SelectField(_("Jenis"), [InputRequired()])
    unit = StringField(_("Satuan"), [InputRequired(), Length(max=24)])
    pack = IntegerField(_("Isi kemasan"), [InputRequired()])

    def row(self, code: str) -> ItemRow:
        """Return what the use-case takes."""
        kind = ItemKind(self.kind.data)
        return ItemRow(code, (self.name.data or "").strip(), kind, (self.unit.data or "").strip(), self.pack.data or 0)


@blueprint.route("/items/<int:item_id>", methods=["GET", "POST"])
def item(item_id: int) -> ResponseReturnValue:
    """Change an item: its name, its unit, how many move together."""
    found = queries.items_by_ids([item_id]).get(item_id)
    if found is None:
        raise queries.UnknownItem(item_id=item_id)
    form = ItemForm(obj=found)
    form.kind.choices = forms.choices(ItemKind)
    if form.validate_on_submit():
        places = {f"0.{name}": name for name in ("name", "unit", "pack")}
        with forms.attempt(form, places) as attempt:
            register_items(guard.actor(), [form.row(found.code)])
        if attempt.held:
            forms.flash_done(gettext("Barang disimpan."))
            return redirect(url_for("registry.items"), 303)
    return render_template("registry/item.html", form=form, item=found), forms.status(form)


@blueprint.get("/providers")
def providers() -> ResponseReturnValue:
    """Show the providers with their certificates and absences."""
    found = queries.providers()
    places = {row.facility_id: row for row in queries.facilities({provider.base_facility_id for provider in found})}
    days = _weekdays("abbreviated")
    return render_template("registry/providers.html", providers=found, places=places, days=days, today=clock.today())


@blueprint.get("/calendar")
def days_off() -> ResponseReturnValue:
    """Show the holidays and the local days off ahead."""
    return _calendar(DayOffForm().offer())


def _calendar(form: DayOffForm) -> ResponseReturnValue:
    first = clock.today()
    ahead = [first + timedelta(number) for number in range(DAYS_AHEAD)]
    local = queries.days_off(first, ahead[-1])
    shown = render_template(
        "registry/days_off.html",
        form=form,
        national=calendar.national(ahead),
        local=local,
        names={row.area_code: queries.area(row.area_code).name for row in local if row.area_code},
    )
    return shown, forms.status(form)


@blueprint.post("/calendar")
def add_day_off() -> ResponseReturnValue:
    """Add a local day off."""
    form = DayOffForm().offer()
    if form.validate():
        with forms.attempt(form) as attempt:
            added = services.add_day_off(guard.actor(), form.day_off())
        if attempt.held:
            forms.flash_done(
                gettext("Hari libur ditambahkan."), lambda: url_for("registry.remove_day_off", local_day_off_id=added)
            )
            return redirect(url_for("registry.days_off"))
    return _calendar(form)


@blueprint.post("/calendar/<int:local_day_off_id>/remove")
def remove_day_off(local_day_off_id: int) -> ResponseReturnValue:
    """Take a local day off out of the calendar."""
    services.remove_day_off(guard.actor(), local_day_off_id)
    forms.flash_done(gettext("Hari libur dihapus."))
    return redirect(url_for("registry.days_off"))
