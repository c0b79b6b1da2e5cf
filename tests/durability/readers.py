"""People who look at one page after the other while others scan."""

import threading
from collections import Counter
from collections.abc import Sequence

from durability.client import Address, Answer, Client, NoAnswer
from durability.guests import Guest


class Reader:
    """Somebody who opens page after page; who is brief hangs up after each."""

    def __init__(
        self,
        to: int | Address,
        guest: Guest,
        stop: threading.Event,
        pages: Sequence[str],
        *,
        is_brief: bool = False,
    ) -> None:
        self._client, self._guest, self._stop = Client(to), guest, stop
        self._pages, self._is_brief = pages, is_brief
        self.answered = 0
        self.failed: Counter[str] = Counter()

    def read(self) -> None:
        """Read until told to stop."""
        while not self._stop.is_set():
            self.go_round()
        self._client.close()

    def go_round(self) -> None:
        """Look at each page once."""
        for page in self._pages:
            self.open(page)

    def open(self, page: str) -> Answer | None:
        """Look at a page; None if there was no answer."""
        try:
            answer = self._client.get(page, self._guest)
        except NoAnswer as broken:
            self.failed[str(broken)] += 1
            return None
        self.answered += 1
        if answer.status >= 500:
            self.failed[str(answer.status)] += 1
        if self._is_brief:
            self._client.close()
        return answer
