"""`/metrics`, for Prometheus: with a token, or from this machine alone."""

import ipaddress
import secrets

from fastapi import APIRouter, Request, Response

from connectors.http.parts import in_thread, parts_of
from connectors.metrics import CONTENT_TYPE
from connectors.settings import Settings
from knowledge.errors import NotFound, Unauthenticated

# Read by machines that are told of it in docs/insight.md; no part of the API of the shop.
router = APIRouter(include_in_schema=False)
_FORWARDED = ("forwarded", "x-forwarded-for", "via", "x-real-ip")


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    parts = parts_of(request)
    _check(request, parts.settings)
    return Response(await in_thread(parts.metrics.render), media_type=CONTENT_TYPE)


def _check(request: Request, settings: Settings) -> None:
    if settings.metrics_token is None:
        if not _from_here(request):
            raise NotFound("There is no such page.")
        return
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    expected = settings.metrics_token.get_secret_value().encode()
    if kind.lower() != "bearer" or not secrets.compare_digest(token.encode(), expected):
        raise Unauthenticated("Send the token of SMARTCART_METRICS_TOKEN as a bearer.")


def _from_here(request: Request) -> bool:
    """A proxy on this machine brings others' requests: what was forwarded is from elsewhere."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
