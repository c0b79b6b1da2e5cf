"""Guards of who sees whom, of objects by id, and of what is gone."""

from guards import rows
from guards.guard import Guard

TEAM_GATE = "webapp/recruiting/gate.py"
GATE = "webapp/ties/gate.py"
FACTORY = "webapp/factory.py"
LEAVING = "webapp/exchange/mydata/leaving.py"
ERASING = "webapp/exchange/mydata/services.py"
WITHDRAWN = "webapp/retention/withdrawn/services.py"
SEEN_BY_TEAMS = "tests/recruiting/test_whom_a_team_sees.py::test_the_app_and_the_model_agree"
GATE_TESTS = "tests/ties/test_gate.py"
LEAVING_TESTS = "tests/exchange/mydata/test_leaving.py"
REGISTRY = "tests/exchange/mydata/test_registry.py"

GUARDS = (
    Guard(
        row=rows.OVER_REACH,
        what="pages of those who run an event are the same whoever talked with whom",
        file="webapp/hosting/queries.py",
        old="            Attendee.checked_in_at.is_not(None),\n",
        new="            Attendee.checked_in_at.is_not(None),\n"
        "            Attendee.id.not_in(__import__('sqlalchemy').text('SELECT low_id FROM"
        " conversation')),\n",
        test="tests/hosting/test_nothing_of_talks.py"
        "::test_hosts_read_the_same_before_and_after_people_talked",
    ),
    Guard(
        row=rows.OVER_REACH,
        what="also had they all talked with others",
        file="webapp/badges/desk/queries.py",
        old="        first = listed.order_by(Attendee.folded, Attendee.id).limit(MOST_SHOWN)\n",
        new="        by_talks = __import__('sqlalchemy').text('(SELECT min(high_id) FROM conversation'\n"
        "            ' WHERE low_id = attendee.id)')\n"
        "        first = listed.order_by(by_talks, Attendee.id).limit(MOST_SHOWN)\n",
        test="tests/crawl/test_numbers_only.py"
        "::test_pages_of_helpers_are_the_same_whoever_talked_with_whom",
    ),
    Guard(
        row=rows.OVER_REACH,
        what="no answer to anybody has a text in it that is not for them (crawl of every route)",
        file="webapp/conversations/queries.py",
        old="        (_MINE.event_id == Conversation.event_id) &"
        ' (_MINE.person_id == bindparam("person_id")),\n    )\n    .join(\n        _OTHER,\n'
        "        (_OTHER.event_id == Conversation.event_id)\n        & or_(",
        new="        (_MINE.event_id == Conversation.event_id) &"
        ' (_MINE.person_id != bindparam("person_id")),\n    )\n    .join(\n        _OTHER,\n'
        "        (_OTHER.event_id == Conversation.event_id)\n        & or_(",
        test="tests/crawl/test_reading.py::test_nobody_reads_what_is_not_for_them",
        is_long=True,
    ),
    Guard(
        row=rows.OVER_REACH,
        what="a team sees only who agreed, and still does",
        file=TEAM_GATE,
        old="            Agreement.withdrawn_at.is_(None),\n",
        new="",
        test=SEEN_BY_TEAMS,
    ),
    Guard(
        row=rows.OVER_REACH,
        what="and who talked with the team",
        file=TEAM_GATE,
        old="            *how,\n",
        new="",
        test=SEEN_BY_TEAMS,
    ),
    Guard(
        row=rows.OVER_REACH,
        what="in a talk that is proven",
        file=TEAM_GATE,
        old="        Conversation.proven_at.is_not(None),\n",
        new="",
        test=SEEN_BY_TEAMS,
    ),
    Guard(
        row=rows.OVER_REACH,
        what="and stands",
        file=TEAM_GATE,
        old="        Conversation.undone_at.is_(None),\n",
        new="",
        test=SEEN_BY_TEAMS,
    ),
    Guard(
        row=rows.OVER_REACH,
        what="over a tie that is open",
        file=TEAM_GATE,
        old="            is_open_between(colleague.person_id, Attendee.person_id),\n",
        new="",
        test=SEEN_BY_TEAMS,
    ),
    Guard(
        row=rows.OVER_REACH,
        what="with no block between",
        file=TEAM_GATE,
        old="        ~is_blocked(LOOKER, Attendee.person_id),\n",
        new="",
        test=SEEN_BY_TEAMS,
    ),
    Guard(
        row=rows.OVER_REACH,
        what="who is handed over is seen after their own yes alone",
        file=TEAM_GATE,
        old="        Handover.is_accepted.is_(True),\n",
        new="",
        test=SEEN_BY_TEAMS,
    ),
    Guard(
        row=rows.OVER_REACH,
        what="a link that is never for recruiters goes to none",
        file=GATE,
        old="(Link.audience == Audience.NEVER_RECRUITERS) & ~is_recruiter",
        new="Link.audience == Audience.NEVER_RECRUITERS",
        test="tests/ties/test_audiences.py"
        "::test_whoever_is_or_was_a_recruiter_anywhere_never_gets_it",
    ),
    Guard(
        row=rows.OBJECTS,
        what="ids are opaque",
        file="webapp/core/ids.py",
        old="secrets.token_bytes(10)",
        new="secrets.token_bytes(2).rjust(10)",
        test="tests/security/test_hosts.py::test_ids_have_80_random_bits",
    ),
    Guard(
        row=rows.OBJECTS,
        what="a route without a rule who may use it does not start the app",
        file=FACTORY,
        old="    refuse_unguarded(app)\n",
        new="",
        test="tests/security/test_access.py"
        "::test_the_real_app_does_not_start_with_an_unguarded_route",
    ),
    Guard(
        row=rows.OBJECTS,
        what="a tie is found by its two people alone",
        file=GATE,
        old='    row = session.execute(_one_of_mine(), {"me": person_id, "tie": tie_id}).first()',
        new="    either = select(Tie, Person).join(Person, Person.id == Tie.low_person_id)\n"
        "    row = session.execute(either.where(Tie.id == tie_id)).first()",
        test=f"{GATE_TESTS}::test_a_third_person_gets_nothing_over_the_tie_of_two_others",
    ),
    Guard(
        row=rows.OBJECTS,
        what="a talk is found by its two sides alone",
        file="webapp/conversations/queries.py",
        old="        (_MINE.event_id == Conversation.event_id) &"
        ' (_MINE.person_id == bindparam("person_id")),\n    )\n    .join(\n        _OTHER,\n'
        "        (_OTHER.event_id == Conversation.event_id)\n        & or_(",
        new="        (_MINE.event_id == Conversation.event_id) &"
        ' (_MINE.person_id != bindparam("person_id")),\n    )\n    .join(\n        _OTHER,\n'
        "        (_OTHER.event_id == Conversation.event_id)\n        & or_(",
        test="tests/conversations/test_who_may.py::test_the_page_of_a_talk_is_for_its_two_sides",
    ),
    Guard(
        row=rows.OBJECTS,
        what="a link of another is as unknown as none",
        file="webapp/ties/queries.py",
        old="select(Link).where(Link.id == link_id, Link.person_id == person_id)",
        new="select(Link).where(Link.id == link_id)",
        test="tests/ties/test_links.py::test_the_id_of_another_persons_link_is_an_unknown_one",
    ),
    Guard(
        row=rows.OBJECTS,
        what="a stranger to an event finds nothing at it",
        file="webapp/events/access.py",
        old="if place is None or place.is_stranger:",
        new="if place is None:",
        test="tests/conversations/test_who_may.py::test_nobody_else_may",
    ),
    Guard(
        row=rows.OBJECTS,
        what="a note is read by its author alone",
        file="webapp/ties/services.py",
        old="    key = (author.event_id, author.id, about_id)\n",
        new="    key = (author.event_id, about_id, author.id)\n",
        test="tests/ties/test_notes.py::test_a_note_is_seen_by_its_author_alone",
    ),
    Guard(
        row=rows.OBJECTS,
        what="no form is poured into a row: each field is taken by its name",
        file="webapp/ties/views/cards.py",
        old="    said = form.command()\n",
        new="    said = form.command()\n    form.populate_obj(current_person())\n",
        test="tests/architecture/test_forms.py::test_no_form_is_poured_into_a_row",
    ),
    Guard(
        row=rows.OBJECTS,
        what="so a field for every column of every table changes nothing more",
        file="webapp/ties/views/cards.py",
        old="    said = form.command()\n",
        new="    said = form.command()\n"
        "    for name in request.form.keys() & {'has_recruited', 'says_depth'}:\n"
        "        current_person().__setattr__(name, True)\n",
        test="tests/security/test_poured.py::test_a_field_for_every_column_changes_nothing_more",
    ),
    Guard(
        row=rows.OBJECTS,
        what="addresses we write come from the settings, never from a request",
        file="webapp/core/urls.py",
        old="    return config().origin + path\n",
        new='    return __import__("flask").request.host_url.rstrip("/") + path\n',
        test="tests/security/test_hosts.py::test_what_we_write_names_our_own_host",
    ),
    Guard(
        row=rows.OBJECTS,
        what="under another name nothing is answered",
        file=FACTORY,
        old="TRUSTED_HOSTS=[config.host] if config.is_production else None",
        new="TRUSTED_HOSTS=None",
        test="tests/core/test_errors.py::test_under_a_foreign_name_nothing_is_built",
    ),
    Guard(
        row=rows.OBJECTS,
        what="no proxy is believed that is not counted",
        file=FACTORY,
        old="    if config.trusted_proxies:\n        hops = config.trusted_proxies\n",
        new="    if True:\n        hops = config.trusted_proxies or 1\n",
        test="tests/security/test_limits.py::test_nobody_is_believed_where_no_proxy_is_trusted",
    ),
    Guard(
        row=rows.OBJECTS,
        what="and of those that are, only what the last one saw",
        file=FACTORY,
        old="        hops = config.trusted_proxies\n",
        new="        hops = config.trusted_proxies + 1\n",
        test="tests/security/test_limits.py::test_only_what_the_trusted_proxy_saw_is_believed",
    ),
    Guard(
        row=rows.OBJECTS,
        what="what is sent is at most a megabyte",
        file=FACTORY,
        old="        MAX_CONTENT_LENGTH=LARGEST_BODY,\n",
        new="",
        test="tests/core/test_errors.py::test_too_much_at_once_is_refused",
    ),
    Guard(
        row=rows.ERASURE,
        what="who leaves is hidden at once",
        file=LEAVING,
        old="    Deleted(Link, _PERSON),\n",
        new="",
        test=f"{LEAVING_TESTS}::test_leaving_hides_everything_at_once",
    ),
    Guard(
        row=rows.ERASURE,
        what="a day later nothing of them is in any table",
        file=LEAVING,
        old="    Deleted(Identity, _PERSON),\n",
        new="",
        test=f"{LEAVING_TESTS}::test_after_a_day_nothing_is_left_in_any_table",
    ),
    Guard(
        row=rows.ERASURE,
        what="nor in what was kept aside to take it back",
        file=ERASING,
        old="erasure.kept, erasure.done_at = None,",
        new="erasure.kept, erasure.done_at = erasure.kept,",
        test=f"{LEAVING_TESTS}::test_after_a_day_nothing_is_left_in_any_table",
    ),
    Guard(
        row=rows.ERASURE,
        what="mails that wait are gone too",
        file=LEAVING,
        old="    Deleted(Mail, _letters_to_me),\n",
        new="",
        test=f"{LEAVING_TESTS}::test_mail_that_waits_for_whoever_leaves_is_dropped_at_once",
    ),
    Guard(
        row=rows.ERASURE,
        what="also those to others that name them",
        file=ERASING,
        old="        session.execute(sa.delete(table).where(table.c.id.in_([row["
        '"id"] for row in rows])))\n',
        new="",
        test=f"{LEAVING_TESTS}::test_mail_that_waits_for_whoever_leaves_is_dropped_at_once",
    ),
    Guard(
        row=rows.ERASURE,
        what="the other side keeps a talk with someone who left, and their own words",
        file=LEAVING,
        old='    Deleted(Note, AsAttendee(("author_id",))),\n',
        new='    Deleted(Note, AsAttendee(("author_id", "about_id"))),\n',
        test=f"{LEAVING_TESTS}::test_the_other_side_keeps_a_talk_with_someone_who_left",
    ),
    Guard(
        row=rows.ERASURE,
        what="a new column has to say what becomes of it",
        file="webapp/exchange/mydata/registry.py",
        old="id kind url audience place added_at removed_at",
        new="id kind url audience place added_at",
        test=f"{REGISTRY}::test_every_column_of_every_table_has_one_fate",
    ),
    Guard(
        row=rows.ERASURE,
        what="nothing of a whole evening is in the log",
        file="webapp/core/logs.py",
        old="    rule = request.url_rule.rule if request.url_rule else NO_ROUTE\n    method =",
        new="    rule = request.path\n    method =",
        test="tests/operating/test_logs.py"
        "::test_of_a_whole_evening_nothing_of_anybody_is_in_the_log",
        is_long=True,
    ),
    Guard(
        row=rows.ERASURE,
        what="an event is erased when its time is over",
        file="webapp/retention/queries.py",
        old="Event.ends_at <= months_later(now, -months)",
        new="Event.ends_at <= months_later(now, -months - 1)",
        test="tests/retention/test_erasing.py"
        "::test_it_is_erased_by_itself_when_the_retention_is_over",
    ),
    Guard(
        row=rows.ERASURE,
        what="an account that was deleted is deleted again after an older copy was brought back",
        file=WITHDRAWN,
        old="    erase_again(session, person_id=person_id, asked_at=said.at, now=now)\n",
        new="",
        test="tests/operating/test_backup.py::test_what_people_took_back_since_is_taken_back_again",
    ),
    Guard(
        row=rows.ERASURE,
        what="files made later are without who took it back",
        file=TEAM_GATE,
        old="            Agreement.withdrawn_at.is_(None),\n",
        new="",
        test="tests/recruiting/test_exports_later.py::test_who_is_gone_is_in_no_file",
    ),
)
