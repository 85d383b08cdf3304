"""A mail server that speaks SMTP (RFC 5321) with STARTTLS, TLS and AUTH PLAIN, and keeps what it was given."""

import base64
import contextlib
import datetime
import ipaddress
import socketserver
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any, Optional

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class MailServer:
    """`given`: envelope sender, recipients and message of each mail; `answer` is what DATA ends with."""

    port: int = 0
    password: Optional[str] = None
    answer: str = "250 taken"
    accepts: str = "250 fine"
    given: list[tuple[str, list[str], Message]] = field(default_factory=list)
    greeted_by: list[str] = field(default_factory=list)


class _Talk(socketserver.StreamRequestHandler):
    server: Any

    def setup(self) -> None:
        if self.server.context is not None and self.server.at_once:
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self) -> None:
        kept: MailServer = self.server.kept
        sender, to = "", []  # type: tuple[str, list[str]]
        known = kept.password is None
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            word, _, rest = line.partition(" ")
            if word.upper() in ("EHLO", "HELO"):
                kept.greeted_by.append(rest)
                self._say("250-here", *(["250-STARTTLS"] if self.server.context else []), "250 AUTH PLAIN")
            elif word == "STARTTLS":
                self._say("220 go ahead")
                self.request = self.server.context.wrap_socket(self.request, server_side=True)
                super().setup()
            elif word == "AUTH":
                password = base64.b64decode(rest.split()[1]).decode().split("\0")[2]
                known = password == kept.password
                self._say("235 welcome" if known else "535 no")
            elif word.upper() == "MAIL":
                sender = rest
                self._say("250 fine" if known else "530 log in")
            elif word.upper() == "RCPT":
                to.append(rest)
                self._say(kept.accepts)
            elif word.upper() == "DATA":
                self._say("354 go on")
                lines = []
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part)
                if kept.answer.startswith("2"):
                    kept.given.append((sender, to, message_from_bytes(b"".join(lines))))
                self._say(kept.answer)
            elif word.upper() == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())
        self.wfile.flush()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error here."""


@contextlib.contextmanager
def mail_server(*, certificate: Optional[Path] = None, at_once: bool = False) -> Iterator[MailServer]:
    """Run a mail server on this machine; with a certificate it offers STARTTLS, or speaks TLS `at_once`."""
    server: Any = _Server(("127.0.0.1", 0), _Talk)
    server.kept = MailServer(server.server_address[1])
    server.context, server.at_once = None, at_once
    if certificate is not None:
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.context.load_cert_chain(certificate)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.kept
    finally:
        server.shutdown()
        server.server_close()


def certificate_in(folder: Path) -> Path:
    """Make a certificate for 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tests")])
    now = datetime.datetime.now(datetime.timezone.utc)
    addresses = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(addresses, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
