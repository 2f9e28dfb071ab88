"""Every operation of the API, called as its own document allows and as it forbids."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.checks import (
    allow_header_conformance,
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.result import Ok

from tests.e2e.processes import SmartCart

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
AnyCase = Case[Any]
CALLS = 2000
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    allow_header_conformance,
)


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmartCart]:
    process = SmartCart(tmp_path_factory.mktemp("schemathesis"))
    yield process.wait()
    process.stop()


def call_often(
    strategy: SearchStrategy[AnyCase], calls: int, call: Callable[[AnyCase], None]
) -> int:
    """Draw requests and send them; a strategy that has nothing to offer is asked in vain."""
    made = 0

    @seed(20261123)
    @settings(
        max_examples=calls,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def run(case: AnyCase) -> None:
        nonlocal made
        made += 1
        call(case)

    try:
        run()
    except Unsatisfiable:
        assert made == 0
    return made


def test_no_call_is_answered_with_a_failure_or_with_what_is_not_documented(
    market: SmartCart,
) -> None:
    document = schemathesis.openapi.from_url(f"{market.url}/openapi.json")
    operations = [found.ok() for found in document.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) > 20
    token = httpx.post(f"{market.url}/api/v1/sessions", json={}).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}

    def call(case: AnyCase) -> None:
        case.call_and_validate(headers=headers, checks=list(CHECKS))

    made = 0
    for index, operation in enumerate(operations):
        # Some operations have little to vary: the others take over their share.
        share = (CALLS + CALLS // 4 - made) // (len(operations) - index) + 1
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            made += call_often(operation.as_strategy(mode), share // 2 + 1, call)

    assert made >= CALLS
