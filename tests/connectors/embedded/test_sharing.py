import os
import signal
import sys
from collections.abc import Callable

import pytest
from redis import Redis

from connectors.embedded import EmbeddedRedis, ServerCandidate
from tests.connectors.embedded.conftest import Holder

StartHolder = Callable[[list[ServerCandidate]], Holder]
Pid = Callable[[str], int]


def test_a_second_process_joins_and_leaves_without_a_trace(
    embedded: EmbeddedRedis,
    start_holder: StartHolder,
    programs: list[ServerCandidate],
    server_pid: Pid,
) -> None:
    pid = server_pid(embedded.start())
    other = start_holder(programs)

    joined = other.do("start")
    other.end()

    assert joined == {"url": embedded.url, "kind": embedded.kind}
    assert server_pid(embedded.url) == pid


def test_processes_that_start_at_once_share_one_server(
    start_holder: StartHolder, programs: list[ServerCandidate], connect: Callable[[str], Redis]
) -> None:
    holders = [start_holder(programs) for _ in range(4)]
    for holder in holders:
        holder.tell("start")
    answers = [holder.answer() for holder in holders]

    assert len({answer["url"] for answer in answers}) == 1
    assert connect(answers[0]["url"]).ping()


def test_the_server_ends_with_its_owner_and_a_joined_process_takes_over(
    embedded: EmbeddedRedis,
    start_holder: StartHolder,
    programs: list[ServerCandidate],
    server_pid: Pid,
    connect: Callable[[str], Redis],
) -> None:
    owner = start_holder(programs)
    owner.do("start")
    first = server_pid(embedded.start())
    connect(embedded.url).set("window", "hello")

    owner.kill()
    url = embedded.ensure()

    assert server_pid(url) != first
    assert connect(url).get("window") == "hello"


def test_of_all_left_by_a_killed_owner_one_takes_over(
    start_holder: StartHolder, programs: list[ServerCandidate], server_pid: Pid
) -> None:
    owner, *joined = [start_holder(programs) for _ in range(4)]
    pid = server_pid(owner.do("start")["url"])
    for holder in joined:
        holder.do("start")

    owner.kill()
    for holder in joined:
        holder.tell("ensure")
    urls = {holder.answer()["url"] for holder in joined}

    assert len(urls) == 1
    assert server_pid(urls.pop()) != pid


def test_no_orphan_when_the_owner_is_killed(
    start_holder: StartHolder,
    programs: list[ServerCandidate],
    server_pid: Pid,
    wait_for_end: Callable[[int], None],
) -> None:
    owner = start_holder(programs)
    pid = server_pid(owner.do("start")["url"])

    owner.process.kill()

    wait_for_end(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_no_orphan_when_the_supervisor_is_killed_too(
    start_holder: StartHolder,
    programs: list[ServerCandidate],
    server_pid: Pid,
    parent_pid: Callable[[int], int],
    wait_for_end: Callable[[int], None],
) -> None:
    owner = start_holder(programs)
    pid = server_pid(owner.do("start")["url"])

    os.kill(parent_pid(pid), signal.SIGKILL)
    owner.process.kill()

    wait_for_end(pid)


def test_forked_children_of_a_killed_owner_do_not_keep_the_server(
    start_holder: StartHolder,
    programs: list[ServerCandidate],
    server_pid: Pid,
    wait_for_end: Callable[[int], None],
) -> None:
    owner = start_holder(programs)
    pid = server_pid(owner.do("start")["url"])
    owner.do("fork")

    owner.process.kill()
    wait_for_end(pid)


def test_a_forked_child_cannot_end_the_server(
    start_holder: StartHolder, programs: list[ServerCandidate], server_pid: Pid
) -> None:
    owner = start_holder(programs)
    pid = server_pid(owner.do("start")["url"])

    url = owner.do("fork and close")["url"]

    assert server_pid(url) == pid


def test_control_c_in_the_terminal_leaves_the_server_to_its_owner(
    start_holder: StartHolder, programs: list[ServerCandidate], server_pid: Pid
) -> None:
    owner = start_holder(programs)
    url = owner.do("start")["url"]
    pid = server_pid(url)

    os.killpg(owner.process.pid, signal.SIGINT)

    assert owner.do("ensure") == {"url": url, "kind": programs[0].kind}
    assert server_pid(url) == pid
