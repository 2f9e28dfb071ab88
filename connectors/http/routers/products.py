"""The catalog: search, one product, categories, recommendations."""

from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request

from connectors.http.changes import run_tool
from connectors.http.errors import SHOPPER_FAILURE, documented
from connectors.http.parts import in_thread, parts_of
from connectors.http.schemas import (
    Categories,
    Category,
    Identifier,
    PathId,
    ProductPage,
    Products,
    Recommendations,
)
from connectors.http.security import SignedIn
from knowledge.catalog.models import DIETS
from knowledge.search.filters import ProductFilter
from knowledge.search.requests import SearchRequest, Sort
from tools.blocks import ProductCard, ProductsBlock
from tools.product_views import card, detail

router = APIRouter(tags=["catalog"])
MOST = 50
DEEPEST = 1000
Kind = Literal[
    "for_you", "goes_with", "similar", "popular", "budget", "health", "sustainability", "deals"
]
Price = Annotated[Decimal, Query(ge=0, lt=10**9, max_digits=12, decimal_places=3)]
Word = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")]
Diets = Annotated[list[Literal[DIETS]], Query(alias="diet")]  # type: ignore[valid-type]
Excluded = Annotated[
    list[Annotated[str, Query(min_length=1, max_length=80, pattern=r"^[^\x00]+$")]],
    Query(alias="exclude"),
]


@router.get("/products")
async def find_products(
    request: Request,
    *,
    q: Word = "",
    category: Word | None = None,
    brand: Word | None = None,
    min_price: Price | None = None,
    max_price: Price | None = None,
    min_rating: Annotated[Decimal | None, Query(ge=0, le=5, decimal_places=2)] = None,
    diets: Diets = [],  # noqa: B006 - FastAPI copies defaults
    exclude: Excluded = [],  # noqa: B006 - FastAPI copies defaults
    in_stock: bool = False,
    sort: Sort = "relevance",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 20,
    offset: Annotated[int, Query(ge=0, le=DEEPEST)] = 0,
) -> Products:
    """Search and browse; without ``q`` everything that the limits leave."""
    shop = parts_of(request).shop
    limits = ProductFilter(
        category=category or None,
        brands=(brand,) if brand else (),
        min_price=min_price,
        max_price=max_price,
        diets=tuple(diets),
        exclude=tuple(exclude),
        min_rating=min_rating,
        in_stock_only=in_stock,
    )

    def find() -> Products:
        found = shop.search.find(
            SearchRequest(query=q, filter=limits, sort=sort, limit=limit, offset=offset)
        )
        ids = [hit.product_id for hit in found.hits]
        with shop.read() as work:
            products = work.catalog.get_many(ids)
            offers = work.pricing.offers()
            cards = [card(product, offers=offers) for product in products.values()]
        return Products(items=cards, total=found.total, offset=offset, loosen=found.loosen)

    return await in_thread(find)


@router.get("/categories")
async def list_categories(request: Request) -> Categories:
    """Category paths with the number of products right in them."""
    shop = parts_of(request).shop

    def read() -> Categories:
        with shop.read() as work:
            return Categories(
                items=[
                    Category(path=" > ".join(found.path), products=found.products)
                    for found in work.catalog.categories()
                ]
            )

    return await in_thread(read)


@router.get("/products/{product:path}", responses=documented(HTTPStatus.NOT_FOUND))
async def read_product(request: Request, product: PathId) -> ProductPage:
    """Everything known of one product; what is unknown is null."""
    shop = parts_of(request).shop

    def read() -> ProductPage:
        with shop.read() as work:
            offers = work.pricing.offers()
            known = detail(work.catalog.get(product), offers=offers).model_dump()
        known["diet_verdicts"] = known.pop("diets")
        return ProductPage(**known.pop("card"), **known)

    return await in_thread(read)


@router.get("/recommendations", responses=SHOPPER_FAILURE)
async def recommend(
    request: Request,
    shopper: SignedIn,
    kind: Kind = "for_you",
    product: Identifier | None = None,
) -> Recommendations:
    """Suggestions, each with its reason; `goes_with` and `similar` may start from a product."""
    application = parts_of(request)
    arguments = {"kind": kind} | ({"product": product} if product else {})

    def ask() -> Recommendations:
        outcome = run_tool(application, shopper, "recommend_products", arguments)
        cards: list[ProductCard] = []
        title, note = "", None
        for block in outcome.blocks:
            if isinstance(block, ProductsBlock):
                cards += block.products
                title, note = title or block.title, note or block.note
        return Recommendations(kind=kind, title=title, items=cards, note=note)

    return await in_thread(ask)
