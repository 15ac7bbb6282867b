"""What every template can say: filters for words, dates and numbers, and the questions it asks."""

from flask import Flask

from campaign import clock, i18n
from campaign.accounts.policy import Permission
from campaign.web import guard


def init_app(app: Flask) -> None:
    """Give the templates their filters and globals."""
    app.jinja_env.filters.update(
        word=i18n.word,
        action_word=i18n.action_word,
        error_text=i18n.error_text,
        day=i18n.day,
        short_day=i18n.short_day,
        hour=i18n.hour,
        instant=i18n.instant,
        number=i18n.number,
        decimal=i18n.decimal,
        percent=i18n.percent,
        rupiah=i18n.rupiah,
    )
    app.jinja_env.globals.update(may=guard.may, Permission=Permission, clock=clock)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
