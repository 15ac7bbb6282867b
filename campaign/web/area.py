"""What one area of the site is."""

from dataclasses import dataclass
from types import ModuleType

from campaign.accounts.policy import Permission
from campaign.web.menu import Menu


@dataclass(frozen=True, slots=True)
class Area:
    """One area of the site: its blueprint, its address, and the permission that opens each of its views."""

    module: ModuleType  # has `blueprint`
    url_prefix: str
    endpoints: dict[str, Permission]  # function name -> permission; the use-case checks the place
    menu: tuple[Menu, ...] = ()  # entries of the main menu, shown to whoever may open them
    fresh: frozenset[str] = frozenset()  # functions that ask for the password again when the last time is long ago
