"""The main menu: each entry is shown to whoever may open its page."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, request
from flask_babel import LazyString

from campaign.accounts.policy import Permission
from campaign.web import guard


@dataclass(frozen=True, slots=True)
class Menu:
    """One entry of the main menu."""

    endpoint: str
    label: LazyString
    icon: str  # name in bootstrap-icons


def init_app(app: Flask, entries: tuple[Menu, ...], permissions: Mapping[str, Permission]) -> None:
    """Give every template `main_menu()` and `is_current(entry)`."""

    def main_menu() -> list[Menu]:
        return [entry for entry in entries if guard.may(permissions[entry.endpoint])]

    def is_current(entry: Menu) -> bool:
        if request.endpoint is None:
            return False
        return request.endpoint.split(".")[0] == entry.endpoint.split(".")[0]

    app.jinja_env.globals.update(main_menu=main_menu, is_current=is_current)
