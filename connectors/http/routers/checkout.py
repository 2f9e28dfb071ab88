"""Addresses, slots and the checkout: what an order needs before it is asked for."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request

from connectors.http.checkout_schemas import (
    AddressRequest,
    Checkout,
    CheckoutRequest,
    OpenSlots,
    SavedAddress,
    SavedAddresses,
)
from connectors.http.errors import SHOPPER_FAILURE
from connectors.http.parts import in_thread, parts_of
from connectors.http.schemas import PathId
from connectors.http.security import SignedIn
from knowledge.carts.models import Actor
from knowledge.errors import Conflict, SmartCartError
from knowledge.fulfilment.address_text import read_address
from knowledge.fulfilment.checkout import Said, Step, go_on, look_at
from knowledge.fulfilment.contacts import read_contact
from knowledge.fulfilment.models import Address, PlainAddress
from knowledge.orders.questions import ask_to_order
from knowledge.work import Work
from tools.blocks import ConfirmationView, Option
from tools.commerce_views import confirmation_view, slot_view, totals_view

router = APIRouter(tags=["checkout"], responses=SHOPPER_FAILURE)


@router.get("/addresses")
async def list_addresses(request: Request, shopper: SignedIn) -> SavedAddresses:
    """The shopper's own addresses, those used last first."""
    shop = parts_of(request).shop

    def read() -> SavedAddresses:
        with shop.read() as work:
            saved = work.addresses.of(shopper.id)
            return SavedAddresses(items=[_address(work, one) for one in saved])

    return await in_thread(read)


@router.put("/addresses/{name}")
async def save_address(
    request: Request, name: PathId, wanted: AddressRequest, shopper: SignedIn
) -> SavedAddress:
    """Save an address under a name such as home, or replace the one that has it."""
    shop = parts_of(request).shop

    def save(work: Work) -> SavedAddress:
        saved = work.addresses.save(shopper.id, name, _place(wanted, work.profile.country))
        return _address(work, saved)

    return await in_thread(lambda: shop.change(save))


@router.delete("/addresses/{name}", status_code=204)
async def remove_address(request: Request, name: PathId, shopper: SignedIn) -> None:
    """Forget an address. Orders keep where they went to."""
    shop = parts_of(request).shop
    await in_thread(lambda: shop.change(lambda work: work.addresses.remove(shopper.id, name)))


@router.get("/slots")
async def list_slots(
    request: Request,
    shopper: SignedIn,
    fulfilment: Literal["pickup", "delivery"] = "delivery",
    postal_code: Annotated[
        str | None, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]{1,9}$", description="Where to.")
    ] = None,
) -> OpenSlots:
    """The slots that can still be chosen, the earliest first."""
    del shopper
    shop = parts_of(request).shop

    def read() -> OpenSlots:
        with shop.read() as work:
            zone = None
            if fulfilment == "delivery" and postal_code is not None:
                zone = work.zones.zone_for(postal_code)
            found = work.slots.upcoming(fulfilment, zone_id=zone.id if zone else None)
            return OpenSlots(
                zone=zone.name if zone else None,
                items=[slot_view(slot, work.profile) for slot in found],
            )

    return await in_thread(read)


@router.get("/checkout")
async def read_checkout(request: Request, shopper: SignedIn) -> Checkout:
    """What is said so far, and what is still missing."""
    shop = parts_of(request).shop

    def read() -> Checkout:
        with shop.read() as work:
            step = look_at(work, cart_id=shopper.cart_id, shopper_id=shopper.id)
            return _checkout(work, shopper.cart_id, step)

    return await in_thread(read)


@router.put("/checkout")
async def continue_checkout(
    request: Request, wanted: CheckoutRequest, shopper: SignedIn
) -> Checkout:
    """Say how, where and when; what cannot be used is asked again."""
    shop = parts_of(request).shop
    said = Said(wanted.fulfilment, wanted.address, wanted.slot, wanted.contact)

    def change(work: Work) -> Checkout:
        step = go_on(work, cart_id=shopper.cart_id, shopper_id=shopper.id, said=said)
        return _checkout(work, shopper.cart_id, step)

    return await in_thread(lambda: shop.change(change))


@router.post("/checkout")
async def finish_checkout(request: Request, shopper: SignedIn) -> ConfirmationView:
    """Freeze the order and ask; answer at `/confirmations/{id}`. Nothing is ordered before."""
    shop = parts_of(request).shop

    def ask(work: Work) -> ConfirmationView:
        step = go_on(work, cart_id=shopper.cart_id, shopper_id=shopper.id)
        if step.question is not None:
            raise Conflict(f"{step.note} {step.question.text}".strip())
        asked = ask_to_order(
            work,
            cart_id=shopper.cart_id,
            actor=Actor(shopper.id, "web"),
            conversation_id=None,
            fulfilment=step.fulfilment,
            reference=step.reference(),
        )
        return confirmation_view(asked)

    return await in_thread(lambda: shop.change(ask))


def _place(wanted: AddressRequest, country: str) -> PlainAddress:
    """Raises ``InvalidInput`` that says what an address or a phone number lacks."""
    phone = read_contact(wanted.phone, country=country).phone if wanted.phone else None
    if wanted.text is not None:
        read = read_address(wanted.text, country=wanted.country or country).place
        return PlainAddress(
            read.lines, read.postal_code, read.city, read.country, read.region, phone
        )
    return PlainAddress(
        lines=tuple(wanted.lines or ()),
        postal_code=" ".join((wanted.postal_code or "").upper().split()),
        city=wanted.city or "",
        country=wanted.country or country,
        region=wanted.region,
        phone=phone,
    )


def _address(work: Work, saved: Address) -> SavedAddress:
    place = saved.place
    try:
        work.zones.zone_for(place.postal_code, place.country)
        delivered = True
    except SmartCartError:
        delivered = False
    return SavedAddress(
        name=saved.name,
        lines=list(place.lines),
        postal_code=place.postal_code,
        city=place.city,
        region=place.region,
        country=place.country,
        phone=place.phone,
        short=saved.short,
        delivered=delivered,
    )


def _checkout(work: Work, cart_id: str, step: Step) -> Checkout:
    charges = work.destinations.charges(step.fulfilment, step.zone, step.slot)
    quote = work.pricing.quote(work.carts.get(cart_id), step.fulfilment, charges=charges)
    question = step.question
    return Checkout(
        fulfilment=step.fulfilment,
        address=step.address.name if step.address else None,
        address_short=step.address.short if step.address else None,
        zone=step.zone.name if step.zone else None,
        slot=slot_view(step.slot, work.profile) if step.slot else None,
        contact=step.contact.masked or None,
        missing=question.missing if question else None,
        question=f"{step.note} {question.text}".strip() if question else None,
        choices=[
            Option(label=one.label, value=one.value)
            for one in (question.choices if question else ())
        ],
        totals=totals_view(quote.totals),
        currency=quote.currency,
    )
