"""Each reviews alone first; then all read what all said, and nothing is added up."""

import re
from datetime import timedelta

import pytest
from crawl.test_query_counts import counted

from people import make_attendee
from webapp.core import clock
from webapp.core import db as database
from webapp.recruiting.models import CandidateReview, Criterion, HistoryEntry, Rating, Team
from webapp.recruiting.queries.teams import member_of
from webapp.recruiting.rules import spread_of
from webapp.recruiting.services.consent import agree, withdraw
from webapp.recruiting.services.openings import add_opening
from webapp.recruiting.services.reviews import Rated, Seen, write_review


@pytest.fixture
def page(here, seen):
    return f"{here}/candidates/{seen.id}"


@pytest.fixture
def form(page, opening):
    return f"{page}/reviews/{opening.id}"


def said(session):
    session.expire_all()
    return [(one.reviewer_id, one.score, one.reason) for one in session.query(Rating)]


def part(browser, marked):
    """The words of one part of the page that is open."""
    found = next(one for one in browser.page.all("section") if one.get("id") == marked)
    return " ".join("".join(found.itertext()).split())


def words_of_scores(text):
    return re.findall(r"\d, (?:Weak|Fair|Good|Strong)", text)


def test_a_review_gives_steps_with_reasons_or_no_evidence(cast, session, rita, page, form, review):
    rita.get(page)
    assert form in rita.page.links()
    assert review(rita, (4, "Drew one on a napkin")).location == f"{page}#reviews"
    assert said(session) == [(cast.recruiter.id, 4, "Drew one on a napkin")]
    rita.get(page)
    shown = part(rita, "reviews")
    assert "Explains databases You 4, Strong Drew one on a napkin" in shown
    assert "Listens You No evidence" in shown
    assert "You reviewed for Platform lead" in part(rita, "standing")


def test_what_one_said_is_there_to_be_changed(cast, session, rita, form, review, criteria):
    review(rita, (2, "Did not"), (None, "We only talked about travelling"))
    rita.get(form)
    chosen = [one.get("value") for one in rita.page.all("input") if "checked" in one.attrib]
    assert chosen == ["2", ""]
    assert "We only talked about travelling" in rita.text
    answer = rita.submit(form, **{f"{criteria[0]}-score": "3", f"{criteria[1]}-score": ""})
    assert answer.status_code == 303
    assert {one[1:] for one in said(session)} == {
        (3, "Did not"),
        (None, "We only talked about travelling"),
    }


@pytest.mark.parametrize(
    ("score", "reason", "told"),
    [
        ("3", "", "Please say what makes you think so."),
        ("", "", "at least one criterion"),
        ("", "Only words", "at least one criterion"),
        ("5", "Better than strong", "Not a valid choice"),
        ("0", "Worse than weak", "Not a valid choice"),
        ("3", "x" * 501, "longer than 500"),
    ],
)
def test_what_is_no_review_is_asked_again(
    session, rita, ben, page, form, criteria, score, reason, told, review
):
    review(ben, (1, "Bens own canary"))
    rita.get(form)
    fields = {f"{criteria[0]}-score": score, f"{criteria[0]}-reason": reason}
    answer = rita.submit(form, **fields)
    assert answer.status_code == 422
    assert told in rita.text
    assert reason in answer.get_data(as_text=True)
    assert len(said(session)) == 1
    assert "canary" not in rita.text
    rita.get(page)
    assert "canary" not in rita.text


SECRETS = ("canary", "Weak", "Fair", "differ", "reviewed for")


def test_nothing_of_the_others_is_told_before_ones_own(
    cast, session, rita, ben, page, form, review, here, opening, criteria
):
    """Whether, how many, who or what: with a review all is as with none."""
    paths = (page, form, f"{here}/candidates", f"{here}/my-team")
    before = [_without_tokens(rita.get(path).get_data(as_text=True)) for path in paths]
    review(ben, (1, "canary of Ben"), (2, "canary of Ben"))
    for path, known in zip(paths, before, strict=True):
        assert _without_tokens(rita.get(path).get_data(as_text=True)) == known, path
    for hx in (False, True):
        rita.get(page)
        rita.submit(f"{page}/next-step", hx=hx, next_step=f"Call {hx}")
        rita.get(page)
        for secret in SECRETS:
            assert secret not in rita.text, secret
        rita.send(f"{page}/stage", hx=hx, stage="?", seen="0")
        rita.send(f"{page}/next-step", hx=hx, next_step="x", seen="0", owner="")
        assert "reviewed for" not in rita.text
        rita.send(f"{page}/notes", hx=hx, text="")
        assert "canary" not in rita.text
        rita.send(form, hx=hx, seen="7", **{f"{criteria[0]}-score": "1"})
        assert "canary" not in rita.text
    rita.get(f"{here}/openings/{opening.id}")
    assert "1 review" not in rita.text


def _without_tokens(html):
    return re.sub(r'name="csrf_token" value="[^"]+"', "", html)


def test_afterwards_each_reads_who_said_what_and_why(rita, ben, page, review):
    review(rita, (4, "Drew one"), (3, "Asked back"))
    review(ben, (2, "Mixed them up"), (3, "Let me finish"))
    rita.get(page)
    shown = part(rita, "reviews")
    assert (
        "Explains databases You 4, Strong Drew one Ben Ng 2, Fair Mixed them up "
        "From 2 to 4: you differ. Talk about it."
    ) in shown
    assert "Listens You 3, Good Asked back Ben Ng 3, Good Let me finish You agree." in shown
    assert "Ben Ng reviewed for Platform lead" in part(rita, "standing")
    ben.get(page)
    assert "You 2, Fair Mixed them up Rita Recruiter 4, Strong Drew one" in part(ben, "reviews")


def test_nothing_is_added_up(rita, ben, page, review):
    review(rita, (4, "Drew one"), (1, "Interrupted"))
    review(ben, (1, "Mixed them up"), (2, "Interrupted"))
    rita.get(page)
    shown = part(rita, "reviews")
    assert words_of_scores(shown) == ["4, Strong", "1, Weak", "1, Weak", "2, Fair"]
    assert "From 1 to 2: close together." in shown
    left = re.sub(r"\d, (Weak|Fair|Good|Strong)|From \d to \d", "", shown)
    assert re.search(r"\d", left) is None


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([], None),
        ([3], None),
        ([3, None], None),
        ([2, 2], (2, 2, True, False)),
        ([2, None, 3], (2, 3, False, False)),
        ([4, 2, 3], (2, 4, False, True)),
        ([1, 4], (1, 4, False, True)),
    ],
)
def test_how_far_apart_colleagues_are(scores, expected):
    found = spread_of(scores)
    assert (found and (found.low, found.high, found.is_one, found.is_far)) == expected


def test_a_change_after_seeing_the_others_is_said(cast, session, rita, ben, page, form, review):
    told = "changed after seeing the others'"
    review(rita, (4, "Drew one"))
    review(rita, (3, "Drew one"))
    rita.get(page)
    assert told not in rita.text
    review(ben, (2, "Mixed them up"))
    assert review(ben, (2, "Mixed them up")).status_code == 303
    ben.get(page)
    assert told not in ben.text
    review(ben, (3, "Was tired"))
    ben.get(page)
    assert f"You: {told}" in ben.text
    rita.get(page)
    assert f"Ben Ng: {told}" in rita.text
    assert f"You: {told}" not in rita.text
    session.expire_all()
    assert {one.reviewer_id: one.changes for one in session.query(CandidateReview)} == {
        cast.recruiter.id: 2,
        cast.other.id: 2,
    }


@pytest.mark.parametrize("hx", [False, True])
def test_two_tabs_do_not_write_over_each_other(session, rita, page, form, criteria, hx):
    score, reason = f"{criteria[0]}-score", f"{criteria[0]}-reason"
    rita.get(form)
    stale = rita.page
    rita.submit(form, **{score: "4", reason: "First tab"})
    rita.page = stale
    answer = rita.submit(form, hx=hx, **{score: "1", reason: "Second tab"})
    assert answer.status_code == 409
    assert "You changed this review in another window." in rita.text
    assert "Kept so far: 4, Strong. First tab" in rita.text
    assert "Second tab" in answer.get_data(as_text=True)
    assert [one[1:] for one in said(session)] == [(4, "First tab")]
    assert rita.submit(form, **{score: "1"}).location == f"{page}#reviews"
    assert [one[1:] for one in said(session)] == [(1, "Second tab")]


def test_words_that_changed_under_a_reviewer_are_read_again(
    session, rita, ben, form, here, opening, criteria
):
    ben.get(form)
    stale = ben.page
    where = f"{here}/openings/{opening.id}"
    rita.get(where)
    first, second = (f"criterion-{one}" for one in criteria)
    rita.submit(where, **{first: "Explains indexes", second: "", "new": "Asks back"})
    ben.page = stale
    fields = {f"{one}-{what}": "3" for one in criteria for what in ("score", "reason")}
    answer = ben.submit(form, **fields)
    assert answer.status_code == 409
    for text in ("words of this opening changed", "Explains indexes", "Asks back"):
        assert text in ben.text
    assert said(session) == []
    assert ben.submit(form, **{f"{criteria[0]}-score": "3"}).status_code == 303


def test_an_opening_that_closed_takes_no_review_and_loses_no_word(
    session, rita, ben, form, here, opening, criteria
):
    ben.get(form)
    rita.send(f"{here}/openings/{opening.id}/close")
    answer = ben.submit(form, **{f"{criteria[0]}-score": "3", f"{criteria[0]}-reason": "Long"})
    assert answer.status_code == 409
    assert "This opening was closed" in ben.text
    assert "Long" in answer.get_data(as_text=True)
    assert said(session) == []


def test_old_reviews_of_a_closed_opening_stay_readable_to_those_who_reviewed(
    cast, rita, ben, hire, browser_of, page, here, opening, review
):
    hire(cast.desk)
    review(rita, (4, "Drew one"))
    review(ben, (2, "Mixed them up"))
    rita.send(f"{here}/openings/{opening.id}/close")
    ben.get(page)
    assert "Drew one" in ben.text
    assert "This opening is closed." in ben.text
    assert "Change mine" not in ben.text
    dan = browser_of(cast.desk)
    dan.get(page)
    assert "Platform lead" not in part(dan, "reviews")


def test_who_left_is_still_named_beside_what_they_said(cast, rita, ben, page, here, review):
    review(rita, (4, "Drew one"))
    review(ben, (2, "Mixed them up"))
    ben.send(f"{here}/my-team/leave")
    rita.get(page)
    assert "Ben Ng, no longer in the team 2, Fair Mixed them up" in part(rita, "reviews")
    assert ben.get(page).status_code == 403


def test_another_team_reviews_for_itself(
    cast, session, rita, hire, browser_of, page, form, review, let_see
):
    review(rita, (4, "Drew one"))
    zeta = hire(cast.desk, team="Zeta")
    dan = browser_of(cast.desk)
    assert dan.get(form).status_code == dan.send(form, seen="0").status_code == 404
    place = make_attendee(session, event=cast.event, person=cast.desk)
    let_see(cast.attendee, by=place, place=cast.amina, agrees=False)
    team = session.get_one(Team, (cast.event.id, zeta.team_id))
    agree(session, team=team, person=cast.attendee, now=clock.now())
    assert dan.get(page).status_code == 200
    assert "Drew one" not in dan.text
    assert "Platform lead" not in dan.text
    assert dan.get(form).status_code == dan.send(form, seen="0").status_code == 404


def test_nobody_but_members_reviews(cast, session, browser_of, browser, form, page):
    for who, status in (("organiser", 403), ("attendee", 403), ("stranger", 404)):
        other = browser_of(getattr(cast, who))
        assert other.get(form).status_code == other.send(form).status_code == status
        assert other.send(f"{page}/notes", text="x").status_code == status
    assert browser.get(form).location.startswith("/sign-in")
    assert session.query(CandidateReview).count() == 0


def test_whoever_is_not_seen_is_not_reviewed(cast, session, rita, here, opening, let_see, somebody):
    chen = somebody("Chen Li")
    let_see(chen, agrees=False)
    form = f"{here}/candidates/{chen.id}/reviews/{opening.id}"
    assert rita.get(form).status_code == rita.send(form, seen="0").status_code == 404


def test_taking_it_back_deletes_reviews_notes_and_what_was_told_of_them(
    cast, session, rita, ben, page, team, review, seen
):
    review(rita, (4, "Drew one"))
    review(ben, (2, "Mixed them up"))
    rita.send(f"{page}/notes", text="Call her")
    withdraw(session, team=team, person=seen, now=clock.now())
    assert said(session) == []
    assert session.query(CandidateReview).count() == session.query(HistoryEntry).count() == 0
    agree(session, team=team, person=seen, now=clock.now())
    rita.get(page)
    for text in ("Drew one", "Mixed them up", "Call her", "reviewed for", "noted"):
        assert text not in rita.text


def test_twenty_reviews_take_as_many_queries_as_two(
    cast, session, rita, hire, somebody, page, seen, opening, criteria, review
):
    review(rita, (4, "Drew one"), (4, "Asked back"))
    asked, now = [], clock.now()
    for wanted in (range(2), range(2, 20)):
        for number in wanted:
            member = hire(somebody(f"Colleague {number:02}"))
            write_review(
                session,
                member=member,
                person_id=seen.id,
                opening_id=opening.id,
                rated=[Rated(one, number % 4 + 1, f"R{number:02}") for one in criteria],
                seen=Seen(opening=0, review=0),
                now=now,
            )
            rita.send(f"{page}/notes", text=f"N{number:02}")
        session.commit()
        with counted(database.db.engine) as statements:
            rita.get(page)
        asked.append(len(statements))
        assert rita.text.count("Colleague ") >= 2 * wanted.stop
    assert asked[0] == asked[1]


def test_colleagues_stand_in_the_same_order_whatever_they_gave_and_when(
    cast, rita, ben, hire, page, browser_of, review, evening, somebody
):
    carl = somebody("Carl Young")
    for person in (cast.desk, carl):
        hire(person)
    review(rita, (2, "R"), (3, "R"))
    for who, scores in ((browser_of(carl), (3, 2)), (browser_of(cast.desk), (4, 1)), (ben, (1, 4))):
        evening.shift(timedelta(minutes=1))
        review(who, *((score, "Said so") for score in scores))
    rita.get(page)
    order = re.findall(r"(You|Ben Ng|Carl Young|Dan Desk) \d,", part(rita, "reviews"))
    assert order == ["You", "Ben Ng", "Carl Young", "Dan Desk"] * 2


def test_a_review_opens_those_of_the_same_candidate_for_the_same_opening_alone(
    cast, session, rita, ben, page, here, team, review, let_see, somebody, opening, criteria
):
    chen = somebody("Chen Li")
    let_see(chen)
    member = member_of(session, event_id=cast.event.id, person_id=cast.recruiter.id)
    other = add_opening(session, member=member, title="Lead", criteria=["Leads"], now=clock.now())
    (leads,) = [one.id for one in session.query(Criterion).filter_by(opening_id=other.id)]
    session.commit()
    review(ben, (2, "canary of Ben"))
    review(rita, (4, "About Chen"), of=chen)
    form = f"{page}/reviews/{other.id}"
    rita.get(form)
    rita.submit(form, **{f"{leads}-score": "4", f"{leads}-reason": "Led it"})
    rita.get(page)
    assert "Led it" in rita.text
    assert "canary" not in rita.text
    assert "Ben Ng reviewed" not in rita.text
    rita.get(f"{here}/candidates/{chen.id}")
    assert "About Chen" in rita.text
    assert "canary" not in rita.text


def test_a_member_is_the_reviewer_whoever_they_say_they_are(cast, session, rita, form, criteria):
    fields = {f"{criteria[0]}-score": "3", f"{criteria[0]}-reason": "Mine", "seen": "0"}
    rita.send(form, seen_opening="0", reviewer_id=cast.other.id, **fields)
    assert said(session) == [(cast.recruiter.id, 3, "Mine")]
