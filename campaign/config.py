"""Settings, read once from the environment and passed in. No other file looks at the environment."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

REQUIRED = ("DATABASE_URL", "REDIS_URL", "SEREMPAK_SECRET_KEY", "SEREMPAK_PRIVACY_KEY", "SEREMPAK_DATA_DIR")


SMTP_TLS = ("auto", "starttls", "tls", "none")


class SettingMissing(Exception):
    """Say all settings that are missing or wrong, in one message for the operator."""


@dataclass(frozen=True, slots=True)
class HttpSender:
    """A gateway that takes messages as JSON over HTTP: WhatsApp or SMS."""

    url: str = ""  # empty: there is none
    token: str = ""  # sent as a bearer token
    ask_url: str = ""  # where it can be asked what became of a key; empty: it cannot be asked
    is_keyed: bool = False  # it takes Idempotency-Key: the same key twice is one message


@dataclass(frozen=True)  # no slots: from_env reads the defaults off the class
class Settings:
    """What an operator decides. docs/settings.md has a row for each; a rule test compares the two."""

    database_url: str  # DATABASE_URL: the server and database, as the role that the application runs under
    redis_url: str  # REDIS_URL: broker of the background jobs
    secret_key: str  # SEREMPAK_SECRET_KEY: signs cookies and forms
    privacy_key: bytes  # SEREMPAK_PRIVACY_KEY: 32 bytes, base64; seals NIK and phone numbers
    data_dir: Path  # SEREMPAK_DATA_DIR: embedded servers, outbox and logs
    owner_database_url: str  # DATABASE_OWNER_URL: the role that owns the tables; migrations only. Default DATABASE_URL
    base_url: str = "http://127.0.0.1:8000"  # SEREMPAK_BASE_URL: as recipients of a message reach the site
    timezone: str = "Asia/Jakarta"  # SEREMPAK_TIMEZONE: IANA name
    is_https: bool = True  # SEREMPAK_HTTPS: "0" only on a loopback address: cookies are then sent without TLS
    smtp_host: str = "127.0.0.1"  # SEREMPAK_SMTP_HOST
    smtp_port: int = 25  # SEREMPAK_SMTP_PORT
    smtp_tls: str = "auto"  # SEREMPAK_SMTP_TLS: one of SMTP_TLS; auto: STARTTLS where the server offers it
    smtp_user: str = ""  # SEREMPAK_SMTP_USER: empty: no sign-in
    smtp_password: str = ""  # SEREMPAK_SMTP_PASSWORD
    mail_from: str = "serempak@localhost"  # SEREMPAK_MAIL_FROM: sender of invitations
    whatsapp: HttpSender = HttpSender()  # SEREMPAK_WHATSAPP_URL and its _TOKEN, _ASK_URL, _KEYED
    sms: HttpSender = HttpSender()  # SEREMPAK_SMS_URL and its _TOKEN, _ASK_URL, _KEYED
    apprise_url: str = ""  # SEREMPAK_APPRISE_URL: an Apprise address; {to} stands for the telephone number
    is_sandbox: bool = False  # SEREMPAK_SANDBOX: training: every message ends in a file, nothing leaves
    signing_certificate: str = ""  # SEREMPAK_SIGNING_CERTIFICATE: PKCS#12 file that signs letters; empty: none
    signing_password: str = ""  # SEREMPAK_SIGNING_PASSWORD
    proxies: int = (
        0  # SEREMPAK_PROXIES: how many proxies stand in front; only so many addresses they report are believed
    )
    training_seconds: int = 0  # SEREMPAK_TRAINING_SECONDS: demo and training only: how far the clock is moved ahead

    @property
    def outbox_dir(self) -> Path:
        """Return the folder where the file outbox writes messages that a person carries or pastes."""
        return self.data_dir / "outbox"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read the settings; raise SettingMissing with every problem at once."""
        wrong = [f"{name} is not set" for name in REQUIRED if not env.get(name)]
        privacy_key = _key(env.get("SEREMPAK_PRIVACY_KEY", ""), wrong)
        smtp_port = _number(env, "SEREMPAK_SMTP_PORT", 25, wrong)
        proxies = _number(env, "SEREMPAK_PROXIES", 0, wrong)
        training = _number(env, "SEREMPAK_TRAINING_SECONDS", 0, wrong)
        timezone = _zone(env.get("SEREMPAK_TIMEZONE", cls.timezone), wrong)
        smtp_tls = env.get("SEREMPAK_SMTP_TLS", cls.smtp_tls)
        if smtp_tls not in SMTP_TLS:
            wrong.append(f"SEREMPAK_SMTP_TLS is not one of {', '.join(SMTP_TLS)}")
        if env.get("SEREMPAK_SECRET_KEY") and len(env["SEREMPAK_SECRET_KEY"]) < 32:
            wrong.append("SEREMPAK_SECRET_KEY is shorter than 32 characters")
        if wrong:
            raise SettingMissing("; ".join(wrong))
        return cls(
            database_url=_psycopg(env["DATABASE_URL"]),
            owner_database_url=_psycopg(env.get("DATABASE_OWNER_URL") or env["DATABASE_URL"]),
            redis_url=env["REDIS_URL"],
            secret_key=env["SEREMPAK_SECRET_KEY"],
            privacy_key=privacy_key,
            data_dir=Path(env["SEREMPAK_DATA_DIR"]),
            base_url=env.get("SEREMPAK_BASE_URL", cls.base_url).rstrip("/"),
            timezone=timezone,
            is_https=env.get("SEREMPAK_HTTPS", "1") != "0",
            smtp_port=smtp_port,
            smtp_tls=smtp_tls,
            **_senders(env),
            signing_certificate=env.get("SEREMPAK_SIGNING_CERTIFICATE", ""),
            signing_password=env.get("SEREMPAK_SIGNING_PASSWORD", ""),
            proxies=proxies,
            training_seconds=training,
        )


def _senders(env: Mapping[str, str]) -> dict[str, Any]:
    """Return what messages leave through and in whose name."""
    return {
        "smtp_host": env.get("SEREMPAK_SMTP_HOST", Settings.smtp_host),
        "smtp_user": env.get("SEREMPAK_SMTP_USER", ""),
        "smtp_password": env.get("SEREMPAK_SMTP_PASSWORD", ""),
        "mail_from": env.get("SEREMPAK_MAIL_FROM", Settings.mail_from),
        "whatsapp": HttpSender(
            env.get("SEREMPAK_WHATSAPP_URL", ""),
            env.get("SEREMPAK_WHATSAPP_TOKEN", ""),
            env.get("SEREMPAK_WHATSAPP_ASK_URL", ""),
            env.get("SEREMPAK_WHATSAPP_KEYED", "0") == "1",
        ),
        "sms": HttpSender(
            env.get("SEREMPAK_SMS_URL", ""),
            env.get("SEREMPAK_SMS_TOKEN", ""),
            env.get("SEREMPAK_SMS_ASK_URL", ""),
            env.get("SEREMPAK_SMS_KEYED", "0") == "1",
        ),
        "apprise_url": env.get("SEREMPAK_APPRISE_URL", ""),
        "is_sandbox": env.get("SEREMPAK_SANDBOX", "0") == "1",
    }


def _number(env: Mapping[str, str], name: str, default: int, wrong: list[str]) -> int:
    text = env.get(name, str(default))
    if text.removeprefix("-").isdigit():
        return int(text)
    wrong.append(f"{name} is not a whole number")
    return default


def _zone(name: str, wrong: list[str]) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        wrong.append("SEREMPAK_TIMEZONE is not an IANA time zone, as Asia/Jakarta is")
    return name


def _key(text: str, wrong: list[str]) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if text and len(key) != 32:
        wrong.append("SEREMPAK_PRIVACY_KEY is not 32 bytes in base64")
    return key


def _psycopg(url: str) -> str:
    """Name the driver: a plain postgresql:// address, as hosting services give it, means psycopg 3 here."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
