"""What would be, thresholds, lists and names of occasions: what may be said, and what may not."""

import pytest

from tests.assistant.grounding.measuring import why_stopped

RIGHT = (
    ("checkout", "Two more oat drinks would cost another $4.98."),
    ("checkout", "With only two oat drinks, the cart would come to $32.03."),
    ("checkout", "You could leave out the spaghetti. That would bring it down to $31.03."),
    ("checkout", "The mince makes up about 49% of the cart."),
    ("breakfast", "Son 24,75 $, así que no cabe en tus 18 $."),
    ("chili", "The sour cream is optional. Leave it out and you save $2.79."),
    ("policies", "Delivery is free when the order is $60 or more."),
    ("bars", "Noch zwei Peanut Crunch wären 4,98 $ mehr."),
    ("allergies", "The oat bread and the seeded loaf are both vegan."),
    ("offers", "Gluten free chips: Sea Salt and Salt & Vinegar."),
    ("nothing", "Is it for Mother's Day?"),
    ("greener", "Mit dem Podling Linsenhack sparst du 1,50 $."),
)
WRONG = (
    ("checkout", "Two more oat drinks would cost another $7.47."),
    ("checkout", "With only two oat drinks, the cart would come to $29.54."),
    ("checkout", "You could leave out the spaghetti. That would bring it down to $27.05."),
    ("checkout", "The mince makes up about 60% of the cart."),
    ("breakfast", "No cabe en tus 20 $."),
    ("chili", "The sour cream is optional. Leave it out and you save $1.29."),
    ("policies", "Delivery is free when the order is $25 or more."),
    ("allergies", "The white loaf ($6.49), the oat bread ($7.29) and the baguette are all vegan."),
    ("allergies", "Vom Bananenbrot rate ich ab, es enthält keine Walnüsse."),
    ("offers", "Vegan chips: Sea Salt, Paprika and Ridged."),
    ("offers", "Your Sea Salt chips fall under the 4 for $5.50 deal."),
    (
        "offers",
        "| Sea Salt chips | $1.08 |\n| Toilet paper | $2.00 |\n| **Together** | **$4.08** |",
    ),
    ("nothing", "We have the Burns Night for $4.99."),
    ("greener", "Podling Linsenmilch kostet 4,49 $."),
)


@pytest.mark.parametrize(("talk", "answer"), RIGHT)
def test_what_follows_from_what_is_known_may_be_said(talk: str, answer: str) -> None:
    assert why_stopped(talk, answer) is None


@pytest.mark.parametrize(("talk", "answer"), WRONG)
def test_what_does_not_follow_is_stopped(talk: str, answer: str) -> None:
    assert why_stopped(talk, answer) is not None
