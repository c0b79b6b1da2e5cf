"""Whom a team sees, told a second time in plain Python, from what people did.

It shares no code with the app and reads no row: where the two differ, one of them is wrong.
"""

from dataclasses import dataclass, field

Pair = frozenset[str]


@dataclass
class Talked:
    """One proven talk: at which event, by whom, and at which turn."""

    event: str
    pair: Pair
    turn: int
    stands: bool = True


@dataclass
class Evening:
    """Everything people did, and what follows from it."""

    turn: int = 0
    talks: list[Talked] = field(default_factory=list)
    opened: dict[Pair, int] = field(default_factory=dict)
    """The turn at which each pair was tied, or tied anew."""
    open: set[Pair] = field(default_factory=set)
    blocks: set[tuple[str, str]] = field(default_factory=set)
    team_of: dict[str, str] = field(default_factory=dict)
    """The team each person is in now, at the event of the teams."""
    agreed: set[tuple[str, str]] = field(default_factory=set)
    is_erased: bool = False

    def talk(self, event: str, one: str, other: str) -> None:
        pair = frozenset((one, other))
        self.talks.append(Talked(event, pair, self.turn))
        if pair not in self.open:
            self.opened[pair] = self.turn
        self.open.add(pair)

    def undo(self, talked: Talked) -> None:
        talked.stands = False
        later = [
            one
            for one in self.talks
            if one.pair == talked.pair and one.stands and one.turn >= self.opened[talked.pair]
        ]
        if not later:
            self.open.discard(talked.pair)

    def block(self, one: str, other: str) -> None:
        self.blocks.add((one, other))
        self.open.discard(frozenset((one, other)))

    def are_blocked(self, one: str, other: str) -> bool:
        return (one, other) in self.blocks or (other, one) in self.blocks

    def sees(self, viewer: str, event: str, by: str | None = None) -> set[str]:
        """Return whom somebody sees as a member of their team, or of those one colleague's."""
        team = self.team_of.get(viewer)
        if team is None or self.is_erased:
            return set()
        found = set()
        for colleague, theirs in self.team_of.items():
            if theirs != team or by not in {None, colleague}:
                continue
            for talked in self.talks:
                if talked.event != event or not talked.stands or colleague not in talked.pair:
                    continue
                (other,) = talked.pair - {colleague}
                if (
                    talked.pair in self.open
                    and (other, team) in self.agreed
                    and self.team_of.get(other) != team
                    and not self.are_blocked(viewer, other)
                ):
                    found.add(other)
        return found
