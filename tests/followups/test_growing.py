"""What a tie's strength is read from, and what its page tells the two people and nobody else."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from people import make_attendee, make_event, make_person, talk
from webapp.core import clock
from webapp.core import db as database
from webapp.followups.models import Depth, Introduction, TieSide
from webapp.followups.pages import strength_part
from webapp.followups.queries.strength import grown
from webapp.followups.rules.strength import Given
from webapp.followups.services.promises import confirm_promise
from webapp.followups.services.sides import choose_depth, note_opened, say_depth
from webapp.ties.models import Note
from webapp.ties.services import keep_note, untie


@pytest.fixture
def people(cast):
    return cast.attendee, cast.other


@pytest.fixture
def inputs(session, tie, people):
    def read():
        session.commit()
        return grown(session, tie=tie, people=people, now=clock.now()).inputs

    return read


@pytest.fixture
def say(session, tie):
    def do(by, depth):
        choose_depth(session, tie=tie, by=by, depth=depth)
        session.commit()

    return do


def introduce(session, *, by, one, other, **said):
    low, high = sorted((one.id, other.id))
    now = clock.now()
    introduction = Introduction(
        by_id=by.id, low_id=low, high_id=high, reason="choirs", proposed_at=now, **said
    )
    session.add(introduction)
    session.flush()


def test_talks_days_and_events_are_counted_and_the_last_talk_dates_it(
    cast, session, inputs, evening
):
    evening.shift(timedelta(minutes=30))
    talk(session, event=cast.event, by=cast.ben, about=cast.amina)
    evening.shift(timedelta(days=40))
    again = make_event(session)
    one, other = (
        make_attendee(session, event=again, person=person) for person in (cast.attendee, cast.other)
    )
    talk(session, event=again, by=one, about=other)
    evening.shift(timedelta(days=3, hours=12))
    found = inputs()
    assert (found.talks, found.days, found.events, found.days_since) == (3, 2, 2, 3.5)


def test_a_promise_counts_once_its_receiver_says_it_was_kept(cast, session, inputs, make):
    made, other = make(cast.attendee), make(cast.other)
    made.kept_at = clock.now()
    assert inputs().services == 0
    confirm_promise(session, promise=made, by=cast.other, now=clock.now())
    assert inputs().services == 1
    confirm_promise(session, promise=other, by=cast.attendee, now=clock.now())
    assert inputs().services == 3


def test_an_introduction_counts_for_whom_it_was_made_once_both_accepted(
    cast, session, tie, people, inputs
):
    amina, ben = people
    rita, now = cast.recruiter, clock.now()
    yes = {"low_accepted_at": now, "high_accepted_at": now}
    for said in (
        {},
        {"low_accepted_at": now},
        {"high_accepted_at": now, "low_declined_at": now},
        yes | {"withdrawn_at": now},
    ):
        introduce(session, by=amina, one=ben, other=rita, **said)
    introduce(session, by=rita, one=ben, other=amina, **yes)
    introduce(session, by=amina, one=rita, other=cast.organiser, **yes)
    assert inputs().services == 0
    introduce(session, by=ben, one=amina, other=rita, **yes)
    assert inputs().services == 1
    introduce(session, by=amina, one=rita, other=ben, **yes)
    assert inputs().services == 3
    assert grown(session, tie=tie, people=people, now=now).given == (
        Given(introductions=1),
        Given(introductions=1),
    )


def test_a_note_or_an_opened_link_counts_once_for_each_side(cast, session, tie, inputs):
    now = clock.now()
    assert inputs().caring == 0
    note_opened(session, tie=tie, by=cast.attendee, now=now)
    keep_note(session, author=cast.amina, about_id=cast.ben.id, text="choirs", now=now)
    assert inputs().caring == 1
    keep_note(session, author=cast.amina, about_id=cast.rita.id, text="others", now=now)
    keep_note(session, author=cast.rita, about_id=cast.ben.id, text="others", now=now)
    assert inputs().caring == 1
    keep_note(session, author=cast.ben, about_id=cast.amina.id, text="more", now=now)
    assert inputs().caring == 2


def test_what_a_note_says_is_never_read(cast, session, tie, people):
    keep_note(session, author=cast.amina, about_id=cast.ben.id, text="choirs", now=clock.now())
    session.commit()
    statements = []
    engine = database.db.engine

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        grown(session, tie=tie, people=people, now=clock.now())
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    about_notes = [statement for statement in statements if f" {Note.__tablename__}" in statement]
    assert about_notes
    assert not [statement for statement in about_notes if "note.text" in statement]


def test_a_link_that_is_opened_is_noted_the_first_time(cast, session, tie, browser_of, evening):
    amina = browser_of(cast.attendee)
    first = clock.now()
    for hx in (False, True):
        answer = amina.send(f"/people/{tie.id}/opened", hx=hx)
        assert (answer.status_code, answer.get_data()) == (204, b"")
        evening.shift(timedelta(minutes=1))
    session.expire_all()
    (side,) = session.query(TieSide)
    assert (side.person_id, side.link_opened_at) == (cast.attendee.id, first)


@pytest.mark.parametrize("name", ["opened", "depth"])
def test_only_the_two_people_of_an_open_tie_say_anything_about_it(
    cast, session, tie, browser, browser_of, name
):
    url = f"/people/{tie.id}/{name}"
    for person in (cast.recruiter, cast.organiser, cast.stranger):
        assert browser_of(person).send(url, depth="ideas").status_code == 404
    assert browser.send(url, depth="ideas").status_code == 303
    assert browser_of(cast.attendee).get(url).status_code == 405
    untie(session, tie=tie, by=cast.other, now=clock.now())
    for person in (cast.attendee, cast.other):
        assert browser_of(person).send(url, depth="ideas").status_code == 404
    assert session.query(TieSide).count() == 0


def test_depth_is_chosen_changed_and_taken_back_on_the_persons_page(cast, session, tie, browser_of):
    amina, url = browser_of(cast.attendee), f"/people/{tie.id}"
    for depth, hx in (("ideas", False), ("mattered", True), ("", False)):
        amina.get(url)
        answer = amina.submit(f"{url}/depth", hx=hx, depth=depth)
        assert answer.status_code == (200 if hx else 303)
        session.expire_all()
        (side,) = session.query(TieSide)
        assert (side.depth or "") == depth
    assert amina.send(f"{url}/depth", depth="abysmal").status_code == 422


@pytest.mark.parametrize(
    ("mine", "theirs", "shown"),
    [
        (None, None, None),
        (Depth.MATTERED, None, None),
        (None, Depth.MATTERED, None),
        (Depth.HELLO, Depth.MATTERED, "a hello"),
        (Depth.MATTERED, Depth.HELLO, "a hello"),
        (Depth.IDEAS, Depth.IDEAS, "ideas"),
    ],
)
def test_only_the_agreed_depth_is_told(cast, tie, browser_of, say, mine, theirs, shown):
    say(cast.attendee, mine)
    say(cast.other, theirs)
    amina = browser_of(cast.attendee)
    amina.get(f"/people/{tie.id}")
    if shown:
        assert f"agreed depth: {shown}" in amina.text
    else:
        assert "agreed depth" not in amina.text


def answers(browser, url):
    """An answer to somebody, but for what is different in each: the token of its forms."""
    browser.get(url)
    return browser.text


def test_who_has_not_chosen_cannot_tell_whether_the_other_has(
    cast, session, tie, proven, browser_of, say
):
    amina = browser_of(cast.attendee)
    urls = (f"/people/{tie.id}", f"/events/{proven.event_id}/talks/{proven.id}")
    before = [answers(amina, url) for url in urls]
    for depth in Depth:
        say(cast.other, depth)
        assert [answers(amina, url) for url in urls] == before


def test_switched_off_looks_the_same_to_the_other_as_not_answered(
    cast, session, tie, browser_of, say
):
    say(cast.attendee, Depth.IDEAS)
    amina, url = browser_of(cast.attendee), f"/people/{tie.id}"
    not_answered = answers(amina, url)
    say(cast.other, Depth.IDEAS)
    assert answers(amina, url) != not_answered
    say_depth(session, person=cast.other, says=False)
    assert answers(amina, url) == not_answered


@pytest.mark.parametrize("who", ["attendee", "other"])
def test_switched_off_by_either_it_counts_for_neither(cast, session, inputs, say, who):
    for person in (cast.attendee, cast.other):
        say(person, Depth.MATTERED)
    assert inputs().depth is Depth.MATTERED
    say_depth(session, person=getattr(cast, who), says=False)
    assert inputs().depth is None
    say_depth(session, person=getattr(cast, who), says=True)
    assert inputs().depth is Depth.MATTERED


def test_the_switch_stands_on_my_card_and_takes_the_question_away(
    cast, session, tie, proven, browser_of
):
    amina = browser_of(cast.attendee)
    urls = (f"/people/{tie.id}", f"/events/{proven.event_id}/talks/{proven.id}")
    for says, words in (("", "You do not take part."), ("y", "You take part.")):
        amina.get("/me")
        assert amina.submit("/me/depth").status_code == 303
        amina.get("/me")
        assert words in amina.text
        for url in urls:
            amina.get(url)
            assert ("How deep did it go?" in amina.text) == bool(says)


def test_the_switch_is_nobody_elses(cast, session, browser):
    assert browser.send("/me/depth", says_depth="").status_code == 303
    session.expire_all()
    assert cast.attendee.says_depth


def test_each_part_is_explained_in_a_line(cast, session, tie, people, make, say, evening):
    evening.shift(timedelta(minutes=30))
    talk(session, event=cast.event, by=cast.ben, about=cast.amina)
    evening.shift(timedelta(hours=6))
    cast.event.ends_at += timedelta(days=1)
    talk(session, event=cast.event, by=cast.ben, about=cast.amina)
    for person in people:
        say(person, Depth.IDEAS)
    made = make(cast.attendee)
    confirm_promise(session, promise=made, by=cast.other, now=clock.now())
    keep_note(session, author=cast.amina, about_id=cast.ben.id, text="choirs", now=clock.now())
    evening.shift(timedelta(days=7))
    me, other = people
    part = strength_part(session, tie=tie, me=me, other=other, now=clock.now())
    assert [(line.words, line.points) for line in part.lines] == [
        ("3 talks", "+16"),
        ("on 2 days", "+7"),
        ("agreed depth: ideas", "+18"),
        ("1 promise kept", "+6"),
        ("one of you keeps a note or has opened a link", "+2.5"),
    ]
    assert (part.history, part.now, part.band) == (50, 48, "Connected")
    assert not part.is_dormant


def test_giving_back_is_explained(cast, session, tie, people, make):
    for by, other in (people, people[::-1]):
        made = make(by)
        confirm_promise(session, promise=made, by=other, now=clock.now())
    me, other = people
    part = strength_part(session, tie=tie, me=me, other=other, now=clock.now())
    assert [line.words for line in part.lines] == ["1 talk", "2 promises kept, both have given"]


def test_a_tie_that_rests_is_told_in_kind_words(cast, tie, browser_of, evening):
    amina, url = browser_of(cast.attendee), f"/people/{tie.id}"
    amina.get(url)
    assert "Your recorded contact" in amina.text
    assert "resting" not in amina.text
    evening.shift(timedelta(days=130))
    amina = browser_of(cast.attendee)
    amina.get(url)
    assert "resting" in amina.text
    assert "You have not talked for a while." in amina.text


def test_no_list_tells_or_is_sorted_by_strength(cast, session, tie, browser_of, make, say):
    """The last talk decides the order, however strong the tie."""
    carol = make_attendee(session, event=cast.event, person=make_person(session, name="Carol"))
    for person in (cast.attendee, cast.other):
        say(person, Depth.MATTERED)
    last = talk(session, event=cast.event, by=carol, about=cast.amina)
    tie.last_talk_at -= timedelta(minutes=1)
    assert last.proven_at
    amina = browser_of(cast.attendee)
    amina.get("/people")
    assert amina.text.index("Carol") < amina.text.index("Ben Ng")
    for words in ("of 100", "Acquainted", "recorded contact", "history"):
        assert words not in amina.text
