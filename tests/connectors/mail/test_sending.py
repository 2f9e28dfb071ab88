import smtplib
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connectors.mail.mail_server import MailServer
from connectors.mail.order_mail import OrderMail
from connectors.mail.sending import FolderSender, SmtpSender, make_message
from knowledge.errors import InvalidInput
from tests.stand_ins.smtp_server import SmtpServer

MAIL = OrderMail("Ihre Bestellung: äöü", "Text: 5 €\n.\nEnd", "<p>5 €</p>")
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def message(mail: OrderMail = MAIL, to: str = "anna@example.com") -> EmailMessage:
    return make_message(
        mail, sender="Green, Leaf <orders@shop.example>", to=to, message_id="j_1", at=AT
    )


def read(data: bytes) -> EmailMessage:
    parsed = message_from_bytes(data, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer().running() as made:
        yield made


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate for localhost that this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_a_mail_arrives_as_it_was_written(server: SmtpServer) -> None:
    SmtpSender(MailServer.parse(f"smtp://127.0.0.1:{server.port}")).send(message(), "j_1")

    (mail,) = server.mails
    assert (mail.sender, mail.recipients) == ("orders@shop.example", ["anna@example.com"])
    parsed = read(mail.data)
    assert parsed["Subject"] == MAIL.subject
    assert parsed["From"] == '"Green, Leaf" <orders@shop.example>'
    assert parsed["Message-ID"] == "<j_1@shop.example>"
    body, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    assert body is not None
    assert html is not None
    assert body.get_content().splitlines() == MAIL.text.splitlines()
    assert html.get_content().strip() == MAIL.html


def test_starttls_and_password_are_used(certificate: ssl.SSLContext) -> None:
    with SmtpServer(tls=certificate, password="geheim").running() as server:
        url = f"smtp://anna:geheim@localhost:{server.port}?starttls=1"
        SmtpSender(MailServer.parse(url)).send(message(), "j_1")
        wrong = f"smtp://anna:wrong@localhost:{server.port}?starttls=1"
        with pytest.raises(smtplib.SMTPAuthenticationError):
            SmtpSender(MailServer.parse(wrong)).send(message(), "j_1")

    (mail,) = server.mails
    assert (mail.encrypted, mail.user) == (True, "anna")


def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for(server: SmtpServer) -> None:
    url = f"smtp://a:b@127.0.0.1:{server.port}?starttls=1"

    with pytest.raises(smtplib.SMTPNotSupportedError):
        SmtpSender(MailServer.parse(url)).send(message(), "j_1")
    assert server.mails == []


@pytest.mark.parametrize(
    "to",
    [
        "anna@example.com\nBcc: all@example.com",
        "anna@example.com\r\n\r\nbuy",
        "a@b, c@d",
        "a@b>",
        "nobody",
        "",
        "änna@example.com",
    ],
)
def test_no_recipient_brings_headers_or_others_along(to: str) -> None:
    with pytest.raises(InvalidInput, match="mail"):
        message(to=to)


def test_no_subject_or_name_brings_headers_along() -> None:
    made = make_message(
        OrderMail("Hello\r\nBcc: all@example.com", "", ""),
        sender="Shop\nBcc: all@example.com <orders@shop.example>",
        to="anna@example.com",
        message_id="j_1",
        at=AT,
    )

    assert read(made.as_bytes()).get_all("Bcc") is None
    assert made["Subject"] == "Hello Bcc: all@example.com"


def test_without_a_server_mails_are_files(tmp_path: Path) -> None:
    sender = FolderSender(tmp_path / "mail")

    for _ in range(2):
        sender.send(message(), "j_1")

    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == "j_1.eml"
    assert file.stat().st_mode & 0o077 == 0
    assert read(file.read_bytes())["To"] == "anna@example.com"
