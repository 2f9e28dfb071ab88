"""Reads what `/metrics` says, as Prometheus does."""

from prometheus_client.parser import text_string_to_metric_families


class Page:
    """What was scraped."""

    def __init__(self, text: str) -> None:
        self.samples = [
            sample for family in text_string_to_metric_families(text) for sample in family.samples
        ]

    def of(self, name: str, **labels: str) -> float:
        """The one sample of a name and these labels; 0 when there is none."""
        found = [one for one in self.samples if one.name == name and one.labels == labels]
        return found[0].value if found else 0.0
