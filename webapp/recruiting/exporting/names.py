"""A whole name in the two parts that other programs ask for. No word of it is lost."""

import re
from dataclasses import dataclass

PARTICLES = frozenset(
    """
    van von der den dem het ten ter zu zur zum vom de del della delle dello degli dei di da das do
    dos du des la las le les los lo al el bin bint ibn abu ap af av til tot op
    """.split()  # noqa: SIM905  # forty words read better without forty quotes
)
"""Begin a family name where they are written small."""
CAPITAL_PARTICLES = frozenset(
    {"Van", "Von", "Der", "Den", "De", "Del", "Della", "Di", "Da", "Dos", "Bin", "Ibn", "El", "Al"}
)
"""Begin one in capitals, too; the others may be names of their own (Le, Do, La)."""
SUFFIXES = frozenset(
    {"jr", "sr", "ii", "iii", "iv", "phd", "md", "msc", "mba", "bsc", "esq", "cpa", "rn"}
)
FAMILY_FIRST = re.compile(r"^[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u3005]+$")
"""Han, kana and Hangul, in which the family's name comes first."""
TWO = 2
CAPITALS = 3
"""Letters; fewer are initials."""


@dataclass(frozen=True, slots=True)
class SplitName:
    """The parts of a name; the last is empty where there is one name only."""

    first: str
    last: str
    is_guess: bool = False
    """Whether another split would be as good."""


def split_name(whole: str) -> SplitName:
    """Return first and last name of a whole name, as its form says or as most names are."""
    if "," not in whole:
        return _by_words(whole.split())
    before, *after = (part.strip() for part in whole.split(","))
    after = [part for part in after if part]
    suffixes = [part for part in after if _is_suffix(part)]
    given = [part for part in after if not _is_suffix(part)]
    if given and before:
        return SplitName(" ".join(given), ", ".join([before, *suffixes]), is_guess=len(after) > 1)
    split = _by_words((before or " ".join(given)).split())
    if not suffixes:
        return split
    end = ", ".join(suffixes)
    if not split.last:
        return SplitName(", ".join(filter(None, [split.first, end])), "", split.is_guess)
    return SplitName(split.first, f"{split.last}, {end}", split.is_guess)


def _by_words(words: list[str]) -> SplitName:
    if len(words) < TWO:
        return SplitName(" ".join(words), "")
    if all(FAMILY_FIRST.match(word) for word in words):
        return SplitName(" ".join(words[1:]), words[0], is_guess=len(words) > TWO)
    if loud := _in_capitals(words):
        quiet = [word for at, word in enumerate(words) if at not in loud]
        return SplitName(" ".join(quiet), " ".join(words[at] for at in loud))
    at = _last_begins_at(words)
    is_guess = len(words) > TWO and (at > 1 or words[at] in CAPITAL_PARTICLES)
    return SplitName(" ".join(words[:at]), " ".join(words[at:]), is_guess)


def _in_capitals(words: list[str]) -> list[int]:
    """Return the places of a family's name in capitals, at either end: DIALLO Amina."""
    loud = [at for at, word in enumerate(words) if word.isupper() and len(word) >= CAPITALS]
    is_one_piece = bool(loud) and loud == list(range(loud[0], loud[-1] + 1))
    is_at_an_end = is_one_piece and (loud[0] == 0 or loud[-1] == len(words) - 1)
    is_name = is_at_an_end and not any(_is_suffix(words[at]) for at in loud)
    return loud if is_name and len(loud) < len(words) else []


def _last_begins_at(words: list[str]) -> int:
    """Return the place of the word with which the family's name begins; never the first word."""
    end = len(words)
    while end > TWO and _is_suffix(words[end - 1]):
        end -= 1
    for at in range(1, end - 1):
        if words[at] in PARTICLES or words[at] in CAPITAL_PARTICLES:
            return at
        if words[at] == "y" and at > 1:
            return at - 1
    return end - 1


def _is_suffix(word: str) -> bool:
    return word.lower().replace(".", "") in SUFFIXES
