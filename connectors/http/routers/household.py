"""Whom a shopper buys for: members of the household with their diets and allergens."""

from collections.abc import Sequence

from fastapi import APIRouter, Request

from connectors.http.errors import SHOPPER_FAILURE
from connectors.http.parts import in_thread, parts_of
from connectors.http.schemas import Household, HouseholdMember, MemberRequest, PathId
from connectors.http.security import SignedIn
from knowledge.shoppers.members import Member
from knowledge.work import Work

router = APIRouter(prefix="/household", tags=["shopper"], responses=SHOPPER_FAILURE)


@router.get("")
async def read_household(request: Request, shopper: SignedIn) -> Household:
    """Everybody the shopper has told of, in the order of their names."""
    shop = parts_of(request).shop

    def read() -> Household:
        with shop.read() as work:
            return _household(work, shopper.id)

    return await in_thread(read)


@router.get("/{name}")
async def read_member(request: Request, name: PathId, shopper: SignedIn) -> Household:
    """Whom a name means; a group such as kids may be several."""
    shop = parts_of(request).shop

    def read() -> Household:
        with shop.read() as work:
            return _shown(work.household.get(shopper.id, name))

    return await in_thread(read)


@router.put("/{name}")
async def set_member(
    request: Request, name: PathId, wanted: MemberRequest, shopper: SignedIn
) -> Household:
    """Make a member, or replace each kind that is given of what is known of one."""
    shop = parts_of(request).shop

    def change(work: Work) -> Household:
        work.household.set(
            shopper.id,
            name,
            diets=wanted.diets,
            allergens=wanted.allergens,
            channel="web",
            replace_all=True,
        )
        return _household(work, shopper.id)

    return await in_thread(lambda: shop.change(change))


@router.delete("/{name}")
async def forget_member(request: Request, name: PathId, shopper: SignedIn) -> Household:
    """Forget a member; undo brings it back."""
    shop = parts_of(request).shop

    def change(work: Work) -> Household:
        work.household.remove(shopper.id, name, channel="web")
        return _household(work, shopper.id)

    return await in_thread(lambda: shop.change(change))


def _household(work: Work, shopper_id: str) -> Household:
    return _shown(work.household.members(shopper_id))


def _shown(members: Sequence[Member]) -> Household:
    return Household(
        items=[
            HouseholdMember(name=one.name, diets=list(one.diets), allergens=list(one.allergens))
            for one in members
        ]
    )
