"""The demo shop at `/`, the API's own reference at `/docs`, and their files."""

from collections.abc import Mapping
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response
from starlette.exceptions import HTTPException

router = APIRouter(include_in_schema=False)
FOLDER = Path(__file__).parents[2] / "page"
TYPES: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FILES = {path.name: path for path in FOLDER.iterdir() if path.suffix in TYPES}
# Small files that change with a release: ask each time, and answer 304 when they did not.
_CACHING = {"Cache-Control": "no-cache"}


def _file(name: str) -> FileResponse:
    path = _FILES.get(name)
    if path is None:
        raise HTTPException(404, "There is no such file.")
    return FileResponse(path, media_type=TYPES[path.suffix], headers=_CACHING)


@router.get("/")
async def page() -> Response:
    return _file("index.html")


@router.get("/docs")
async def docs() -> Response:
    return _file("docs.html")


@router.get("/favicon.ico")
async def favicon() -> Response:
    return _file("favicon.svg")


@router.get("/page/{name}")
async def file(name: str) -> Response:
    return _file(name)
