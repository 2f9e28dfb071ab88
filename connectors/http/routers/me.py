"""What the shop keeps of the shopper: all of it as a document, and deleting it."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from connectors.http.changes import IdempotencyKey, run_tool
from connectors.http.errors import SHOPPER_FAILURE
from connectors.http.parts import in_thread, parts_of
from connectors.http.schemas import PathId
from connectors.http.security import SignedIn
from knowledge.privacy.export import export
from knowledge.privacy.forgetting import forget_talk

router = APIRouter(prefix="/me", tags=["shopper"], responses=SHOPPER_FAILURE)


@router.get(
    "/data",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/json": {}}}},
)
async def export_data(request: Request, shopper: SignedIn) -> StreamingResponse:
    """All that is kept of the shopper, as one JSON document; it is written as it is read."""
    pieces = export(parts_of(request).shop, shopper.id)
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"'}
    return StreamingResponse(pieces, media_type="application/json", headers=headers)


@router.delete("/data", status_code=204)
async def delete_data(request: Request, shopper: SignedIn, key: IdempotencyKey = None) -> Response:
    """Ask to delete everything but orders; nothing is deleted by this call alone.

    The answer is a problem with the question, to be answered at `/api/v1/confirmations/{id}`.
    """
    application = parts_of(request)
    arguments = {"action": "forget", "what": "everything"}
    await in_thread(lambda: run_tool(application, shopper, "my_data", arguments, key))
    return Response(status_code=204)  # pragma: no cover - it always asks


@router.delete("/talks/{conversation}", status_code=204)
async def delete_talk(request: Request, conversation: PathId, shopper: SignedIn) -> Response:
    """Delete one conversation with all that was said in it; there is no way back."""
    shop = parts_of(request).shop

    def change() -> None:
        shop.change(lambda work: forget_talk(work, conversation, shopper_id=shopper.id))

    await in_thread(change)
    return Response(status_code=204)
