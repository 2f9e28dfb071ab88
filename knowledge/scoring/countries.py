"""Countries as products name their origin, and the continents they lie on."""

_CONTINENTS: dict[str, dict[str, str]] = {
    "Europe": {
        "AT": "austria", "BE": "belgium", "BG": "bulgaria", "CH": "switzerland", "CY": "cyprus",
        "CZ": "czechia", "DE": "germany", "DK": "denmark", "EE": "estonia", "ES": "spain",
        "FI": "finland", "FR": "france", "GB": "united kingdom", "GR": "greece", "HR": "croatia",
        "HU": "hungary", "IE": "ireland", "IS": "iceland", "IT": "italy", "LT": "lithuania",
        "LU": "luxembourg", "LV": "latvia", "MT": "malta", "NL": "netherlands", "NO": "norway",
        "PL": "poland", "PT": "portugal", "RO": "romania", "RS": "serbia", "SE": "sweden",
        "SI": "slovenia", "SK": "slovakia", "UA": "ukraine",
    },
    "North America": {
        "US": "united states", "CA": "canada", "MX": "mexico", "GT": "guatemala",
        "HN": "honduras", "CR": "costa rica", "NI": "nicaragua", "PA": "panama",
        "DO": "dominican republic", "CU": "cuba", "JM": "jamaica", "SV": "el salvador",
    },
    "South America": {
        "AR": "argentina", "BO": "bolivia", "BR": "brazil", "CL": "chile", "CO": "colombia",
        "EC": "ecuador", "PE": "peru", "PY": "paraguay", "UY": "uruguay", "VE": "venezuela",
    },
    "Asia": {
        "AE": "united arab emirates", "BD": "bangladesh", "CN": "china", "ID": "indonesia",
        "IL": "israel", "IN": "india", "IR": "iran", "JP": "japan", "KH": "cambodia",
        "KR": "south korea", "LK": "sri lanka", "MM": "myanmar", "MV": "maldives",
        "MY": "malaysia", "NP": "nepal", "PH": "philippines", "PK": "pakistan",
        "SG": "singapore", "TH": "thailand", "TR": "turkey", "TW": "taiwan", "VN": "vietnam",
    },
    "Africa": {
        "CI": "ivory coast", "CM": "cameroon", "EG": "egypt", "ET": "ethiopia", "GH": "ghana",
        "KE": "kenya", "MA": "morocco", "MG": "madagascar", "MW": "malawi", "NG": "nigeria",
        "RW": "rwanda", "SN": "senegal", "TN": "tunisia", "TZ": "tanzania", "UG": "uganda",
        "ZA": "south africa", "ZM": "zambia", "ZW": "zimbabwe",
    },
    "Oceania": {"AU": "australia", "FJ": "fiji", "NZ": "new zealand", "PG": "papua new guinea"},
}  # fmt: skip
_OTHER_NAMES = {
    "usa": "US", "u.s.a.": "US", "u.s.": "US", "united states of america": "US", "uk": "GB",
    "england": "GB", "scotland": "GB", "wales": "GB", "great britain": "GB", "holland": "NL",
    "the netherlands": "NL", "czech republic": "CZ", "korea": "KR", "viet nam": "VN",
    "türkiye": "TR", "deutschland": "DE", "italia": "IT", "españa": "ES",
}  # fmt: skip
_CODES = {
    name: code for names in _CONTINENTS.values() for code, name in names.items()
} | _OTHER_NAMES
_CONTINENT_OF = {code: name for name, codes in _CONTINENTS.items() for code in codes}


def country_code(text: str) -> str | None:
    """The ISO 3166 code of a country by name or code; None for a region or several countries."""
    words = text.strip()
    if words.upper() in _CONTINENT_OF:
        return words.upper()
    return _CODES.get(words.lower())


def continent_of(code: str) -> str | None:
    return _CONTINENT_OF.get(code)


def home_of(locale: str) -> str | None:
    """The country of a locale such as "en-US"; None when it names none."""
    region = locale.replace("_", "-").split("-")[-1].upper()
    return region if region in _CONTINENT_OF else None
