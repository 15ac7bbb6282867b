"""Signing in and out, and the account's own password."""

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from flask_security import login_user, logout_user
from flask_wtf.csrf import generate_csrf
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from campaign import audit, i18n
from campaign.accounts import access
from campaign.accounts.models import Account
from campaign.accounts.passwords import MAX_LENGTH
from campaign.web import forms, guard
from campaign.web.addresses import own_path

blueprint = Blueprint("signin", __name__)

TYPED = [InputRequired(), Length(max=MAX_LENGTH)]


class SignInForm(forms.Form):
    """What one signs in with."""

    email = EmailField(_("Surel"), [InputRequired(), Length(max=255)])
    password = PasswordField(_("Kata sandi"), TYPED)
    next = HiddenField()


class NewPasswordForm(forms.Form):
    """A new password, typed once: the browser can show it, and a manager can make it."""

    password = PasswordField(_("Kata sandi baru"), TYPED)


class ChangePasswordForm(NewPasswordForm):
    """The old password, then a new one."""

    old_password = PasswordField(_("Kata sandi sekarang"), TYPED)


class ConfirmForm(forms.Form):
    """The password once more, before something that matters."""

    password = PasswordField(_("Kata sandi"), TYPED)
    next = HiddenField()


@blueprint.get("/sign-in")
def page() -> ResponseReturnValue:
    """Show the form."""
    if current_user.is_authenticated:
        return redirect(url_for("home.page"))
    form = SignInForm(next=own_path(request.args.get("next")))
    return render_template("signin/page.html", form=form)


@blueprint.post("/sign-in")
def enter() -> ResponseReturnValue:
    """Let somebody in, or say why not; refusals count against guessing."""
    form = SignInForm()
    if form.validate():
        request_in = access.SignIn(form.email.data or "", form.password.data or "", request.remote_addr or "")
        answer = access.sign_in(request_in)
        if isinstance(answer, Account):
            _open_session(answer)
            return redirect(own_path(form.next.data) or url_for("home.page"))
        form.form_errors.append(i18n.error_text(answer.value))
        refused = 429 if answer is access.SignInRefused.TOO_MANY else 422
        return render_template("signin/page.html", form=form), refused
    return render_template("signin/page.html", form=form), 422


@blueprint.post("/sign-out")
def leave() -> ResponseReturnValue:
    """End the session."""
    if current_user.is_authenticated:
        audit.record(guard.actor(), "sign-out", ("account", current_user.account_id))
        logout_user()
        session.clear()
    return redirect(url_for("signin.page"))


@blueprint.route("/password", methods=["GET", "POST"])
def change_password() -> ResponseReturnValue:
    """Let the account change its own password; every other session of it ends."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        if not access.confirm_password(guard.actor(), form.old_password.data or "", request.remote_addr or ""):
            form.form_errors.append(gettext("Kata sandi sekarang tidak cocok."))
            return render_template("signin/change_password.html", form=form), 422
        with forms.attempt(form) as attempt:
            account = access.change_password(guard.actor(), form.password.data or "")
        if attempt.held:
            _open_session(account)
            forms.flash_done(gettext("Kata sandi sudah diganti. Sesi lain milik Anda sudah diakhiri."))
            return redirect(url_for("home.page"))
    return render_template("signin/change_password.html", form=form), forms.status(form)


@blueprint.route("/set-password/<token>", methods=["GET", "POST"])
def set_password(token: str) -> ResponseReturnValue:
    """Let the owner of a set-password link choose a password, once."""
    account = access.account_of_link(token)
    if account is None:
        return render_template("signin/link_invalid.html"), 404
    form = NewPasswordForm()
    if form.validate_on_submit():
        with forms.attempt(form) as attempt:
            account = access.set_password(token, form.password.data or "")
        if attempt.held:
            _open_session(account)
            forms.flash_done(gettext("Kata sandi tersimpan. Selamat datang."))
            return redirect(url_for("home.page"))
    return render_template("signin/set_password.html", form=form, account=account), forms.status(form)


@blueprint.route("/confirm", methods=["GET", "POST"])
def confirm() -> ResponseReturnValue:
    """Ask for the password again: the last time is too long ago for what comes next."""
    form = ConfirmForm(next=own_path(request.args.get("next")))
    if form.validate_on_submit():
        if access.confirm_password(guard.actor(), form.password.data or "", request.remote_addr or ""):
            login_user(current_user._get_current_object(), authn_via=["password"])
            return redirect(own_path(form.next.data) or url_for("home.page"))
        form.form_errors.append(i18n.error_text(access.SignInRefused.WRONG.value))
        return render_template("signin/confirm.html", form=form), 422
    return render_template("signin/confirm.html", form=form), forms.status(form)


def _open_session(account: Account) -> None:
    """Start a new session; nothing of the old one survives, so that nobody can plant one."""
    session.clear()
    g.pop("csrf_token", None)
    login_user(account, authn_via=["password"])
    session.permanent = True
    generate_csrf()  # now: answers that cross each other must not take it out of the cookie again
    guard.forget()
