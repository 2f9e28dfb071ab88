"""Short forms of acts, for tables of sentences: "add 2 x #2", "search pasta diets=gluten_free"."""

from assistant.offline.acts import Act, Item, Limits, Reference, plain


def short(act: Act) -> str:
    parts = [act.kind]
    parts += [", ".join(_item(item) for item in act.items)] if act.items else []
    parts += [_limits(act.limits)] if act.limits else []
    parts += [f"money={plain(act.money)}"] if act.money is not None else []
    parts += [f"period={act.period}"] if act.period else []
    parts += [f"count={plain(act.count)}"] if act.count is not None else []
    parts += [f"choice={act.choice}"] if act.choice else []
    parts += [f"diets={'+'.join(act.terms)}"] if act.terms else []
    parts += [f"allergens={'+'.join(act.allergens)}"] if act.allergens else []
    return " ".join(part for part in parts if part)


def _item(item: Item) -> str:
    parts = []
    if item.quantity is not None:
        parts.append(f"{plain(item.quantity)} x")
    if item.amount is not None:
        parts.append(f"{plain(item.amount[0])} {item.amount[1]} of")
    if item.reference is not None:
        parts.append(_reference(item.reference))
    parts += item.words
    parts += [_limits(item.limits)] if item.limits else []
    return " ".join(parts)


def _reference(reference: Reference) -> str:
    match reference.kind:
        case "number":
            return "#" + "+".join(map(str, reference.numbers))
        case "superlative":
            return f"<{'least' if reference.low else 'most'} {reference.field}>"
        case "described":
            named = " ".join((*reference.diets, *reference.words))
            return f"<the {named} {'ones' if reference.plural else 'one'}>"
        case "pronoun":
            return "<them>" if reference.plural else "<it>"
        case kind:
            return f"<{kind}>"


def _limits(limits: Limits) -> str:
    parts = [f"diets={'+'.join(limits.diets)}"] if limits.diets else []
    parts += [f"without={'+'.join(limits.exclude)}"] if limits.exclude else []
    parts += [f"brand={'+'.join(limits.brands)}"] if limits.brands else []
    parts += [f"min={plain(limits.min_price)}"] if limits.min_price is not None else []
    parts += [f"max={plain(limits.max_price)}"] if limits.max_price is not None else []
    parts += [f"rating={plain(limits.min_rating)}"] if limits.min_rating is not None else []
    parts += [f"sort={limits.sort}"] if limits.sort else []
    return " ".join(parts)
