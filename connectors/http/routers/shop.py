"""The shop itself: what it is called, what one could ask it, whether it is well."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from connectors.examples import examples_for
from connectors.http.parts import in_thread, parts_of
from connectors.http.schemas import Check, Health, Readiness, ShopCard

router = APIRouter(tags=["shop"])
health = APIRouter(tags=["health"])


@router.get("/shop")
async def describe_shop(request: Request) -> ShopCard:
    """Name, currency and language, with a few things to say first."""
    shop = parts_of(request).shop
    profile = shop.profile

    def describe() -> ShopCard:
        return ShopCard(
            name=profile.name,
            currency=profile.currency,
            locale=profile.locale,
            units=profile.units,
            examples=examples_for(shop),
        )

    return await in_thread(describe)


@health.get("/healthz")
async def alive() -> Health:
    """The process answers."""
    return Health()


@health.get(
    "/readyz",
    responses={
        int(HTTPStatus.SERVICE_UNAVAILABLE): {
            "model": Readiness,
            "description": "Something that is needed is missing",
        }
    },
)
async def ready(request: Request, response: Response) -> Readiness:
    """Whether the shop can serve, with a reason for each part."""
    application = parts_of(request)
    checks = await in_thread(application.checks)
    fine = all(check.ok or not check.needed for check in checks)
    if not fine:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return Readiness(
        status="ready" if fine else "not ready",
        checks=[Check(name=one.name, ok=one.ok, detail=one.detail) for one in checks],
    )
