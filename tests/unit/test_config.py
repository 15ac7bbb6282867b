"""Settings are read once, and everything wrong with them is said at once."""

import base64

import pytest

from campaign.config import REQUIRED, SettingMissing, Settings

GOOD = {
    "DATABASE_URL": "postgresql://web@db/serempak",
    "REDIS_URL": "redis://r/0",
    "SEREMPAK_SECRET_KEY": "s" * 32,
    "SEREMPAK_PRIVACY_KEY": base64.b64encode(b"k" * 32).decode(),
    "SEREMPAK_DATA_DIR": "/data",
}


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_setting_is_named(name: str) -> None:
    with pytest.raises(SettingMissing, match=f"{name} is not set"):
        Settings.from_env({**GOOD, name: ""})


def test_all_mistakes_are_said_in_one_message() -> None:
    with pytest.raises(SettingMissing) as raised:
        Settings.from_env({"SEREMPAK_PRIVACY_KEY": "short", "SEREMPAK_SMTP_PORT": "mail"})
    said = str(raised.value)
    assert all(word in said for word in ("DATABASE_URL", "REDIS_URL", "32 bytes", "SEREMPAK_SMTP_PORT"))


@pytest.mark.parametrize(("length", "is_good"), [(31, False), (32, True)])
def test_a_secret_key_has_at_least_32_characters(length: int, is_good: bool) -> None:
    env = {**GOOD, "SEREMPAK_SECRET_KEY": "s" * length}
    if is_good:
        assert Settings.from_env(env).secret_key == "s" * 32
    else:
        with pytest.raises(SettingMissing, match="shorter than 32"):
            Settings.from_env(env)


def test_a_plain_address_means_psycopg_and_the_owner_defaults_to_it() -> None:
    settings = Settings.from_env(GOOD)
    assert settings.database_url == settings.owner_database_url == "postgresql+psycopg://web@db/serempak"


def test_cookies_need_tls_unless_it_is_switched_off() -> None:
    assert Settings.from_env(GOOD).is_https
    assert not Settings.from_env({**GOOD, "SEREMPAK_HTTPS": "0"}).is_https


def test_a_time_zone_that_nobody_knows_is_said() -> None:
    with pytest.raises(SettingMissing, match="SEREMPAK_TIMEZONE"):
        Settings.from_env({**GOOD, "SEREMPAK_TIMEZONE": "Jawa/Pekalongan"})
