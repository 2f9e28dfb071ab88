"""Asks Open Food Facts what it knows of a barcode.

Its data is under the Open Database Licence: whoever shows it names the source. Nobody vouches for
it, so it never says that something is free of an allergen.
"""

import time
from collections import deque
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from knowledge.errors import Unavailable

if TYPE_CHECKING:
    import httpx

DEFAULT_URL = "https://world.openfoodfacts.org"
SOURCE = "open_food_facts"
READS_PER_MINUTE = 100
_FIELDS = (
    "code", "ingredients_text", "ingredients_text_en", "allergens_tags", "traces_tags",
    "labels_tags", "nutriments", "nutriscore_grade", "nova_group", "origins_tags", "packagings",
    "ecoscore_grade", "ecoscore_data", "environmental_score_grade", "environmental_score_data",
)  # fmt: skip
_ALLERGENS = {
    "gluten": "gluten", "crustaceans": "crustaceans", "eggs": "eggs", "fish": "fish",
    "peanuts": "peanuts", "soybeans": "soy", "milk": "milk", "nuts": "nuts", "celery": "celery",
    "mustard": "mustard", "sesame-seeds": "sesame", "lupin": "lupin", "molluscs": "molluscs",
    "sulphur-dioxide-and-sulphites": "sulphites",
}  # fmt: skip
# Not gluten-free and the like: who is allergic must not depend on what a passer-by typed.
_DIETS = {
    "vegan": "vegan", "vegetarian": "vegetarian", "organic": "organic", "halal": "halal",
    "kosher": "kosher", "fair-trade": "fair_trade",
}  # fmt: skip
_NUTRIENTS = {
    "energy_kcal": "energy-kcal", "fat": "fat", "saturated_fat": "saturated-fat",
    "carbohydrates": "carbohydrates", "sugars": "sugars", "fiber": "fiber", "protein": "proteins",
    "salt": "salt",
}  # fmt: skip
_KJ_PER_KCAL = Decimal("4.184")
_GRADES = frozenset("abcde")
_ENGLISH = "en:"
_MOST_LABELS = 12
_MINUTE = 60.0
_TOO_MANY = 429
_NOT_FOUND = 404


class OpenFoodFacts:
    """Keeps to the limit of its API by waiting; not thread-safe."""

    source = SOURCE

    def __init__(
        self,
        *,
        contact: str,
        base_url: str = DEFAULT_URL,
        per_minute: int = READS_PER_MINUTE,
        timeout_seconds: float = 15.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = base_url.rstrip("/")
        self._agent = f"SmartCart/0.1 ({contact})"
        self._per_minute = per_minute
        self._timeout = timeout_seconds
        self._sleep = sleep
        self._asked: deque[float] = deque(maxlen=per_minute)

    def find(self, gtin: str) -> Mapping[str, Any] | None:
        """Facts by our names, and its own grades beside them. Raises ``Unavailable``."""
        self._wait()
        answer = self._ask(gtin)
        if answer.status_code == _TOO_MANY:
            raise Unavailable("Open Food Facts was asked too often; go on in some minutes.")
        if answer.status_code != _NOT_FOUND and not answer.is_success:
            raise Unavailable(f"Open Food Facts answered {answer.status_code}.")
        try:
            document = answer.json()
        except ValueError as error:
            raise Unavailable("Open Food Facts did not answer in JSON.") from error
        product = document.get("product") if isinstance(document, dict) else None
        if not isinstance(product, dict) or document.get("status") == 0:
            return None
        return facts_of(product)

    def _ask(self, gtin: str) -> "httpx.Response":
        import httpx  # noqa: PLC0415 - heavy

        try:
            return httpx.get(
                f"{self._url}/api/v2/product/{gtin}",
                params={"fields": ",".join(_FIELDS)},
                headers={"User-Agent": self._agent},
                timeout=self._timeout,
            )
        except httpx.HTTPError as error:
            reason = type(error).__name__
            raise Unavailable(f"Open Food Facts cannot be reached: {reason}.") from error

    def _wait(self) -> None:
        """Not more reads than allowed within any minute."""
        if len(self._asked) == self._per_minute:
            early = _MINUTE - (time.monotonic() - self._asked[0])
            if early > 0:
                self._sleep(early)
        self._asked.append(time.monotonic())


def facts_of(product: Mapping[str, Any]) -> dict[str, Any]:
    """What one product document says, as JSON. What it does not say is not in it."""
    ingredients = _text(product.get("ingredients_text_en")) or _text(
        product.get("ingredients_text")
    )
    found: dict[str, Any] = {
        "ingredients": ingredients,
        # Without ingredients nobody has read the pack; what is listed may be half of it.
        "allergens": _allergens(product.get("allergens_tags")) if ingredients else None,
        "traces": _allergens(product.get("traces_tags")),
        "labels": [_words(tag) for tag in _tags(product.get("labels_tags"))[:_MOST_LABELS]],
        "diets": [
            _DIETS[tag] for tag in _tags(product.get("labels_tags"), bare=True) if tag in _DIETS
        ],
        "nutrition": _nutrition(product.get("nutriments")),
        "origin": ", ".join(_words(tag) for tag in _tags(product.get("origins_tags"))),
        "packaging": _packaging(product.get("packagings")),
        "carbon_kg_per_kg": _carbon(product),
        "nutri_score": _grade(product.get("nutriscore_grade")),
        "green_score": _grade(product.get("environmental_score_grade"))
        or _grade(product.get("ecoscore_grade")),
        "attributes.nova_group": _nova(product.get("nova_group")),
    }
    return {name: value for name, value in found.items() if value}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _tags(value: object, *, bare: bool = False) -> list[str]:
    """The English ones of a list of tags; others are words nobody has sorted yet."""
    tags = [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
    english = [tag for tag in tags if tag.startswith(_ENGLISH)]
    return [tag.removeprefix(_ENGLISH) for tag in english] if bare else english


def _words(tag: str) -> str:
    return tag.removeprefix(_ENGLISH).replace("-", " ").capitalize()


def _allergens(value: object) -> list[str] | None:
    """None for an empty list, which means that nobody said, and for tags nobody has sorted."""
    tags = value if isinstance(value, list) else []
    if not tags or not all(isinstance(tag, str) and tag.startswith(_ENGLISH) for tag in tags):
        return None
    found = [_ALLERGENS.get(tag.removeprefix(_ENGLISH)) for tag in tags]
    return sorted({one for one in found if one}) or None


def _nutrition(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    found = {ours: _number(value.get(f"{theirs}_100g")) for ours, theirs in _NUTRIENTS.items()}
    if found["energy_kcal"] is None:
        kilojoules = _number(value.get("energy-kj_100g")) or _number(value.get("energy_100g"))
        if kilojoules is not None:
            found["energy_kcal"] = round(kilojoules / _KJ_PER_KCAL, 1)
    return {name: f"{amount:f}" for name, amount in found.items() if amount is not None}


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None


def _packaging(value: object) -> list[str]:
    parts = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    materials = (_material(part.get("material")) for part in parts)
    return list(dict.fromkeys(one for one in materials if one))


def _material(value: object) -> str:
    """In the documents of v2 a tag, in some of them an object with one."""
    tag = value.get("id") if isinstance(value, dict) else value
    return _words(tag).lower() if isinstance(tag, str) and tag.startswith(_ENGLISH) else ""


def _carbon(product: Mapping[str, Any]) -> str | None:
    for name in ("environmental_score_data", "ecoscore_data"):
        data = product.get(name)
        foods = data.get("agribalyse") if isinstance(data, dict) else None
        amount = _number(foods.get("co2_total")) if isinstance(foods, dict) else None
        if amount:
            return f"{amount:f}"
    return None


def _grade(value: object) -> str | None:
    """Grades can be "unknown" and "not-applicable", too."""
    letter = value.lower().removesuffix("-plus") if isinstance(value, str) else ""
    return letter.upper() if letter in _GRADES else None


def _nova(value: object) -> str | None:
    number = _number(value)
    return str(int(number)) if number in {1, 2, 3, 4} else None
