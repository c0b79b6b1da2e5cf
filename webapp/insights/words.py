"""What figures are called, what they mean, and what they are measured by."""

from typing import Any

from flask_babel import lazy_gettext as _l

# Each figure: what it is called, what it means, and what stands behind the number.
WORDS: dict[str, tuple[Any, Any, str]] = {
    "participation_percent": (
        _l("had a talk"),
        _l("Share of those who came with at least one proven talk."),
        "%",
    ),
    "conversations": (_l("talks"), _l("Talks that both sides stand by."), ""),
    "attendees": (_l("came"), _l("Everyone who was checked in, with a talk or without."), ""),
    "using_percent": (
        _l("use Bowline"),
        _l("Share of those who came who have claimed their badge."),
        "%",
    ),
    "pairs": (_l("pairs"), _l("Different pairs of people who talked."), ""),
    "isolates": (
        _l("without a talk"),
        _l("Came and have no proven talk. Some do not use Bowline."),
        "",
    ),
    "conversations_lower": (
        _l("talks, lower quarter"),
        _l("A quarter had this many talks or fewer."),
        "",
    ),
    "conversations_median": (
        _l("talks, in the middle"),
        _l("Half had this many talks or fewer."),
        "",
    ),
    "conversations_upper": (
        _l("talks, upper quarter"),
        _l("A quarter had this many talks or more."),
        "",
    ),
    "partners_median": (
        _l("people met, in the middle"),
        _l("Half met this many different people or fewer."),
        "",
    ),
    "confirmed_percent": (
        _l("proven"),
        _l("Share of claims to which the other side said yes."),
        "%",
    ),
    "new_ties_percent": (
        _l("new to each other"),
        _l("Share of pairs who had not talked at an earlier event."),
        "%",
    ),
    "repeat_pairs_percent": (
        _l("talked again"),
        _l("Share of pairs who talked at least twice."),
        "%",
    ),
    "density_percent": (
        _l("density"),
        _l("Share of all possible pairs who talked. Compare like sizes only."),
        "%",
    ),
    "transitivity_percent": (
        _l("closed triangles"),
        _l("How often two people met by the same person also met."),
        "%",
    ),
    "largest_component_percent": (
        _l("connected"),
        _l("Share of those who came who are linked through talks."),
        "%",
    ),
    "gini_percent": (
        _l("concentration"),
        _l("0 if all talk equally much, 100 if all talks are with one person."),
        "",
    ),
    "ei_percent": (
        _l("between groups"),
        _l("From -100, all talks within groups, to 100, all between groups."),
        "",
    ),
    "ei_expected_percent": (
        _l("between groups, by chance"),
        _l("What group sizes alone would give."),
        "",
    ),
}
LEADING = ("participation_percent", "conversations", "confirmed_percent", "pairs")
MOST_LEADING = 3
REASONS: dict[str, Any] = {
    "not_over": _l("shown after the event"),
    "too_few_attendees": _l("too few people to show without showing someone"),
    "below_k": _l("too few people behind it"),
    "protected": _l("hidden, so that a neighbour cannot be computed"),
    "undefined": _l("nothing to compare yet"),
    "one_group": _l("needs at least two groups"),
}

# What is usual, as SocioPatterns measured it with badges that sense who faces whom.
YARDSTICKS: dict[str, Any] = {
    "conversations_median": _l(
        "Sensors counted 3 a day at a congress of 403 people and 12 at a dense conference of 262, "
        "talks of three minutes and more."
    ),
    "gini_percent": _l("Usual is 34 to 47; above 55 a few carry the event."),
}
STEPS: dict[str, Any] = {
    "claimed": _l("One side said that they talked"),
    "proven": _l("Both sides stand by it"),
    "link_opened": _l("Somebody opened a link of the other"),
    "promised": _l("Somebody promised something"),
    "kept": _l("The promise was kept, says who got it"),
    "came_of_it": _l("Something came of it"),
}
