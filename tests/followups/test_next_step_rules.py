"""What comes next for a person, when to ask again, and how words are taken along."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.events.rules import months_later
from webapp.followups.models import Introduction, PromiseKind, Rhythm
from webapp.followups.rules import introductions, outcomes, rhythm, writing
from webapp.followups.rules.introductions import Answer
from webapp.followups.rules.next_step import Step, is_followed_up, next_step, other_steps
from webapp.ties.models import LinkKind

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
LINK, AGAIN, OWN = PromiseKind.SEND_LINK, PromiseKind.MEET_AGAIN, PromiseKind.OWN_WORDS
INTRODUCE = PromiseKind.INTRODUCE
LINKEDIN, EMAIL, WEB = LinkKind.LINKEDIN, LinkKind.EMAIL, LinkKind.WEBSITE
MOMENTS = st.integers(0, 5 * 365 * 24).map(lambda hours: NOW + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("owed", "links", "step"),
    [
        ([LINK], [LINKEDIN, EMAIL], Step.WRITE),
        ([AGAIN, LINK], [], Step.WRITE),
        ([AGAIN], [LINKEDIN, EMAIL], Step.CALENDAR),
        ([INTRODUCE, LINK], [LINKEDIN], Step.WRITE),
        ([INTRODUCE, AGAIN], [LINKEDIN], Step.CALENDAR),
        ([OWN, INTRODUCE], [LINKEDIN, EMAIL], Step.INTRODUCE),
        ([OWN], [LINKEDIN, EMAIL], Step.LINKEDIN),
        ([], [EMAIL, LINKEDIN], Step.LINKEDIN),
        ([], [WEB, EMAIL], Step.MAIL),
        ([OWN], [WEB], Step.CONTACTS),
        ([], [], Step.CONTACTS),
    ],
)
def test_one_thing_comes_next(owed, links, step):
    assert next_step(owed=owed, links=links) is step


@given(st.sets(st.sampled_from(PromiseKind)), st.sets(st.sampled_from(LinkKind)))
def test_every_way_that_is_open_is_offered_once(owed, links):
    first = next_step(owed=owed, links=links)
    ways = [first, *other_steps(first, owed=owed, links=links)]
    assert len(ways) == len(set(ways))
    assert (Step.INTRODUCE in ways) == (INTRODUCE in owed)
    assert (Step.LINKEDIN in ways) == (LINKEDIN in links)
    assert (Step.MAIL in ways) == (EMAIL in links)
    assert {Step.WRITE, Step.CALENDAR, Step.CONTACTS} <= set(ways)


def test_a_later_talk_asks_anew():
    assert not is_followed_up(None, last_talk_at=NOW)
    assert is_followed_up(NOW, last_talk_at=NOW)
    assert not is_followed_up(NOW - TICK, last_talk_at=NOW)


@pytest.mark.parametrize(
    ("how_often", "since", "talked", "due"),
    [
        (Rhythm.NONE, NOW, NOW, None),
        (Rhythm.MONTHLY, None, datetime(2026, 1, 31, 9, tzinfo=UTC), (2026, 2, 28)),
        (Rhythm.MONTHLY, datetime(2026, 3, 1, tzinfo=UTC), NOW, (2026, 12, 20)),
        (Rhythm.QUARTERLY, NOW, NOW - 300 * DAY, (2027, 2, 20)),
        (Rhythm.YEARLY, None, datetime(2028, 2, 29, tzinfo=UTC), (2029, 2, 28)),
    ],
)
def test_a_rhythm_counts_calendar_months_from_the_last_talk_or_answer(
    how_often, since, talked, due
):
    at = rhythm.due_at(how_often, since=since, last_talk_at=talked)
    assert (at and at.date()) == (due and date(*due))


@given(st.sampled_from(Rhythm), MOMENTS, MOMENTS, MOMENTS, MOMENTS)
def test_nobody_is_asked_to_check_in_after_a_talk_meanwhile(how_often, since, talked, later, now):
    """A talk never brings the next check-in nearer."""
    before = rhythm.due_at(how_often, since=since, last_talk_at=talked)
    after = rhythm.due_at(how_often, since=since, last_talk_at=max(talked, later))
    assert before is None or after >= before
    if rhythm.is_due(how_often, since=since, last_talk_at=talked, now=now):
        assert max(since, talked) <= months_later(now, -1) + 3 * DAY


@pytest.mark.parametrize(
    ("days", "said", "last_mark", "asked"),
    [
        (29.99, None, None, None),
        (30, None, None, 30),
        (89, None, None, 30),
        (90, None, None, 90),
        (179, None, None, 90),
        (180, None, None, None),
        (31, 10, None, 30),
        (31, 30.5, None, None),
        (60, 31, 30, None),
        (95, 31, 30, 90),
        (95, 91, None, None),
        (95, 91, 90, None),
        (35, -200, 30, None),
    ],
)
def test_what_came_of_it_is_asked_at_30_and_90_days(days, said, last_mark, asked):
    opened = NOW - timedelta(days=days)
    last = None if said is None else opened + timedelta(days=said)
    assert outcomes.mark_due(opened, last_said_at=last, last_mark=last_mark, now=NOW) == asked


@given(st.lists(st.booleans(), min_size=200, max_size=200))
def test_no_mark_is_asked_twice_once_it_is_answered(answers):
    opened, last, mark, asked = NOW, None, None, []
    for day, is_answered in enumerate(answers):
        now = opened + day * DAY
        due = outcomes.mark_due(opened, last_said_at=last, last_mark=mark, now=now)
        if due and is_answered:
            asked.append(due)
            last, mark = now, due
    assert asked == sorted(set(asked))
    assert set(asked) <= {30, 90}


def proposal(**said):
    plain = {"by_id": "b", "low_id": "l", "high_id": "m", "reason": "Both sing"}
    return Introduction(**(plain | {"proposed_at": NOW} | said))


def test_an_introduction_waits_for_thirty_days():
    one = proposal()
    assert introductions.is_waiting(one, now=NOW + 30 * DAY - TICK)
    assert not introductions.is_waiting(one, now=NOW + 30 * DAY)
    assert not introductions.is_waiting(proposal(withdrawn_at=NOW), now=NOW)


@pytest.mark.parametrize("low", ["accepted", "declined", None])
@pytest.mark.parametrize("high", ["accepted", "declined", None])
@pytest.mark.parametrize("days", [0, 29, 31])
def test_to_its_proposer_no_answer_and_a_no_look_the_same(low, high, days):
    said = {f"{side}_{word}_at": NOW for side, word in (("low", low), ("high", high)) if word}
    now = NOW + days * DAY
    plain = introductions.is_told_to_proposer(proposal(), now=now)
    if not low == high == "accepted":
        assert introductions.is_told_to_proposer(proposal(**said), now=now) == plain


@pytest.mark.parametrize("other", ["accepted", "declined", None])
def test_the_other_ones_no_changes_nothing_on_my_screen(other):
    said = {f"high_{other}_at": NOW} if other else {}
    for days in range(32):
        now = NOW + days * DAY
        plain = introductions.is_shown_to(proposal(), person_id="l", now=now)
        assert introductions.is_shown_to(proposal(**said), person_id="l", now=now) == plain


def test_my_own_no_stays_for_ten_minutes_to_be_taken_back():
    one = proposal(low_declined_at=NOW)
    assert introductions.answer_of(one, "l") is Answer.NO
    assert introductions.is_shown_to(one, person_id="l", now=NOW + timedelta(minutes=9))
    assert not introductions.is_shown_to(one, person_id="l", now=NOW + timedelta(minutes=10))


def test_once_made_it_is_shown_for_ninety_days_from_the_second_yes():
    one = proposal(low_accepted_at=NOW, high_accepted_at=NOW + 20 * DAY)
    assert introductions.is_shown_to(one, person_id="l", now=NOW + 110 * DAY - TICK)
    assert not introductions.is_shown_to(one, person_id="l", now=NOW + 110 * DAY)
    assert introductions.is_told_to_proposer(one, now=NOW + 27 * DAY - TICK)
    assert not introductions.is_told_to_proposer(one, now=NOW + 27 * DAY)


def test_a_no_silences_the_same_proposal_for_ninety_days():
    assert not introductions.is_silenced(NOW, declined_at=None)
    assert introductions.is_silenced(NOW, declined_at=NOW - 90 * DAY + TICK)
    assert not introductions.is_silenced(NOW, declined_at=NOW - 90 * DAY)


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Amina Diallo", "Amina"),
        ("  Amina  Diallo ", "Amina"),
        ("Amina", "Amina"),
        ("Dr. Amina Diallo", "Amina"),
        ("dr Amina Diallo", "Amina"),
        ("Prof. Dr. med. Amina Diallo", "Amina"),
        ("Frau Dipl.-Ing. Amina Diallo", "Amina"),
        ("Mrs. Diallo", "Diallo"),
        ("Diallo, Amina", "Amina"),
        ("van der Berg, Dr. Egil Olav", "Egil"),
        ("Dr. Diallo,Amina", "Amina"),
        ("Diallo,", "Diallo"),
        (", Amina", "Amina"),
        ("Amina Diallo, PhD, MBA", "Amina"),
        ("Amina Diallo, Kora Labs", "Amina"),
        ("Drew Msimang", "Drew"),
        ("Nat Ing", "Nat"),
        ("Michael Herr", "Michael"),
        ("Herr, Michael", "Michael"),
        ("Dr.", "Dr."),
        ("Frau Herr", "Herr"),
        ("陳大文", "陳大文"),
        (",", ","),
        ("", ""),
    ],
)
def test_somebody_is_greeted_by_their_first_name_without_titles(name, greeted):
    assert writing.called(name) == greeted


SAME = "Hi Amina, it was good to talk with you."


@pytest.mark.parametrize(
    "text",
    [
        "Hi Ben, it was good to talk with you.",
        "hi  BEN NG\nit was good to talk with you",
        "Hi \u212aen, it was good to talk with you!".replace("\u212aen", "Ben"),
        "H\u0131 Ben, it was good to talk with you.",
    ],
)
def test_the_same_words_with_another_name_are_the_same(text):
    assert writing.compared(text, name="Ben Ng") == writing.compared(SAME, name="Amina Diallo")


def test_other_words_are_others():
    other = "Hi Ben, it was good to sing with you."
    assert writing.compared(other, name="Ben Ng") != writing.compared(SAME, name="Amina Diallo")


HARD = ["a & b = c ? d # e % f + g", "line\nline\r\nline\rline", "\N{WOMAN}" * 900, "ש" * 2000, ""]


@pytest.mark.parametrize("body", HARD, ids=range(len(HARD)))
def test_a_mail_address_holds_one_subject_and_one_body_and_is_never_too_long(body):
    url = writing.mail_url(
        "mailto:a%3Fb@example.org", subject="Our talk\r\nBcc: eve@example.org", body=body
    )
    assert len(url) <= writing.LONGEST_MAILTO
    assert url.isascii()
    parts = urlsplit(url)
    assert unquote(parts.path) == "a?b@example.org"
    asked = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
    assert asked.keys() == {"subject", "body"}
    assert asked["subject"] == ["Our talk Bcc: eve@example.org"]
    read = body.replace("\r\n", "\n").replace("\r", "\n")
    assert read.startswith(asked["body"][0].replace("\r\n", "\n").removesuffix("\r"))
    assert asked["body"][0] or not body


@given(st.text(max_size=4000))
def test_any_message_at_all_becomes_an_address(body):
    url = writing.mail_url("mailto:a@example.org", subject="Hi", body=writing.as_message(body))
    assert len(url) <= writing.LONGEST_MAILTO
    assert set(parse_qs(urlsplit(url).query, keep_blank_values=True)) == {"subject", "body"}


def test_a_long_note_is_cut_at_a_word():
    assert writing.shortened("one\n two ") == "one two"
    assert writing.shortened("word " * 50, 20) == "word word word word ..."
