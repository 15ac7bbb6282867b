"""The agenda of the warehouse's papers: the last number of each series, numbers set aside, and who has them."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from campaign import clock
from campaign.accounts.policy import Permission, may, require
from campaign.documents import numbering as agenda
from campaign.documents.numbering import NumberRequest
from campaign.logistics import numbering
from campaign.web import forms, guard
from campaign.web.stock import blueprint


class ReserveForm(forms.Form):
    """Numbers to set aside."""

    classification = SelectField(_("Klasifikasi"), [InputRequired()])
    year = IntegerField(_("Tahun"), [InputRequired()])
    count = IntegerField(_("Berapa nomor"), [InputRequired()], default=1)
    reason = StringField(_("Untuk apa"), [InputRequired(), Length(max=240)])

    def wanted(self) -> NumberRequest:
        """Return what was filled in."""
        return NumberRequest(
            self.classification.data, self.year.data or 0, self.count.data or 0, self.reason.data or "", self.key.data
        )


@blueprint.route("/numbers", methods=["GET", "POST"])
def numbers() -> ResponseReturnValue:
    """Show the series of a year, and set numbers aside."""
    form = ReserveForm()
    form.classification.choices = sorted(set(numbering.CLASSIFICATIONS.values()))
    form.year.data = form.year.data or clock.today().year
    if form.validate_on_submit():
        require_clerk()
        with forms.attempt(form) as attempt:
            drawn = agenda.reserve(guard.actor(), form.wanted())
        if attempt.held:
            forms.flash_done(gettext("%(count)s nomor disisihkan.", count=len(drawn)))
            return redirect(url_for("stock.numbers", year=form.year.data), 303)
    return _draw(form)


def require_clerk() -> None:
    """Whoever signs or moves goods sets numbers aside."""
    if not may(guard.actor(), Permission.ORDER_STOCK):
        require(guard.actor(), Permission.MOVE_STOCK)


def _draw(form: ReserveForm) -> ResponseReturnValue:
    year = request.args.get("year", clock.today().year, type=int)
    rows = [(row, numbering.written(row.classification, row.year, row.number)) for row in agenda.reserved(year)]
    shown = render_template(
        "stock/numbers.html",
        form=form,
        year=year,
        last=agenda.last_numbers(year),
        rows=rows,
        holders=numbering.holders([text for _, text in rows]),
        may_reserve=guard.may(Permission.ORDER_STOCK) or guard.may(Permission.MOVE_STOCK),
    )
    return shown, forms.status(form)
