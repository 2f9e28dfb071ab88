"""What a shop runs on, in words for people; never a secret."""

from pathlib import Path
from urllib.parse import urlsplit

from connectors.settings import Settings


def model_in_words(settings: Settings) -> str:
    return settings.models.in_words()


def database_in_words(settings: Settings) -> str:
    address = settings.database_address
    if address.startswith("sqlite"):
        path = Path(address.partition(":///")[2])
        return (
            f"SQLite, {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}"
        )
    place = urlsplit(address)
    return f"PostgreSQL, {place.hostname or 'local socket'}{place.path}"
