"""The demo shop at `/`, the API's own reference at `/docs`, their files and pictures."""

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
PICTURES = Path(__file__).parents[3] / "knowledge" / "sample" / "pictures"
_PICTURES = {path.name: path for path in PICTURES.glob("*.svg")}
_PICTURES_CACHING = {"Cache-Control": "public, max-age=86400"}


def _file(name: str) -> FileResponse:
    return _one_of(_FILES, name, _CACHING)


def _one_of(files: Mapping[str, Path], name: str, caching: Mapping[str, str]) -> FileResponse:
    """Answer with a file known by its name; no name is ever taken for a path."""
    path = files.get(name)
    if path is None:
        raise HTTPException(404, "There is no such file.")
    return FileResponse(path, media_type=TYPES[path.suffix], headers=caching)


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


@router.get("/pictures/{name}")
async def picture(name: str) -> Response:
    return _one_of(_PICTURES, name, _PICTURES_CACHING)
