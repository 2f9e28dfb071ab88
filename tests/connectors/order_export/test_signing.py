from datetime import UTC, datetime

import pytest

from connectors.order_export.signing import read_secret, signed_headers
from knowledge.errors import InvalidInput


def test_the_example_of_the_specification_comes_out() -> None:
    # From the reference implementations of Standard Webhooks.
    key = read_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    headers = signed_headers(
        key,
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=datetime.fromtimestamp(1614265330, UTC),
        body=b'{"test": 2432232314}',
    )

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize(
    "secret", ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_geheim", "whsec_Z2VoZWlt", "whsec_"]
)
def test_a_secret_that_is_none_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(InvalidInput, match="24 to 64 bytes") as caught:
        read_secret(secret)
    assert "geheim" not in str(caught.value)
