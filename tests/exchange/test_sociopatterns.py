import csv
import gzip
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import real_data
from webapp.exchange import sociopatterns
from webapp.exchange.sociopatterns import (
    Contact,
    ContactConversation,
    MalformedRow,
    UnreadableFile,
    form_conversations,
    people,
    read_contacts,
    read_groups,
)


def file_of(folder: Path, content: bytes, name: str = "contacts.dat") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def contacts_at(*times: int, i: str = "1", j: str = "2") -> list[Contact]:
    return [Contact(t, i, j) for t in times]


def published(name: str) -> list[ContactConversation]:
    with real_data.CONVERSATIONS[name].open(newline="") as file:
        return [
            ContactConversation(
                int(row["start_s"]), int(row["end_s"]), row["a"], row["b"], int(row["contact_s"])
            )
            for row in csv.DictReader(file)
        ]


@pytest.mark.parametrize("name", real_data.CONTACTS)
def test_conversations_equal_the_published_ones(name):
    assert form_conversations(read_contacts(real_data.CONTACTS[name])) == published(name)


@pytest.mark.parametrize(("name", "size"), [("sfhh2009", 403), ("invs15", 217)])
def test_people_are_all_ids_in_numeric_order(name, size):
    found = people(read_contacts(real_data.CONTACTS[name]))
    assert len(found) == size
    assert [int(person) for person in found] == sorted(int(person) for person in found)


def test_groups_of_the_workplace():
    groups = read_groups(real_data.GROUPS["invs15"])
    assert len(groups) == 232
    assert groups["20"] == "DCAR"
    assert len(set(groups.values())) == 12


@pytest.mark.parametrize(
    "content",
    [
        b"40 1 2\n60 2 3\n",
        b"40\t1\t2\n60\t2\t3\n",
        b"\xef\xbb\xbf40 1 2\r\n60 2 3\r\n",
        b"40 1 2\r60 2 3",
        b"\n  40  1 \t 2  \n\n\n60 02 3\n   \n",
        gzip.compress(b"40 1 2\n60 2 3\n", mtime=0),
        gzip.compress(b"40 1 2\n", mtime=0) + gzip.compress(b"60 2 3\n", mtime=0),
    ],
)
def test_every_way_to_write_the_same_contacts(tmp_path, content):
    path = file_of(tmp_path, content)
    assert read_contacts(path) == [Contact(40, "1", "2"), Contact(60, "2", "3")]


def test_content_decides_and_not_the_name(tmp_path):
    assert read_contacts(file_of(tmp_path, b"40 1 2\n", "plain.gz")) == contacts_at(40)
    assert read_contacts(file_of(tmp_path, gzip.compress(b"40 1 2"), "a.txt")) == contacts_at(40)


def test_times_may_go_back(tmp_path):
    assert read_contacts(file_of(tmp_path, b"60 1 2\n40 1 2\n")) == contacts_at(60, 40)


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"abc 1\n", 1, 'line 1: expected "time person person", found "abc 1"'),
        (b"40 1 2\n\nabc 1\n", 3, 'line 3: expected "time person person", found "abc 1"'),
        (b"40 1 2 3\n", 1, 'line 1: expected "time person person", found "40 1 2 3"'),
        (b"40 1 2.0\n", 1, 'line 1: expected "time person person", found "40 1 2.0"'),
        (b"40,1,2\n", 1, 'line 1: expected "time person person", found "40,1,2"'),
        (b"40 1 1_0\n", 1, 'line 1: expected "time person person", found "40 1 1_0"'),
        (b"\r\n-20 1 2\r\n", 2, 'line 2: expected a time of 0 or more, found "-20 1 2"'),
        (b"40 7 07\n", 1, 'line 1: expected two different people, found "40 7 07"'),
    ],
)
def test_a_malformed_row_is_named(tmp_path, content, line, message):
    with pytest.raises(MalformedRow) as caught:
        read_contacts(file_of(tmp_path, content))
    assert str(caught.value) == message
    assert caught.value.line == line
    assert caught.value.found == content.decode().strip().splitlines()[-1].strip()


def test_an_endless_row_is_quoted_in_short_and_not_computed(tmp_path):
    with pytest.raises(MalformedRow) as caught:
        read_contacts(file_of(tmp_path, b"40 1 " + b"9" * 5000))
    assert len(caught.value.found) == 80


PACKED = gzip.compress(b"40 1 2\n" * 500, mtime=0)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\n \r\n", id="blank lines"),
        pytest.param(b"\xef\xbb\xbf", id="byte order mark alone"),
        pytest.param(gzip.compress(b"", mtime=0), id="gzip of nothing"),
        pytest.param(PACKED[:2], id="gzip magic alone"),
        pytest.param(PACKED[:-9], id="gzip cut short"),
        pytest.param(PACKED[:-8] + b"\0" * 8, id="gzip with a wrong checksum"),
        pytest.param(PACKED[:12] + b"\xff" * 30 + PACKED[42:], id="gzip damaged"),
        pytest.param("40 1 2".encode("utf-16"), id="UTF-16"),
        pytest.param(b"40 1 2\xe9", id="Latin-1"),
    ],
)
@pytest.mark.parametrize("read", [read_contacts, read_groups])
def test_an_unreadable_file_is_one_plain_error(tmp_path, content, read):
    with pytest.raises(UnreadableFile, match=r"^the "):
        read(file_of(tmp_path, content))


def test_a_small_gzip_cannot_fill_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(sociopatterns, "LARGEST_FILE_BYTES", 1024)
    assert len(PACKED) < 1024
    with pytest.raises(UnreadableFile, match="more than"):
        read_contacts(file_of(tmp_path, PACKED))


def test_groups_with_blanks_or_tabs(tmp_path):
    path = file_of(tmp_path, b"\xef\xbb\xbf7\tHuman Resources\r\n\r\n008 DMI\r\n7\tHuman Resources")
    assert read_groups(path) == {"7": "Human Resources", "8": "DMI"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"7 A\n7 B\n", 'line 2: expected one group per person, found "7 B"'),
        (b"7\n", 'line 1: expected "person group", found "7"'),
        (b"7\t\n", 'line 1: expected "person group", found "7"'),
        (b"7 A B\n", 'line 1: expected "person group", found "7 A B"'),
        (b"7\tA\tB\n", 'line 1: expected "person group", found "7\tA\tB"'),
        (b"x A\n", 'line 1: expected "person group", found "x A"'),
    ],
)
def test_a_malformed_group_is_named(tmp_path, content, message):
    with pytest.raises(MalformedRow) as caught:
        read_groups(file_of(tmp_path, content))
    assert str(caught.value) == message


def test_a_conversation_starts_20_s_before_its_first_row_and_ends_with_its_last():
    (found,) = form_conversations(contacts_at(100, 120, 200))
    assert found == ContactConversation(80, 200, "1", "2", 60)


def test_a_silence_of_600_s_is_still_the_same_conversation():
    (found,) = form_conversations(contacts_at(100, 120, 140, 760))
    assert (found.end_s, found.contact_s) == (760, 80)


def test_a_silence_of_601_s_ends_it():
    found = form_conversations(contacts_at(100, 120, 140, 761, 781, 801))
    assert [(talk.start_s, talk.end_s) for talk in found] == [(80, 140), (741, 801)]


def test_the_silence_counts_from_the_last_row_and_not_from_the_first():
    (found,) = form_conversations(contacts_at(100, 600, 1100, 1600))
    assert (found.start_s, found.end_s) == (80, 1600)


def test_40_s_of_contact_are_no_conversation():
    assert form_conversations(contacts_at(100, 120)) == []


def test_rows_count_once_however_often_and_in_which_order_they_come():
    doubled = [*contacts_at(120, 100, 100), *contacts_at(100, 120, i="2", j="1")]
    assert form_conversations(doubled) == []


def test_order_is_numeric():
    rows = [*contacts_at(20, 40, 60, i="10", j="9"), *contacts_at(20, 40, 60, i="2", j="100")]
    found = form_conversations(rows)
    assert [(talk.a, talk.b) for talk in found] == [("2", "100"), ("9", "10")]


def test_no_contacts_no_conversations():
    assert form_conversations([]) == []
    assert people([]) == []


CONTACTS = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 4), st.integers(1, 4))
    .filter(lambda row: row[1] != row[2])
    .map(lambda row: Contact(20 * row[0], str(row[1]), str(row[2])))
)


@given(contacts=CONTACTS, random=st.randoms(use_true_random=False))
def test_order_and_direction_of_the_rows_do_not_matter(contacts, random):
    shuffled = [
        Contact(t, j, i) if random.random() < 0.5 else Contact(t, i, j) for t, i, j in contacts
    ]
    random.shuffle(shuffled)
    assert form_conversations(shuffled) == form_conversations(contacts)


@given(contacts=CONTACTS)
def test_what_always_holds_of_conversations(contacts):
    found = form_conversations(contacts)
    assert sum(talk.contact_s for talk in found) <= 20 * len(set(contacts))
    for talk in found:
        assert 60 <= talk.contact_s <= talk.end_s - talk.start_s
        assert int(talk.a) < int(talk.b)
    for earlier, later in pairwise(found):
        assert (earlier.start_s, int(earlier.a), int(earlier.b)) < (
            later.start_s,
            int(later.a),
            int(later.b),
        )
