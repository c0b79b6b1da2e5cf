"""Two workers of one installation: what one leaves behind the other does, and nothing twice."""

import random
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import sqlalchemy as sa
from mail.killing import LATEST_KILL, Outbox, what_became

from durability.figures import Figure
from durability.installation import Installation
from durability.site import Site, lines_of
from webapp.core import clock
from webapp.mail.models import Mail
from webapp.mail.rules import LEASE
from webapp.worker.jobs import jobs_of
from webapp.worker.tasks import TASKS

KILLS, KILLS_SHORT = 20, 1
MORE_KILLS = 4
"""If no kill met a worker that carried something."""
MAILS = 120
WAKING = 12
"""More calls than one worker has threads."""
LONGEST = 120.0


def measure(made: Site, *, is_short: bool) -> Iterator[Figure]:
    """Kill one while both deliver; then look at what both did in their rhythm."""
    yield _killed(made, KILLS_SHORT if is_short else KILLS)
    yield _in_rhythm(made)


def _killed(made: Site, kills: int) -> Figure:
    post, chance = made.post, random.Random(5)
    everything, gap, left = set[str](), Counter[str](), 0
    post.wait_until(lambda: _has_run_everything(made), seconds=LONGEST)
    rounds = 0
    while rounds < kills or (not left and rounds < kills + MORE_KILLS):
        victim, other = made.nodes[:: 1 if rounds % 2 else -1]
        rounds += 1
        post.ledger.has_news.clear()
        post.queue(MAILS, first=rounds * MAILS)
        everything |= post.unsent()
        _wake(post)
        post.wait_until(post.ledger.has_news.is_set)
        time.sleep(chance.uniform(0, LATEST_KILL))
        _end(victim, signal.SIGKILL)
        behind = _left_behind(post, other)
        gap.update(behind & post.ledger.taken.keys())
        left += len(behind)
        post.let_pass(-LEASE)
        for node in made.nodes:
            node.start_worker()
        post.wait_until(lambda: not post.unsent(), seconds=LONGEST)
    delivered = what_became(everything, post.ledger, gap)
    return Figure(
        what="two workers, one killed while both deliver",
        asked=f"{rounds} kills, {rounds * MAILS} mails: each once, twice only in the gap of SMTP",
        measured=(
            f"{left} left behind; {delivered.lost} lost, {delivered.repeated} came twice of "
            f"{delivered.in_gap} in the gap, {delivered.beyond_gap} beyond it; Message-IDs of "
            f"each: {', '.join(map(str, sorted(delivered.numbers)))}"
        ),
        is_met=delivered.is_fine and left > 0,
    )


def _wake(post: Outbox) -> None:
    with post.app.app_context():
        for _ in range(WAKING):
            jobs_of(post.app).wake()


def _end(node: Installation, how: signal.Signals) -> None:
    worker = node.workers.pop()
    worker.send_signal(how)
    worker.wait(LONGEST)


def _left_behind(post: Outbox, other: Installation) -> set[str]:
    """Let the other worker finish and stop; gives what waits for the dead one."""
    post.wait_until(lambda: not post.ids(_is_due()), seconds=LONGEST)
    _end(other, signal.SIGTERM)
    post.wait_until(lambda: post.ledger.connections == 0)
    return post.unsent()


def _is_due() -> sa.ColumnElement[bool]:
    return Mail.sent_at.is_(None) & (Mail.due_at <= clock.now())


def _has_run_everything(made: Site) -> bool:
    return runs(made).keys() == {task.name for task in TASKS}


def runs(made: Site) -> dict[str, list[datetime]]:
    """Return when each periodic task began, on whichever node."""
    found = defaultdict(list)
    for node in made.nodes:
        for line in lines_of(node):
            if "task" in line:
                ended_at = datetime.fromisoformat(str(line["at"]))
                began_at = ended_at - timedelta(milliseconds=float(str(line["ms"])))
                found[str(line["task"])].append(began_at)
    return found


def _in_rhythm(made: Site) -> Figure:
    found = runs(made)
    rhythms = {task.name: task.every - timedelta(seconds=1) for task in TASKS}
    early = [
        name
        for name, moments in found.items()
        for first, second in pairwise(sorted(moments))
        if second - first < rhythms[name]
    ]
    return Figure(
        what="periodic tasks of two workers",
        asked="each runs once in its rhythm",
        measured=f"{sum(map(len, found.values()))} runs of {len(found)} tasks, twice: {early}",
        is_met=not early and found.keys() == rhythms.keys(),
    )
