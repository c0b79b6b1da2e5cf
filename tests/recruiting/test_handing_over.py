"""A member hands somebody to the colleague who knows; their own word decides."""

from datetime import timedelta

import pytest
from crawl.test_query_counts import counted

from people import make_attendee, talk
from webapp.conversations.services import block, unblock
from webapp.core import clock
from webapp.core import db as database
from webapp.mail.models import Mail
from webapp.recruiting.models import Handover, HistoryEntry, Standing, Step, Team
from webapp.recruiting.services import handovers as services
from webapp.recruiting.services.consent import agree
from webapp.ties import gate as ties_gate
from webapp.ties.models import Tie
from webapp.ties.queries import tie_between
from webapp.ties.services import untie

WHY = "Ben built the search you asked about"
ASKS = "Rita Recruiter would like Ben Ng of Kora Labs to carry on with you"
CARRIES = "Ben Ng of Kora Labs carries on with you."


@pytest.fixture
def amina(cast, browser_of):
    return browser_of(cast.attendee)


@pytest.fixture
def page(seen, here):
    """Where Amina is reviewed."""
    return f"{here}/candidates/{seen.id}"


@pytest.fixture
def asked(cast, session, rita, ben, page):
    """Rita has asked Amina whether Ben may carry on."""
    rita.get(page)
    answer = rita.submit(f"{page}/hand-over", to=cast.other.id, reason=WHY)
    assert answer.status_code == 303
    return session.query(Handover).one().id


@pytest.fixture
def answer(amina, asked, here):
    """Let Amina answer on the page of her teams."""

    def do(word, *, hx=False):
        amina.get("/me/teams")
        return amina.submit(f"{here}/handovers/{asked}/{word}", hx=hx)

    return do


@pytest.fixture
def handed(session, answer):
    """Amina has said yes."""
    answer("accept")
    return one(session)


def one(session):
    session.expire_all()
    return session.query(Handover).one()


def standing(session):
    session.expire_all()
    return session.query(Standing).one()


def told(session):
    session.expire_all()
    rows = session.query(HistoryEntry).filter(HistoryEntry.step != Step.AGREED)
    return [(row.step.value, row.told) for row in rows.order_by(HistoryEntry.done_at)]


def pages_of(cast, session):
    """The screens on which Amina finds a question."""
    tie = tie_between(session, *sorted((cast.attendee.id, cast.recruiter.id)))
    return ("/me/teams", "/follow-up", f"/people/{tie.id}")


def test_the_candidate_reads_who_to_whom_and_why(cast, session, asked, amina, browser_of):
    for path in pages_of(cast, session):
        amina.get(path)
        for text in (
            ASKS,
            WHY,
            "Your links stay closed to Ben until you two have talked",
            "Rita alone",
        ):
            assert text in amina.text, path
    assert session.query(Mail).filter(Mail.recipient == "amina@example.org").count() == 0


def test_only_the_asker_sees_a_question_that_waits(
    cast, asked, rita, ben, page, here, browser_of, hire
):
    rita.get(page)
    assert "You asked them whether Ben Ng may carry on" in rita.text
    assert WHY in rita.text
    ben.get(page)
    assert WHY not in ben.text
    assert "Who carries on" not in ben.text
    hire(cast.desk, team="Zeta")
    for who in (cast.desk, cast.organiser, cast.co_organiser):
        assert browser_of(who).get(page).status_code in {403, 404}


def test_a_yes_makes_the_colleague_the_owner_of_the_next_step(
    cast, session, handed, ben, rita, amina, page
):
    assert standing(session).owner_id == cast.other.id
    assert told(session) == [("handed", WHY)]
    ben.get(page)
    for text in (
        "You carry on with them. They said yes.",
        WHY,
        "Their links stay closed to you until you two have talked",
        "with Rita Recruiter, handed to you",
        f"Rita Recruiter handed over to Ben Ng: “{WHY}”",
        "Next: not said yet · you",
    ):
        assert text in ben.text, text
    rita.get(page)
    assert "Ben Ng carries on with them. They said yes." in rita.text
    assert "with you, handed to Ben Ng" in rita.text
    for path in pages_of(cast, session)[::2]:
        amina.get(path)
        assert CARRIES in amina.text
        assert "Your links stay closed to Ben until you two have talked" in amina.text


def test_the_list_and_its_filter_say_so_too(cast, session, handed, rita, ben, here):
    rita.get(f"{here}/candidates?colleague={cast.other.id}")
    assert "with you, handed to Ben Ng" in rita.text
    ben.get(f"{here}/candidates")
    assert "with Rita Recruiter, handed to you" in ben.text


def test_no_link_opens_by_it(cast, session, handed, ben, amina, page):
    ids = {"person_id": cast.other.id, "other_id": cast.attendee.id}
    assert ties_gate.open_tie_with(session, **ids) is None
    answer = ben.get(page).get_data(as_text=True)
    assert "amina.example.org" not in answer
    assert "You have no tie with them yourself" in ben.text
    for path in pages_of(cast, session):
        assert "ben.example.org" not in amina.get(path).get_data(as_text=True)


def test_once_the_two_have_talked_nothing_is_said_of_links(cast, session, handed, ben, amina, page):
    talk(session, event=cast.event, by=cast.ben, about=cast.amina)
    ben.get(page)
    assert "You carry on with them" in ben.text
    assert "until you two have talked" not in ben.text
    amina.get("/me/teams")
    assert CARRIES in amina.text
    assert "until you two have talked" not in amina.text


@pytest.mark.parametrize("hx", [False, True])
def test_a_no_is_told_to_the_asker_alone(session, answer, asked, rita, ben, amina, page, hx):
    answer("decline", hx=hx)
    assert one(session).is_accepted is False
    assert session.query(Standing).count() == 0
    assert told(session) == []
    rita.get(page)
    assert "They stay with you: Ben Ng does not carry on." in rita.text
    ben.get(page)
    assert WHY not in ben.text
    assert "Ben Ng does not" not in ben.text
    if not hx:
        amina.get("/me/teams")
    assert "You said no: Ben does not carry on with you." in amina.text


@pytest.mark.parametrize("hx", [False, True])
def test_a_no_can_be_undone_for_ten_minutes(session, answer, amina, evening, asked, here, hx):
    answer("decline")
    evening.shift(timedelta(minutes=9))
    answer("undo", hx=hx)
    assert one(session).is_waiting
    answer("decline")
    evening.shift(timedelta(minutes=10))
    amina.get("/me/teams")
    assert WHY not in amina.text
    assert amina.send(f"{here}/handovers/{asked}/undo").status_code == 404


def test_who_said_no_is_not_asked_about_the_same_colleague_again(
    cast, session, answer, rita, page, hire, somebody
):
    answer("decline")
    rita.get(page)
    assert f"{page}/hand-over" not in [form.get("action") for form in rita.page.all("form")]
    again = rita.send(f"{page}/hand-over", to=cast.other.id, reason="Please?")
    assert again.status_code == 409
    assert "You asked them about this colleague before." in rita.text
    chen = somebody("Chen Li")
    hire(chen)
    rita.get(page)
    assert rita.submit(f"{page}/hand-over", to=chen.id, reason="Chen knows").status_code == 303


def test_a_yes_is_taken_back_at_any_time(
    cast, session, handed, answer, evening, amina, ben, rita, page
):
    evening.shift(timedelta(hours=13))
    answer("decline")
    assert standing(session).owner_id is None
    assert told(session) == [("handed", WHY), ("not_handed", "")]
    for browser in (ben, rita):
        browser.get(page)
        assert "Ben Ng no longer carries on" in browser.text
        assert "They said yes." not in browser.text
    assert "They stay with you: Ben Ng does not carry on." in rita.text
    amina.get("/me/teams")
    assert CARRIES not in amina.text


def test_a_step_that_somebody_else_owns_by_then_stays_theirs(
    cast, session, handed, answer, rita, page
):
    rita.get(page)
    rita.submit(f"{page}/next-step", next_step="Call her", owner=cast.recruiter.id)
    answer("decline")
    assert standing(session).owner_id == cast.recruiter.id


def test_whoever_plans_at_the_same_time_is_told(cast, session, rita, asked, answer, page):
    rita.get(page)
    answer("accept")
    planned = rita.submit(f"{page}/next-step", next_step="Call her", owner="")
    assert planned.status_code == 409
    assert "Amina Diallo changed this just now" in rita.text
    assert standing(session).owner_id == cast.other.id


def test_the_asker_takes_a_waiting_one_back(session, asked, rita, amina, page, here):
    rita.get(page)
    assert rita.submit(f"{page}/hand-over/take-back", hx=True).status_code == 200
    assert "Hand over to a colleague" in rita.text
    amina.get("/me/teams")
    assert WHY not in amina.text
    assert amina.send(f"{here}/handovers/{asked}/accept").status_code == 404
    assert one(session).is_accepted is None


def test_after_the_answer_it_is_too_late_to_take_it_back(session, handed, rita, page):
    answer = rita.send(f"{page}/hand-over/take-back")
    assert answer.status_code == 409
    assert "They have answered meanwhile." in rita.text
    assert "Ben Ng carries on with them." in rita.text
    assert one(session).is_standing


def test_nobody_takes_back_what_somebody_else_asked(session, asked, ben, page):
    assert ben.send(f"{page}/hand-over/take-back").status_code == 409
    assert one(session).is_waiting


def test_one_question_waits_at_a_time(
    cast, session, let_see, asked, ben, rita, page, hire, somebody
):
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    chen = somebody("Chen Li")
    hire(chen)
    ben.get(page)
    answer = ben.submit(f"{page}/hand-over", to=chen.id, reason="Chen knows more")
    assert answer.status_code == 409
    assert "They are being asked already." in ben.text
    assert "Chen knows more" in answer.get_data(as_text=True)
    assert "Ben built" not in ben.text
    assert session.query(Handover).count() == 1


def test_the_next_one_takes_the_place_of_the_one_before(
    cast, session, handed, rita, amina, page, here, hire, somebody
):
    chen = somebody("Chen Li")
    hire(chen)
    rita.get(page)
    rita.submit(f"{page}/hand-over", to=chen.id, reason="Chen knows more")
    waiting = session.query(Handover).filter_by(to_id=chen.id).one()
    amina.get("/me/teams")
    amina.submit(f"{here}/handovers/{waiting.id}/accept")
    assert standing(session).owner_id == chen.id
    amina.get("/me/teams")
    assert "Chen Li of Kora Labs carries on with you." in amina.text
    assert CARRIES not in amina.text
    rita.get(page)
    (menu,) = rita.page.form(f"{page}/hand-over").iter("select")
    assert [option.text for option in menu] == ["Ben Ng"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"reason": ""}, "Please say why: they read it."),
        ({"reason": "x" * 281}, "That is longer than 280 characters."),
        ({"to": "somebody"}, "Not a valid choice"),
    ],
)
@pytest.mark.parametrize("hx", [False, True])
def test_what_cannot_be_asked_stays_typed(cast, session, rita, ben, page, wrong, says, hx):
    typed = {"to": cast.other.id, "reason": WHY} | wrong
    answer = rita.send(f"{page}/hand-over", hx=hx, **typed)
    assert answer.status_code == 422
    assert says in rita.text
    assert typed["reason"] in answer.get_data(as_text=True)
    assert session.query(Handover).count() == 0


def test_the_longest_reason_fits(cast, session, rita, ben, page):
    rita.send(f"{page}/hand-over", to=cast.other.id, reason="x" * 280)
    assert len(one(session).reason) == 280


def test_only_who_has_talked_with_them_hands_over(cast, session, seen, ben, rita, page):
    ben.get(page)
    assert "Hand over" not in ben.text
    assert ben.send(f"{page}/hand-over", to=cast.recruiter.id, reason=WHY).status_code == 409
    tie = session.query(Tie).one()
    untie(session, tie=tie, by=cast.attendee, now=clock.now())
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    assert rita.send(f"{page}/hand-over", to=cast.other.id, reason=WHY).status_code == 409
    assert session.query(Handover).count() == 0


def test_nobody_hands_over_to_themselves_or_outside_the_team(
    cast, session, rita, ben, page, hire, somebody
):
    stranger, zeta = somebody("No Member"), somebody("Of Zeta")
    hire(zeta, team="Zeta")
    for to, status in (
        (cast.recruiter.id, 409),
        (cast.organiser.id, 422),
        (stranger.id, 422),
        (zeta.id, 422),
        (cast.attendee.id, 422),
    ):
        assert rita.send(f"{page}/hand-over", to=to, reason=WHY).status_code == status
    assert session.query(Handover).count() == 0


def test_strangers_and_other_roles_find_no_way_in(cast, page, asked, here, browser_of, hire):
    hire(cast.desk, team="Zeta")
    fields = {"to": cast.other.id, "reason": WHY}
    for who, status in (
        ("organiser", 403),
        ("co_organiser", 403),
        ("desk", 404),
        ("attendee", 403),
        ("stranger", 404),
    ):
        browser = browser_of(getattr(cast, who))
        assert browser.send(f"{page}/hand-over", **fields).status_code == status, who
        assert browser.send(f"{page}/hand-over/take-back").status_code == status, who


@pytest.mark.parametrize("word", ["accept", "decline", "undo"])
def test_a_question_to_somebody_else_looks_like_none(cast, session, asked, browser_of, here, word):
    for who in ("organiser", "desk", "recruiter", "other", "stranger"):
        browser = browser_of(getattr(cast, who))
        found = browser.send(f"{here}/handovers/{asked}/{word}")
        none = browser.send(f"{here}/handovers/zzzzzzzzzzzzzzzz/{word}")
        assert found.status_code == none.status_code == 404, who
    assert one(session).is_waiting


def test_withdrawing_the_agreement_ends_all(cast, session, handed, amina, ben, here, team, page):
    amina.send(f"{here}/teams/{team.id}/take-back")
    assert session.query(Handover).count() == 0
    assert ben.get(page).status_code == 404
    amina.send(f"{here}/teams/{team.id}/agree")
    amina.get("/me/teams")
    assert CARRIES not in amina.text


def test_a_question_about_a_colleague_who_left_is_gone(
    cast, session, asked, ben, rita, amina, page, here
):
    ben.send(f"{here}/my-team/leave")
    amina.get("/me/teams")
    assert WHY not in amina.text
    assert amina.send(f"{here}/handovers/{asked}/accept").status_code == 404
    rita.get(page)
    assert WHY not in rita.text
    assert rita.send(f"{page}/hand-over", to=cast.other.id, reason=WHY).status_code == 422
    assert session.query(Handover).count() == 0


def test_a_colleague_who_leaves_no_longer_carries_on(
    cast, session, handed, ben, amina, rita, here, page
):
    ben.send(f"{here}/my-team/leave")
    amina.get("/me/teams")
    assert CARRIES not in amina.text
    assert standing(session).owner_id is None
    rita.get(page)
    assert "carries on with them" not in rita.text


def test_when_the_asker_leaves_the_colleague_still_carries_on(
    cast, session, handed, rita, ben, amina, here, page
):
    rita.send(f"{here}/my-team/leave")
    assert ben.get(page).status_code == 200
    assert "with Rita Recruiter, handed to you" in ben.text
    ben.get(f"{here}/candidates")
    assert "Amina Diallo" in ben.text
    amina.get("/me/teams")
    assert CARRIES in amina.text


def test_a_question_of_an_asker_who_left_is_gone(session, asked, rita, ben, amina, here, page):
    rita.send(f"{here}/my-team/leave")
    amina.get("/me/teams")
    assert WHY not in amina.text
    assert session.query(Handover).count() == 0
    assert ben.get(page).status_code == 404


def test_untying_the_asker_ends_it_for_good(
    cast, session, handed, rita, ben, amina, here, page, evening
):
    rita.send(f"{here}/my-team/leave")
    tie = tie_between(session, *sorted((cast.attendee.id, cast.recruiter.id)))
    untie(session, tie=tie, by=cast.attendee, now=clock.now())
    assert ben.get(page).status_code == 404
    amina.get("/me/teams")
    assert CARRIES not in amina.text
    evening.shift(timedelta(minutes=11))
    talk(session, event=cast.event, by=cast.amina, about=cast.rita)
    assert ben.get(page).status_code == 404
    amina.get("/me/teams")
    assert CARRIES not in amina.text


def test_a_question_dies_with_the_tie_and_another_can_be_asked(
    cast, session, asked, rita, amina, page, evening
):
    tie = session.query(Tie).one()
    untie(session, tie=tie, by=cast.attendee, now=clock.now())
    evening.shift(timedelta(minutes=11))
    talk(session, event=cast.event, by=cast.amina, about=cast.rita)
    amina.get("/me/teams")
    assert WHY not in amina.text
    assert rita.send(f"{page}/hand-over", to=cast.other.id, reason="Anew").status_code == 303
    amina.get("/me/teams")
    assert "Anew" in amina.text


@pytest.mark.parametrize("blocker", ["attendee", "other"])
def test_a_block_looks_like_a_yes_taken_back(
    cast, session, handed, ben, rita, amina, page, blocker
):
    pair = {"attendee": cast.attendee.id, "other": cast.other.id}
    ids = {"blocker_id": pair.pop(blocker), "blocked_id": pair.popitem()[1]}
    block(session, now=clock.now(), **ids)
    assert ben.get(page).status_code == 404
    amina.get("/me/teams")
    assert CARRIES not in amina.text
    rita.get(page)
    assert "Ben Ng no longer carries on" in rita.text
    assert "They stay with you: Ben Ng does not carry on." in rita.text
    assert standing(session).owner_id is None
    unblock(session, **ids)
    amina.get("/me/teams")
    assert "Ben" not in amina.text


@pytest.mark.parametrize("is_before", [True, False])
def test_a_question_across_a_block_waits_unseen(
    cast, session, rita, ben, amina, page, here, is_before
):
    """Else whoever asks would learn of the block."""

    def do_block():
        ids = {"blocker_id": cast.attendee.id, "blocked_id": cast.other.id}
        block(session, now=clock.now(), **ids)

    if is_before:
        do_block()
    rita.get(page)
    answer = rita.submit(f"{page}/hand-over", to=cast.other.id, reason=WHY)
    assert answer.status_code == 303
    if not is_before:
        do_block()
    rita.get(page)
    assert "They have not answered yet." in rita.text
    for path in pages_of(cast, session):
        amina.get(path)
        assert WHY not in amina.text
    asked = one(session).id
    assert amina.send(f"{here}/handovers/{asked}/accept").status_code == 404


def test_who_joins_the_team_is_asked_nothing_by_it(session, cast, asked, hire, amina):
    hire(cast.attendee)
    amina.get("/me/teams")
    assert WHY not in amina.text


def test_an_erased_event_asks_nothing(session, cast, asked, amina, here):
    cast.event.erasure_asked_at = clock.now()
    amina.get("/me/teams")
    assert WHY not in amina.text
    assert amina.send(f"{here}/handovers/{asked}/accept").status_code == 404


def test_during_the_event_follow_up_keeps_the_question_for_later(session, asked, amina):
    amina.get("/follow-up")
    later = [one for one in amina.page.all("details") if WHY in "".join(one.itertext())]
    assert len(later) == 1


def test_what_was_said_yes_to_is_no_longer_a_question_on_follow_up(session, handed, amina):
    amina.get("/follow-up")
    assert CARRIES not in amina.text


def test_the_same_answer_twice_changes_nothing(session, handed, cast):
    before = standing(session).changes
    services.accept(session, handover=one(session), now=clock.now())
    assert standing(session).changes == before
    assert told(session) == [("handed", WHY)]


def test_many_questions_take_as_many_queries_as_one(cast, session, asked, amina, hire, somebody):
    def ask(number):
        rex, tom = somebody(f"Rex {number}"), somebody(f"Tom {number}")
        member = hire(rex, team=f"Team {number}")
        hire(tom, team=f"Team {number}")
        place = make_attendee(session, event=cast.event, person=rex)
        talk(session, event=cast.event, by=place, about=cast.amina)
        team = session.get_one(Team, (cast.event.id, member.team_id))
        agree(session, team=team, person=cast.attendee, now=clock.now())
        services.hand_over(
            session,
            member=member,
            person_id=cast.attendee.id,
            to_id=tom.id,
            reason=f"Reason {number}",
            now=clock.now(),
        )

    def ask_for(path):
        with counted(database.db.engine) as statements:
            amina.get(path)
        return len(statements)

    ask(0)
    ask(1)
    before = {path: ask_for(path) for path in ("/me/teams", "/follow-up")}
    for number in range(2, 7):
        ask(number)
    for path, expected in before.items():
        assert ask_for(path) == expected, path
        assert "Reason 6" in amina.text
