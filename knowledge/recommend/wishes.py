"""What a shopper must never be offered, and what they would rather have."""

from dataclasses import dataclass

from knowledge.catalog.models import Product
from knowledge.scoring.allergens import check_allergen
from knowledge.scoring.diets import check_diet, diet_name
from knowledge.scoring.food_kind import is_food
from knowledge.scoring.ingredient_lexicon import tokens
from knowledge.search.filters import ProductFilter
from knowledge.shoppers.preferences import ShopperPreferences

# Diets that follow from what is in a product: lost in a swap, somebody may fall ill or be offended.
_STRICT = ("vegan", "vegetarian", "gluten_free", "lactose_free", "nut_free", "halal", "kosher")


@dataclass(frozen=True, slots=True)
class Wishes:
    """A shopper's diets, allergens, dislikes and brands as rules for suggestions."""

    diets: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()

    @classmethod
    def of(cls, preferences: ShopperPreferences) -> "Wishes":
        return cls(
            preferences.diets, preferences.allergens, preferences.dislikes, preferences.brands
        )

    def limits(self, not_ids: frozenset[str] = frozenset()) -> ProductFilter:
        """The exact filter for searches: known to suit, in stock, not among ``not_ids``."""
        return ProductFilter(
            diets=self.diets,
            exclude=(*self.allergens, *self.dislikes),
            in_stock_only=True,
            not_ids=not_ids,
        )

    def allows(self, product: Product) -> bool:
        """Only what is known to suit every diet and to be free of every allergen."""
        return (
            all(check_diet(product, diet).verdict == "yes" for diet in self.diets)
            and all(check_allergen(product, one).verdict == "yes" for one in self.allergens)
            and not self._disliked(product)
        )

    def likes(self, product: Product) -> bool:
        brands = {brand.lower() for brand in self.brands}
        return product.brand is not None and product.brand.lower() in brands

    def _disliked(self, product: Product) -> bool:
        if not self.dislikes:
            return False
        told = f"{product.title} {product.ingredients or ''}"
        words = f" {' '.join(tokens(told))} "
        return any(
            f" {dislike} " in words or f" {dislike}s " in words
            for dislike in (" ".join(tokens(text)) for text in self.dislikes)
        )


def kept_diets(product: Product) -> tuple[str, ...]:
    """What a replacement must suit as well: strict diets, and all that its maker declared."""
    if not is_food(product):
        return product.diets
    strict = (diet for diet in _STRICT if check_diet(product, diet).verdict == "yes")
    return tuple(dict.fromkeys((*strict, *product.diets)))


def keeps_diets(original: tuple[str, ...], product: Product) -> bool:
    return all(check_diet(product, diet).verdict == "yes" for diet in original)


def named_diets(product: Product) -> tuple[str, ...]:
    """Diets in the product's very name ("Gluten Free Penne"): what goes with it keeps them."""
    words = " ".join(tokens(product.title))
    names = ("vegan", "vegetarian", "gluten free", "lactose free", "nut free", "halal", "kosher")
    found = (diet_name(name) for name in names if name in words)
    return tuple(diet for diet in found if diet is not None)
