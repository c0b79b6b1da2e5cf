"""Ten days in an office, measured and published, as a report: it shows what the reference counts.

That a replay through the services leaves these talks is tested with the replay.
"""

import csv
from datetime import timedelta

import pytest
from crowds import Said, let_talk, make_crowd
from insights.office import EXPECTED, compare_mixing

import real_data
from people import make_event, make_person
from webapp.core import clock
from webapp.exchange.sociopatterns import people as people_of
from webapp.exchange.sociopatterns import read_contacts, read_groups
from webapp.insights.services import freeze_summary


@pytest.fixture
def report(session, evening, browser_of):
    """The page of the report of the office, as its organiser sees it."""
    olga = make_person(session)
    with real_data.CONVERSATIONS["invs15"].open() as file:
        talks = list(csv.DictReader(file))
    names = people_of(read_contacts(real_data.CONTACTS["invs15"]))
    groups = read_groups(real_data.GROUPS["invs15"])
    first, last = (edge(int(talk["start_s"]) for talk in talks) for edge in (min, max))
    ends_at = clock.now() - timedelta(days=1)
    starts_at = ends_at - timedelta(seconds=last - first + 60)
    event = make_event(session, by=olga, starts_at=starts_at, ends_at=ends_at)
    ids = make_crowd(session, event=event, groups=[groups[name] for name in names])
    number = {name: at for at, name in enumerate(names)}
    said = [
        Said(
            starts_at + timedelta(seconds=int(talk["start_s"]) - first),
            number[talk["a"]],
            number[talk["b"]],
        )
        for talk in talks
    ]
    let_talk(session, event=event, ids=ids, said=said)
    assert freeze_summary(session, event=event, now=clock.now()).is_final
    session.commit()
    browser = browser_of(olga)
    assert browser.get(f"/events/{event.id}/report").status_code == 200
    return browser.page


def test_mixing_is_that_of_the_reference_wherever_it_is_shown(report):
    compare_mixing(report)


def test_figures_are_those_of_the_reference(report):
    figures = {
        row[0].text: row[1][0].text for row in report.all("div") if row[:1] and row[0].tag == "dt"
    }
    for label, text in {
        "talks": to_5("conversations"),
        "came": to_5("people"),
        "pairs": to_5("pairs"),
        "talks, in the middle": round(EXPECTED["median_conversations"]),
        "people met, in the middle": round(EXPECTED["median_degree"]),
        "talked again": f"{100 * EXPECTED['repeat_pair_share']:.0f}%",
        "density": f"{100 * EXPECTED['density']:.0f}%",
        "closed triangles": f"{100 * EXPECTED['transitivity']:.0f}%",
        "concentration": f"{100 * EXPECTED['gini_conversations']:.0f}",
    }.items():
        assert figures[label].replace("\u2009", "") == str(text), label


def to_5(key):
    return 5 * round(EXPECTED[key] / 5)
