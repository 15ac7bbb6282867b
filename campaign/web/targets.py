"""Targets of a campaign: split over kecamatan and kelurahan, changed by hand, beside the names that are listed."""

from collections import Counter

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campaign.attendance.history import served_before
from campaign.errors import NotFound
from campaign.events import queries, targeting
from campaign.events.models import Campaign
from campaign.events.targets import Basis, inside
from campaign.outreach import queries as outreach
from campaign.registry import queries as registry
from campaign.web import forms, guard
from campaign.web.target_forms import KelurahanForm, MatrixForm, SplitForm

blueprint = Blueprint("targets", __name__)


class UnknownKecamatan(NotFound):
    """The campaign's city has no such kecamatan."""

    code = "unknown-kecamatan"


@blueprint.route("/<int:campaign_id>/targets", methods=["GET", "POST"])
def page(campaign_id: int) -> ResponseReturnValue:
    """Set what the campaign aims at per kecamatan and method."""
    campaign = queries.visible_campaign(guard.actor(), campaign_id)
    form = MatrixForm()
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            wanted = targeting.Targets(campaign_id, form.read(campaign.district_code))
            targeting.set_targets(guard.actor(), wanted)
        if attempt.held:
            forms.flash_done(gettext("Target disimpan."))
            return redirect(url_for("campaigns.page", campaign_id=campaign_id))
    return _page(campaign, form, SplitForm(formdata=None))


@blueprint.post("/<int:campaign_id>/split")
def split(campaign_id: int) -> ResponseReturnValue:
    """Split the city's targets over its kecamatan and kelurahan."""
    campaign = queries.visible_campaign(guard.actor(), campaign_id)
    form = SplitForm()
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            basis = form.chosen()
            before = served_before(campaign.district_code, campaign_id) if basis is Basis.HISTORY else {}
            wanted = targeting.TargetSplit(campaign_id, form.read(), basis, before)
            targeting.split_targets(guard.actor(), wanted)
        if attempt.held:
            forms.flash_done(gettext("Target dibagi ke kecamatan dan kelurahan. Periksa, lalu ubah bila perlu."))
            return redirect(url_for("targets.page", campaign_id=campaign_id))
    return _page(campaign, MatrixForm(formdata=None), form)


@blueprint.route("/<int:campaign_id>/targets/<kecamatan_code>", methods=["GET", "POST"])
def kelurahan(campaign_id: int, kecamatan_code: str) -> ResponseReturnValue:
    """Set what the campaign aims at per kelurahan of one kecamatan; its own numbers are their sums."""
    campaign = queries.visible_campaign(guard.actor(), campaign_id)
    areas = {row.code: row for row in registry.kecamatan_of(campaign.district_code)}
    if kecamatan_code not in areas:
        raise UnknownKecamatan(campaign_id=campaign_id)
    rows = {row.code: row for row in registry.kelurahan_of(campaign.district_code)}
    codes = inside(kecamatan_code, rows)
    form = KelurahanForm()
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            typed = form.read({code: rows[code].name for code in codes})
            targeting.set_kelurahan_targets(
                guard.actor(), targeting.KelurahanTargets(campaign_id, kecamatan_code, typed)
            )
        if attempt.held:
            forms.flash_done(gettext("Target kelurahan disimpan; target kecamatan adalah jumlahnya."))
            return redirect(url_for("targets.page", campaign_id=campaign_id))
    text = render_template(
        "campaigns/kelurahan_targets.html",
        campaign=campaign,
        form=form,
        area=areas[kecamatan_code],
        kelurahan=[rows[code] for code in codes],
        methods=registry.methods(),
        targets=queries.kelurahan_targets(campaign_id),
        candidates=_listed_by_kelurahan(campaign_id),
        figures={row.area_code: row for row in registry.area_figures(campaign.district_code)},
        typed=request.form,
    )
    return text, forms.status(form)


def _listed_by_kelurahan(campaign_id: int) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for group in outreach.candidate_groups(campaign_id):
        counts[group.kelurahan_code, group.method_code] += len(group.candidate_ids)
    return counts


def _page(campaign: Campaign, matrix: MatrixForm, split_form: SplitForm) -> ResponseReturnValue:
    counts = outreach.candidate_counts(campaign.campaign_id)
    page_text = render_template(
        "campaigns/targets.html",
        campaign=campaign,
        form=matrix,
        split_form=split_form,
        kecamatan=registry.kecamatan_of(campaign.district_code),
        methods=registry.methods(),
        targets=queries.targets(campaign.campaign_id),
        candidates={(row.kecamatan_code, row.method_code): row.listed for row in counts},
        typed=request.form,
    )
    return page_text, max(forms.status(matrix), forms.status(split_form))
