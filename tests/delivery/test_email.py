"""An e-mail reaches the server over the way that `site.yml` names, or one plain sentence says why not."""

import socket
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.email import MailFailed, send
from bot.site import Mail
from tests.smtp import MailServer, certificate_in, mail_server

TO = "duty@example.org"


def mail(server: MailServer, **changed: Any) -> Mail:
    given = {"host": "127.0.0.1", "port": server.port, "security": "none", "sender": "bot@help.example", **changed}
    return Mail.parse_obj(given)


def test_a_plain_server_on_this_machine() -> None:
    with mail_server() as server:
        send(mail(server), TO, "Tickets are waiting", "Please log in.\n")
        [(sender, to, message)] = server.given
    assert "<bot@help.example>" in sender and to == [f"TO:<{TO}>"]
    assert (message["From"], message["To"], message["Subject"]) == ("bot@help.example", TO, "Tickets are waiting")
    assert message.get_payload().strip() == "Please log in." and message["Auto-Submitted"] == "auto-generated"


def test_this_machines_name_is_in_nothing_that_is_sent() -> None:
    with mail_server() as server:
        send(mail(server), TO, "Subject", "Text")
        [(_, _, message)] = server.given
    assert server.greeted_by == ["help.example"] and socket.gethostname() not in message.as_string()


@pytest.mark.parametrize("security, at_once", [("tls", True), ("starttls", False)])
def test_an_encrypted_way_with_a_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str, at_once: bool
) -> None:
    certificate, password = certificate_in(tmp_path), tmp_path / "password"
    password.write_text("opensesame\n")
    password.chmod(0o600)
    with mail_server(certificate=certificate, at_once=at_once) as server:
        server.password = "opensesame"
        way = mail(server, security=security, user="bot", password_file=str(password))
        with pytest.raises(MailFailed, match="took no message"):
            send(way, TO, "Subject", "a certificate that nobody vouches for")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        send(way, TO, "Subject", "Text")
        password.write_text("wrong")
        with pytest.raises(MailFailed, match=r"refused a message \(code 535\)"):
            send(way, TO, "Subject", "Text")
        password.chmod(0o644)
        with pytest.raises(MailFailed, match="run chmod 600"):
            send(way, TO, "Subject", "Text")
        password.unlink()
        with pytest.raises(MailFailed, match="cannot be read"):
            send(way, TO, "Subject", "Text")
    assert len(server.given) == 1


def test_a_server_without_encryption_is_given_nothing_where_that_was_asked_for() -> None:
    with mail_server() as server:
        with pytest.raises(MailFailed):
            send(mail(server, security="starttls"), TO, "Subject", "Text")
        assert server.given == []


@pytest.mark.parametrize(
    "changed, says",
    [({"answer": "554 no"}, "code 554"), ({"accepts": "550 unknown"}, "refused the address in gate on_duty")],
)
def test_a_refusal_is_told_without_addresses(changed: dict[str, str], says: str) -> None:
    with mail_server() as server:
        for name, value in changed.items():
            setattr(server, name, value)
        with pytest.raises(MailFailed, match=says) as failed:
            send(mail(server), TO, "Subject", "Text")
    assert TO not in str(failed.value) and failed.value.__cause__ is None


def test_no_server() -> None:
    with mail_server() as server:
        way = mail(server)
    with pytest.raises(MailFailed, match="check mail in site"):
        send(way, TO, "Subject", "Text")
