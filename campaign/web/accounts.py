"""Who may sign in, and with which roles: for the administrator of the whole city."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import EmailField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from campaign.accounts import access, queries, services
from campaign.accounts.models import RoleGrant
from campaign.accounts.policy import Grant
from campaign.accounts.roles import Role
from campaign.config import Settings
from campaign.registry import queries as registry
from campaign.web import forms, guard
from campaign.web.locale import LANGUAGES

blueprint = Blueprint("accounts", __name__)

WHOLE_CITY = "everywhere"


class RoleForm(forms.Form):
    """A role and where it holds."""

    role = SelectField(_("Peran"), [InputRequired()])
    scope = SelectField(_("Wilayah tugas"), [InputRequired()])

    def offer(self) -> "RoleForm":
        """Fill in what can be chosen."""
        self.role.choices = [SelectChoice("", gettext("– pilih peran –")), *forms.choices(Role)]
        self.scope.choices = _scopes()
        return self

    def grant(self) -> Grant:
        """Return the grant that was chosen."""
        kind, _colon, value = str(self.scope.data).partition(":")
        role = Role(self.role.data)
        if kind == "facility":
            return Grant(role, facility_id=int(value))
        return Grant(role, area_code=value or None)


class NewAccountForm(RoleForm):
    """A person and the first role."""

    name = StringField(_("Nama"), [InputRequired(), Length(max=120)])
    email = EmailField(_("Surel"), [InputRequired(), Length(max=255)])
    language = SelectField(
        _("Bahasa"), choices=[SelectChoice(*language) for language in LANGUAGES.items()], default="id"
    )

    def request(self) -> services.NewAccount:
        """Return what the use-case takes."""
        return services.NewAccount(
            email=self.email.data or "",
            name=self.name.data or "",
            grants=(self.grant(),),
            language=self.language.data or "id",
        )


def _scopes() -> list[SelectChoice]:
    """Return every place where a role can hold, in groups."""
    scopes = [SelectChoice(WHOLE_CITY, gettext("Seluruh kota"), optgroup=gettext("Umum"))]
    for district in registry.districts():
        all_kecamatan = registry.kecamatan_of(district.code)
        scopes += [_area(area.code, area.name, district.name) for area in (district, *all_kecamatan)]
        for kecamatan in all_kecamatan:
            group = gettext("Kelurahan di %(name)s", name=kecamatan.name)
            scopes += [_area(area.code, area.name, group) for area in registry.kelurahan_of(kecamatan.code)]
    group = gettext("Fasilitas kesehatan")
    return scopes + [SelectChoice(f"facility:{f.facility_id}", f.name, optgroup=group) for f in registry.facilities()]


def _area(code: str, name: str, group: str) -> SelectChoice:
    return SelectChoice(f"area:{code}", name, optgroup=group)


@blueprint.route("/", methods=["GET", "POST"])
def page() -> ResponseReturnValue:
    """List the accounts. A search is a POST: a name must not stand in an address."""
    wanted, number = request.form.get("q", ""), max(1, request.args.get("page", 1, type=int))
    found = queries.accounts(wanted, number)
    scopes = {grant.role_grant_id: _scope_text(grant) for account in found.accounts for grant in account.grants}
    return render_template("accounts/page.html", found=found, wanted=wanted, page=number, scopes=scopes)


def _scope_text(grant: RoleGrant) -> str:
    """Name the place of a grant."""
    if grant.facility_id is not None:
        return registry.facility(grant.facility_id).name
    return registry.area(grant.area_code).name if grant.area_code else gettext("seluruh kota")


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Add an account and show its set-password link, once."""
    form = NewAccountForm()
    form.offer()
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            account_id = services.add_account(guard.actor(), form.request())
        if attempt.held:
            return _show_link(account_id)
    return render_template("accounts/new.html", form=form), forms.status(form)


@blueprint.get("/<int:account_id>")
def person(account_id: int) -> ResponseReturnValue:
    """Show one account: its roles, and what can be done with it."""
    return _person(account_id, RoleForm())


def _person(account_id: int, form: RoleForm) -> ResponseReturnValue:
    account = queries.account(account_id)
    form.offer()
    scopes = {grant.role_grant_id: _scope_text(grant) for grant in account.grants}
    page_of = render_template("accounts/person.html", account=account, form=form, scopes=scopes)
    return page_of, forms.status(form)


@blueprint.post("/<int:account_id>/roles")
def grant(account_id: int) -> ResponseReturnValue:
    """Give a role."""
    form = RoleForm()
    form.offer()
    if not form.validate():
        return _person(account_id, form)
    services.grant_role(guard.actor(), account_id, form.grant())
    forms.flash_done(gettext("Peran ditambahkan."))
    return redirect(url_for("accounts.person", account_id=account_id))


@blueprint.post("/roles/<int:role_grant_id>/revoke")
def revoke(role_grant_id: int) -> ResponseReturnValue:
    """Take a role away."""
    account_id = services.revoke_role(guard.actor(), role_grant_id)
    forms.flash_done(gettext("Peran dicabut."))
    return redirect(url_for("accounts.person", account_id=account_id))


@blueprint.post("/<int:account_id>/deactivate")
def deactivate(account_id: int) -> ResponseReturnValue:
    """Close an account; the message offers to open it again."""
    services.deactivate(guard.actor(), account_id)
    forms.flash_done(
        gettext("Akun ditutup dan sesinya diakhiri."), lambda: url_for("accounts.reactivate", account_id=account_id)
    )
    return redirect(url_for("accounts.person", account_id=account_id))


@blueprint.post("/<int:account_id>/reactivate")
def reactivate(account_id: int) -> ResponseReturnValue:
    """Open a closed account."""
    services.reactivate(guard.actor(), account_id)
    forms.flash_done(gettext("Akun dibuka kembali."))
    return redirect(url_for("accounts.person", account_id=account_id))


@blueprint.post("/<int:account_id>/link")
def link(account_id: int) -> ResponseReturnValue:
    """Make a new set-password link and show it, once."""
    return _show_link(account_id)


def _show_link(account_id: int) -> ResponseReturnValue:
    token = access.set_password_link(guard.actor(), account_id)
    settings: Settings = current_app.extensions["serempak"]
    address = settings.base_url + url_for("signin.set_password", token=token)  # never by the Host header of a request
    return render_template("accounts/link.html", account=queries.account(account_id), address=address)
