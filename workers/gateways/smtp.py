"""E-mail through the SMTP server of the settings, one connection a process.

A server owns a message from the final dot on, and not before: RFC 5321, 4.2.5 and 6.1. So everything is sent first,
then the journal says that the dot follows, then the dot goes out. Whatever dies before that line left nothing behind.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime

from campaign import clock
from campaign.config import Settings
from workers.gateways import Outgoing, Rejected, TryLater, Unclear
from workers.gateways.journal import Journal

LOOPBACK = ("127.0.0.1", "::1", "localhost")
# The older of Python's two ways to write a mail: five times as fast as EmailMessage for what is needed here.
WIRE = compat32.clone(linesep="\r\n")
LONGEST_LINE = 900  # RFC 5321 allows 998
SECONDS = 20  # for each answer of the server; a task lives longer (workers/celery_app.py)


@dataclass(slots=True)
class Smtp:
    """Sends e-mail."""

    settings: Settings
    journal: Journal
    connection: smtplib.SMTP | None = None

    def send(self, message: Outgoing) -> str:
        """Hand one message to the server; return its Message-ID, which is always the same for one invitation."""
        payload = self._bytes(message)
        server = self._envelope(message.to)
        try:
            self._data(server, payload)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._close()
            raise TryLater("smtp-disconnected") from error
        if message.until is not None and clock.now() >= message.until:  # this process slept: the claim is not its own
            self._close()
            raise TryLater("worker-died")
        self.journal.hand(message.invitation_id)
        try:
            server.send(b".\r\n")
            code, _ = server.getreply()
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._close()
            raise Unclear("smtp-silent") from error
        if code != 250:
            raise _refusal(code)
        return self.message_id(message.invitation_id, message.series)

    def message_id(self, invitation_id: int, series: str = "invitation") -> str:
        """Return the Message-ID: mail systems that look for doubles find them by it."""
        domain = self.settings.mail_from.rpartition("@")[2] or "localhost"
        return f"<{series}-{invitation_id}@{domain}>"

    def _bytes(self, message: Outgoing) -> bytes:
        """Return the message as it goes over the wire: CRLF, and dots doubled at the start of a line."""
        if not message.to.isascii():  # would need SMTPUTF8, which few servers speak
            raise Rejected("bad-address")
        if any(letter in message.to + message.subject for letter in "\r\n"):  # would add a header of its own
            raise Rejected("bad-address")
        text = _part(message.body, "plain")
        mail: MIMEBase = text
        if files := list(_files(message)):
            mail = MIMEMultipart(policy=WIRE)
            for part in (text, *files):
                mail.attach(part)
        mail["From"] = self.settings.mail_from
        mail["To"] = message.to
        subject = Header(message.subject, None if message.subject.isascii() else "utf-8")
        mail["Subject"] = subject.encode(linesep="\r\n")
        mail["Date"] = format_datetime(clock.now())
        mail["Message-ID"] = self.message_id(message.invitation_id, message.series)
        mail["Auto-Submitted"] = "auto-generated"
        return re.sub(rb"(?m)^\.", b"..", mail.as_bytes())

    def _envelope(self, to: str) -> smtplib.SMTP:
        """Open a mail to one recipient, on the open connection or, when that has gone stale, on a new one."""
        fresh = self.connection is None
        try:
            server = self.connection or self._connect()
            sender, _ = server.mail(self.settings.mail_from)
            code, _ = server.rcpt(to) if sender == 250 else (sender, b"")
        except smtplib.SMTPAuthenticationError as error:
            self._close()
            raise TryLater("smtp-sign-in-refused") from error
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            if not fresh:
                return self._envelope(to)
            raise TryLater("smtp-unreachable") from error
        if sender != 250:  # about us and not the recipient: a setting to mend must not reject a whole campaign for good
            self._forget_mail(server)
            raise TryLater("smtp-refused")
        if code not in (250, 251):
            self._forget_mail(server)
            raise _refusal(code)
        return server

    def _forget_mail(self, server: smtplib.SMTP) -> None:
        """Take back the envelope that was refused, so that the next mail starts anew."""
        try:
            server.rset()
        except (smtplib.SMTPException, OSError):
            self._close()

    def _data(self, server: smtplib.SMTP, payload: bytes) -> None:
        code, _ = server.docmd("data")
        if code != 354:
            self._forget_mail(server)
            raise _refusal(code)
        server.send(payload)

    def _connect(self) -> smtplib.SMTP:
        of = self.settings
        context = ssl.create_default_context()
        server = (
            smtplib.SMTP_SSL(of.smtp_host, of.smtp_port, timeout=SECONDS, context=context)
            if of.smtp_tls == "tls"
            else smtplib.SMTP(of.smtp_host, of.smtp_port, timeout=SECONDS)
        )
        server.ehlo()
        is_private = of.smtp_tls == "tls"
        if of.smtp_tls == "starttls" or (of.smtp_tls == "auto" and server.has_extn("starttls")):
            server.starttls(context=context)  # raises where the server does not offer it
            server.ehlo()
            is_private = True
        if of.smtp_user:
            if not is_private and of.smtp_host not in LOOPBACK:
                server.close()
                raise TryLater("smtp-without-tls")  # a password in plain text is given to whoever listens
            server.login(of.smtp_user, of.smtp_password)
        # The dot follows the message as a write of its own: without this the kernel holds it back for 40 ms.
        if server.sock is not None:
            server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connection = server
        return server

    def _close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def _part(text: str, kind: str) -> MIMEText:
    """Return a part that any server carries: plain where it can be, otherwise encoded."""
    is_plain = text.isascii() and all(len(line) < LONGEST_LINE for line in text.splitlines())
    return MIMEText(text, kind, "us-ascii" if is_plain else "utf-8", policy=WIRE)


def _files(message: Outgoing) -> Iterator[MIMEBase]:
    if message.calendar is not None:
        entry = _part(message.calendar.decode(), "calendar")
        entry.add_header("Content-Disposition", "attachment", filename="janji.ics")
        yield entry
    if message.enclosed is not None:
        pdf = MIMEApplication(message.enclosed.pdf, "pdf", policy=WIRE)
        pdf.add_header("Content-Disposition", "attachment", filename=message.enclosed.name)
        yield pdf


def _refusal(code: int) -> TryLater | Rejected:
    """Return what a reply code means: 4xx passes, 5xx stays."""
    return Rejected("smtp-refused") if 500 <= code < 600 else TryLater("smtp-busy")
