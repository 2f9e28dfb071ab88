"""Anonymous sessions: the token that everything else asks for."""

from http import HTTPStatus

from fastapi import APIRouter, Request

from connectors.http.parts import in_thread, parts_of
from connectors.http.schemas import Session, SessionRequest

router = APIRouter(tags=["sessions"])


@router.post("/sessions", status_code=HTTPStatus.CREATED)
async def open_session(request: Request, wanted: SessionRequest | None = None) -> Session:
    """Begin as a new anonymous shopper with an empty cart."""
    del wanted
    shop = parts_of(request).shop

    def create() -> Session:
        with shop.write() as work:
            shopper = work.shoppers.create_anonymous("web")
            token, expires_at = work.shoppers.issue_token(shopper.id, "web")
        return Session(token=token, shopper_id=shopper.id, expires_at=expires_at)

    return await in_thread(create)
