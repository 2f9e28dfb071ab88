from email import message_from_bytes, policy
from pathlib import Path

from connectors.mail.owner_mails import OwnerMails
from connectors.settings import Settings
from tests.fixed_clock import FixedClock


def test_the_owner_is_told_at_the_shops_own_address(tmp_path: Path, clock: FixedClock) -> None:
    settings = Settings(
        _env_file=None, data_dir=tmp_path, mail_from="Greenleaf, Market <hello@greenleaf.example>"
    )

    OwnerMails(settings, clock).send(
        {
            "job_id": "j1",
            "subject": "A shopper asks\r\nBcc: x@example.com",
            "text": "Reason: <b>eggs</b>\nCart: empty",
        }
    )

    (file,) = (tmp_path / "mail").iterdir()
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["To"] == "hello@greenleaf.example"
    assert mail["Subject"] == "A shopper asks Bcc: x@example.com"
    assert mail["Bcc"] is None
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == ["Reason: <b>eggs</b>", "Cart: empty"]
    assert "&lt;b&gt;eggs" in html.get_content()
