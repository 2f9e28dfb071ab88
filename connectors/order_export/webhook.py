"""The job that tells the owner's system of an order event."""

import json
from typing import Any

from connectors.order_export.signing import read_secret, signed_headers
from connectors.settings import Settings
from knowledge.errors import Unavailable
from knowledge.ports import Clock

_TIMEOUT_SECONDS = 15


class OrderWebhook:
    """Posts each event until it is taken; the id of the event stays the same."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._clock = clock
        url = settings.order_webhook_url
        self._url = url.get_secret_value() if url else None
        secret = settings.order_webhook_secret
        self._key = read_secret(secret.get_secret_value()) if secret else b""

    def tell(self, payload: dict[str, Any]) -> None:
        """Raises ``Unavailable`` unless the answer is 2xx; a redirect is not followed."""
        if self._url is None:
            return
        import httpx  # noqa: PLC0415 - heavy

        event = {key: value for key, value in payload.items() if key != "job_id"}
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        headers = signed_headers(
            self._key, message_id=payload["job_id"], at=self._clock.now(), body=body
        )
        try:
            # What it answers with besides the status is left unread, however long it is.
            with httpx.stream(
                "POST",
                self._url,
                content=body,
                headers={**headers, "content-type": "application/json"},
                timeout=_TIMEOUT_SECONDS,
                follow_redirects=False,
            ) as answer:
                status, taken = answer.status_code, answer.is_success
        except httpx.HTTPError as error:
            message = f"The order webhook cannot be reached: {type(error).__name__}."
            raise Unavailable(message) from error
        if not taken:
            raise Unavailable(f"The order webhook answered {status}.")
