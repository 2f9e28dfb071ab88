import pytest

from connectors.mail.mail_server import MailServer
from knowledge.errors import InvalidInput


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost", MailServer("localhost", 25, None, None, "none")),
        (
            "smtp://anna%40shop:p%3Ass@mail.example?starttls=1",
            MailServer("mail.example", 587, "anna@shop", "p:ss", "starttls"),
        ),
        ("smtps://a:b@mail.example", MailServer("mail.example", 465, "a", "b", "implicit")),
        ("smtp://a:b@127.0.0.1:2525", MailServer("127.0.0.1", 2525, "a", "b", "none")),
    ],
)
def test_an_address_says_where_who_and_how(url: str, server: MailServer) -> None:
    assert MailServer.parse(url) == server


def test_no_password_is_sent_in_the_clear() -> None:
    with pytest.raises(InvalidInput, match="no encryption") as caught:
        MailServer.parse("smtp://anna:geheim@mail.example")
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "mail.example:25"])
def test_what_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="should be smtp://"):
        MailServer.parse(url)


def test_nothing_of_a_password_is_said_where_a_slash_ends_the_address() -> None:
    with pytest.raises(InvalidInput, match="percent-encoded") as caught:
        MailServer.parse("smtps://anna:zxq/heim@mail.example")
    assert "zxq" not in str(caught.value)
