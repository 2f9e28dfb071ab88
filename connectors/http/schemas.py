"""What requests may hold and what answers are made of, besides the views of `tools.blocks`."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from tools.blocks import Block, ConfirmationView, DietVerdict, Option, ProductCard, ScoreItem
from tools.order_shapes import OrderView
from tools.view import Fact

# PostgreSQL keeps no NUL in text, and nothing a person types has one.
_TEXT = r"^[^\x00]*[^\s\x00][^\x00]*$"
_NAME = r"^[^\x00-\x1f\x7f]+$"

Identifier = Annotated[str, Field(min_length=1, max_length=128, pattern=_NAME)]
PathId = Annotated[str, Path(min_length=1, max_length=128, pattern=_NAME)]


def _decimal_schema(*, whole: int, least: int = 1) -> WithJsonSchema:
    """Describe a decimal as clients should send it: a string, or an integer."""
    not_zero = r"(?!0*(\.0*)?$)" if least else ""
    most = 10**whole - 1
    return WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": rf"^{not_zero}[0-9]{{1,{whole}}}(\.[0-9]{{1,2}})?$"},
                {"type": "integer", "minimum": least, "maximum": most},
            ]
        }
    )


Quantity = Annotated[
    Decimal,
    Field(gt=0, lt=10_000, max_digits=8, decimal_places=3, description="Pieces, kg or l."),
    _decimal_schema(whole=4),
]
Amount = Annotated[
    Decimal, Field(gt=0, lt=10**9, max_digits=12, decimal_places=3), _decimal_schema(whole=9)
]
Words = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=80, pattern=_TEXT)]], Field(max_length=30)
]


class Request(BaseModel):
    """Unknown fields are errors: a misspelt one must not be ignored in silence."""

    model_config = ConfigDict(extra="forbid")


class Response(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SessionRequest(Request):
    """Nothing is asked of an anonymous shopper."""


class Session(Response):
    token: str
    shopper_id: str
    expires_at: datetime


class ConfirmationDecision(Request):
    answer: Literal["yes", "no"]


class ConfirmationInMessage(ConfirmationDecision):
    id: Identifier


class MessageRequest(Request):
    """A repeated ``message_id`` gets the first answer and changes nothing again."""

    text: Annotated[str, Field(min_length=1, max_length=4000, pattern=_TEXT)]
    conversation_id: Identifier | None = None
    message_id: Identifier | None = None
    confirmation: ConfirmationInMessage | None = None


class CartItem(Request):
    product: Identifier
    quantity: Quantity = Decimal(1)
    for_: Annotated[
        Words | None, Field(alias="for", description="Members of the household it is for.")
    ] = None


class ListEntry(Request):
    product: Identifier
    quantity: Quantity = Decimal(1)


class LineChangeRequest(Request):
    """What is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    quantity: (
        Annotated[
            Decimal,
            Field(ge=0, lt=10_000, max_digits=8, decimal_places=3, description="0 removes."),
            _decimal_schema(whole=4, least=0),
        ]
        | None
    ) = None
    substitution: Annotated[
        Literal["similar", "ask", "none"] | None, Field(description="When it has run out.")
    ] = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            message = "give quantity or substitution"
            raise ValueError(message)
        return self


class BudgetRequest(Request):
    """``amount`` null takes the budget away."""

    amount: Amount | None
    period: Literal["trip", "week", "month"] = "week"
    rule: Literal["tell", "ask", "refuse"] | None = None


class PreferencesRequest(Request):
    """Each list that is given takes the place of what was known of it."""

    diets: Words | None = None
    allergens: Words | None = None
    dislikes: Words | None = None
    brands: Words | None = None
    sustainability: Literal["low", "medium", "high"] | None = None


class Preferences(Response):
    diets: list[str]
    allergens: list[str]
    dislikes: list[str]
    brands: list[str]
    sustainability: str | None


class MemberRequest(Request):
    """Each list that is given takes the place of what was known of it."""

    diets: Words | None = None
    allergens: Words | None = None


class HouseholdMember(Response):
    name: str
    diets: list[str]
    allergens: list[str]


class Household(Response):
    items: list[HouseholdMember]


class ListRequest(Request):
    """``items`` left out: what the cart holds. ``name`` renames."""

    items: Annotated[list[ListEntry], Field(max_length=200)] | None = None
    name: Annotated[str, Field(min_length=1, max_length=60, pattern=_TEXT)] | None = None


class ListedProduct(Response):
    product: str
    title: str
    quantity: str
    sold: bool
    in_stock: bool


class SavedList(Response):
    """``usual``: worked out from past orders, and not to be written."""

    name: str
    usual: bool
    items: list[ListedProduct]


class SavedLists(Response):
    items: list[SavedList]


class Products(Response):
    """``total`` counts all that fit; ``loosen`` says which limit to drop when few do."""

    items: list[ProductCard]
    total: int
    offset: int
    loosen: str | None = None


class ProductPage(ProductCard):
    """A card with everything else that is known; what is unknown is null."""

    description: str | None
    ingredients: str | None
    allergens: list[str] | None
    traces: list[str] | None
    nutrition: dict[str, str | None] | None
    labels: list[str]
    origin: str | None
    packaging: list[str]
    diet_verdicts: list[DietVerdict]
    sustainability: ScoreItem | None
    facts: list[Fact]


class Category(Response):
    path: str
    products: int


class Categories(Response):
    items: list[Category]


class Recommendations(Response):
    kind: str
    title: str
    items: list[ProductCard]
    note: str | None = None


class Orders(Response):
    items: list[OrderView]


Reason = Annotated[str, Field(min_length=1, max_length=500, pattern=_TEXT)]


class CancelRequest(Request):
    """``change`` puts the products back into the cart."""

    change: bool = False
    reason: Reason | None = None


class ReturnedItem(Request):
    """``quantity`` left out is all of it."""

    product: Identifier
    quantity: Quantity | None = None


class ReturnRequest(Request):
    """``items`` left out is all of the order."""

    items: Annotated[list[ReturnedItem], Field(min_length=1, max_length=40)] | None = None
    reason: Reason | None = None


class Decision(Response):
    """What came of an answer to a confirmation."""

    outcome: str
    text: str
    order: OrderView | None = None
    confirmation: ConfirmationView | None = None
    """Asked anew, because what was shown is no longer what would happen."""
    choices: Annotated[list[Option], Field(exclude_if=lambda some: not some)] = []
    """What can be said instead, as when a slot was taken meanwhile."""


class ConfirmationState(Response):
    id: str
    action: str
    text: str
    expires_at: str
    status: str


class ConversationSummary(Response):
    id: str
    title: str | None
    channel: str
    created_at: datetime
    updated_at: datetime


class Conversations(Response):
    items: list[ConversationSummary]


class PastTurn(Response):
    id: str
    user: str
    text: str
    blocks: list[Block]
    at: datetime


class Conversation(ConversationSummary):
    """``confirmation`` is the question that still waits for an answer."""

    turns: list[PastTurn]
    confirmation: ConfirmationView | None


class ShopCard(Response):
    """What a page needs to know of the shop. ``examples`` are things one could say first."""

    name: str
    currency: str
    locale: str
    units: str
    examples: list[str]


class Health(Response):
    status: Literal["ok"] = "ok"


class Check(Response):
    name: str
    ok: bool
    detail: str


class Readiness(Response):
    status: Literal["ready", "not ready"]
    checks: list[Check]


class Cancelled(Response):
    run_id: str
    cancelled: bool


class RecipeCard(Response):
    """A recipe as a list shows it."""

    id: str
    title: str
    kind: Literal["recipe", "occasion"]
    servings: int
    minutes: int | None
    diets: list[str]
    tags: list[str]


class Recipes(Response):
    items: list[RecipeCard]


class RecipePage(RecipeCard):
    """Ingredients with their amounts for ``servings``."""

    ingredients: list[Fact]
    steps: list[str]
