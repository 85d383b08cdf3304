"""Sending an e-mail to staff over SMTP (RFC 5321): never a word of a report, never an id."""

import smtplib
import ssl
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

from bot.site import Mail, MailSecurity

_WAIT_SECONDS = 20.0


class MailFailed(Exception):
    """An e-mail was not taken by the mail server; the message says why, without addresses."""


def send(mail: Mail, to: str, subject: str, text: str) -> None:
    """Hand one e-mail to the site's mail server.

    Raises:
        MailFailed: it was not taken, or the password file cannot be used.
    """
    with _plain_errors(mail), _connected(mail) as server:
        if mail.user is not None and mail.password_file is not None:
            server.login(mail.user, _password(mail.password_file))
        server.send_message(_message(mail, to, subject, text), mail.sender, [to])


def _message(mail: Mail, to: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = mail.sender, to, subject
    message["Date"] = format_datetime(datetime.now(timezone.utc))
    # By itself the library would put this machine's name here.
    message["Message-ID"] = make_msgid(domain=_domain(mail))
    # No "out of office" answers (RFC 3834, section 5).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


@contextmanager
def _connected(mail: Mail) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    name = _domain(mail)
    if mail.security is MailSecurity.TLS:
        with smtplib.SMTP_SSL(mail.host, mail.port, name, timeout=_WAIT_SECONDS, context=context) as server:
            yield server
        return
    with smtplib.SMTP(mail.host, mail.port, name, timeout=_WAIT_SECONDS) as server:
        if mail.security is MailSecurity.STARTTLS:
            server.starttls(context=context)
        yield server


@contextmanager
def _plain_errors(mail: Mail) -> Iterator[None]:
    where = f"The mail server {mail.host}:{mail.port}"
    try:
        yield
    except smtplib.SMTPResponseException as error:
        raise MailFailed(f"{where} refused a message (code {error.smtp_code}).") from None
    except smtplib.SMTPRecipientsRefused:
        raise MailFailed(f"{where} refused the address in gate on_duty of site.yml.") from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailFailed(f"{where} took no message ({type(error).__name__}): check mail in site.yml.") from None


def _domain(mail: Mail) -> str:
    return mail.sender.rpartition("@")[2]


def _password(path: Path) -> str:
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise MailFailed(f"{path} is open to other users of this machine: run chmod 600 {path}.")
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise MailFailed(f"{path} cannot be read: write the mail server's password into it.") from None
