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
class Handed:
    """One question to somebody: may this colleague carry on?"""

    team: str
    who: str
    by: str
    to: str
    turn: int
    is_accepted: bool = False


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
    handed: list[Handed] = field(default_factory=list)
    """What waits and what was said yes to; all else is gone."""
    refused: set[tuple[str, str, str, str]] = field(default_factory=set)
    """Team, who was asked, by whom, and with whom they would rather not carry on."""
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
        for handed in [one for one in self.handed if one.is_accepted]:
            if {handed.who, handed.to} == {one, other}:
                self.let_go(handed)

    def withdraw(self, who: str, team: str) -> None:
        self.agreed.discard((who, team))
        self.handed = [one for one in self.handed if (one.who, one.team) != (who, team)]
        self.refused = {one for one in self.refused if one[:2] != (team, who)}

    def leave(self, who: str) -> str | None:
        """Who leaves leaves no question behind; what was said yes to stays."""
        self.handed = [one for one in self.handed if one.is_accepted or who not in {one.by, one.to}]
        return self.team_of.pop(who, None)

    def may_ask(self, by: str, who: str, to: str, event: str) -> bool:
        """Tell whether somebody may ask somebody about a colleague."""
        team = self.team_of.get(by)
        return (
            team is not None
            and self.team_of.get(to) == team
            and by != to
            and self.team_of.get(who) != team
            and (who, team) in self.agreed
            and self.have_talked(by, who, event)
            and not self.are_blocked(by, who)
            and (team, who, by, to) not in self.refused
            and not any(
                one.to == to and one.is_accepted and self.is_carried(one, event)
                for one in self.handed_to(team, who)
            )
            and not any(
                not one.is_accepted and self.is_same_tie(one, event)
                for one in self.handed_to(team, who)
            )
        )

    def ask(self, by: str, who: str, to: str) -> None:
        team = self.team_of[by]
        for dead in [one for one in self.handed_to(team, who) if not one.is_accepted]:
            self.handed.remove(dead)
        self.handed.append(Handed(team, who, by, to, self.turn))

    def handed_to(self, team: str, who: str) -> list[Handed]:
        return [one for one in self.handed if (one.team, one.who) == (team, who)]

    def is_shown(self, handed: Handed, event: str) -> bool:
        """Tell whether whom it is about finds it on their screens."""
        is_member = self.team_of.get(handed.who) == handed.team
        return self.is_carried(handed, event) and not is_member

    def accept(self, handed: Handed) -> None:
        for before in [one for one in self.handed_to(handed.team, handed.who) if one.is_accepted]:
            self.handed.remove(before)
        handed.is_accepted = True

    def let_go(self, handed: Handed) -> None:
        """A no, or not any more."""
        self.handed.remove(handed)
        self.refused.add((handed.team, handed.who, handed.by, handed.to))

    def have_talked(self, one: str, other: str, event: str) -> bool:
        """Tell whether two have a talk that stands, over a tie that is open."""
        pair = frozenset((one, other))
        stands = any(
            talked.pair == pair and talked.event == event and talked.stands for talked in self.talks
        )
        return stands and pair in self.open

    def is_carried(self, handed: Handed, event: str) -> bool:
        """Tell whether it counts: carried by the tie of who asked, to somebody in the team now."""
        return (
            self.team_of.get(handed.to) == handed.team
            and self.is_same_tie(handed, event)
            and not self.are_blocked(handed.to, handed.who)
        )

    def is_same_tie(self, handed: Handed, event: str) -> bool:
        """Tell whether who asked has a talk with them over the same tie as when they asked."""
        pair = frozenset((handed.by, handed.who))
        return self.have_talked(handed.by, handed.who, event) and self.opened[pair] <= handed.turn

    def are_blocked(self, one: str, other: str) -> bool:
        return (one, other) in self.blocks or (other, one) in self.blocks

    def sees(self, viewer: str, event: str, by: str | None = None) -> set[str]:
        """Return whom somebody sees as a member of their team, or of those one colleague's."""
        team = self.team_of.get(viewer)
        if team is None or self.is_erased:
            return set()
        found = set()
        for who, _team in [one for one in self.agreed if one[1] == team]:
            with_them = {one for one in self.team_of if self.team_of[one] == team} & {
                *(one for one in self.team_of if self.have_talked(one, who, event)),
                *(
                    one.to
                    for one in self.handed_to(team, who)
                    if one.is_accepted and self.is_carried(one, event)
                ),
            }
            is_asked_for = bool(with_them) if by is None else by in with_them
            is_hidden = self.team_of.get(who) == team or self.are_blocked(viewer, who)
            if is_asked_for and not is_hidden:
                found.add(who)
        return found
