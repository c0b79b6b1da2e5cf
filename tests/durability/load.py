"""Many phones at once, each doing one thing after the other, until it is acknowledged."""

import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from durability.acts import Act
from durability.client import Address, Answer, Client, NoAnswer
from durability.ledger import Ledger

PHONES = 16
PAUSE = 0.1
LONGEST = 1800.0


class Load:
    """Phones that work through acts; what is not acknowledged is done again."""

    def __init__(self, to: int | Address, acts: Sequence[Act], ledger: Ledger) -> None:
        self._to, self.acts, self.ledger = to, deque(acts), ledger
        self._stopping = threading.Event()
        self.under_way = 0

    def wait_until(self, acknowledged: int, *, seconds: float = LONGEST) -> None:
        """Wait until so many things are acknowledged, or there is nothing left to do."""
        deadline = time.monotonic() + seconds
        while self.ledger.acknowledged < acknowledged and not self.is_done:
            if time.monotonic() > deadline:
                raise TimeoutError(f"only {self.ledger.acknowledged} are acknowledged")
            time.sleep(0.01)

    @property
    def is_done(self) -> bool:
        """True if everything was done and answered."""
        return not self.acts and not self.under_way

    def phone(self) -> None:
        """Do one thing after the other over a connection of its own."""
        client = Client(self._to)
        while not self._stopping.is_set():
            try:
                act = self.acts.popleft()
            except IndexError:
                self._stopping.wait(PAUSE)
                continue
            self._do(act, client)
        client.close()

    def _do(self, act: Act, client: Client) -> None:
        with self.ledger.lock:
            self.under_way += 1
        began = time.monotonic()
        try:
            answer = act.send(client)
            self.ledger.seconds.append(time.monotonic() - began)
            again = self._noted(act, answer)
        except NoAnswer as broken:
            self.ledger.without_answer[str(broken)] += 1
            again = [act]
            self._stopping.wait(PAUSE)
        self.acts.extend(again)
        with self.ledger.lock:
            self.under_way -= 1

    def _noted(self, act: Act, answer: Answer) -> list[Act]:
        if answer.status in {200, 303} and "/sign-in" not in answer.location:
            return act.note(answer, self.ledger)
        if act.came_late(answer):
            self.ledger.late += 1
        elif answer.is_of_proxy:
            self.ledger.without_answer[str(answer.status)] += 1
        elif answer.asks_to_wait:
            self.ledger.asked_to_wait += 1
        else:
            self.ledger.odd[f"{answer.status} to {type(act).__name__}"] += 1
        self._stopping.wait(PAUSE)
        return [act]

    def stop(self) -> None:
        """Let every phone finish what it does."""
        self._stopping.set()


@contextmanager
def load(
    to: int | Address, acts: Sequence[Act], ledger: Ledger, *, phones: int = PHONES
) -> Iterator[Load]:
    """Let phones work at an installation."""
    made = Load(to, acts, ledger)
    threads = [threading.Thread(target=made.phone, daemon=True) for _ in range(phones)]
    for thread in threads:
        thread.start()
    try:
        yield made
    finally:
        made.stop()
        for thread in threads:
            thread.join()
