"""Examples: `ruleid` marks what a rule finds, `ok` what it leaves alone."""

# ruff: noqa
# ruleid: links-are-asked-for-at-the-gate
found = select(Link).where(Link.person_id == other.id)
# ruleid: links-are-asked-for-at-the-gate
found = select(Tie, Link).join(Person)
# ok: links-are-asked-for-at-the-gate
found = gate.links_over(session, tie=tie, person_id=me.id)


# ruleid: a-get-writes-nothing
@bp.get("/talks/<talk_id>")
@requires(signed_in)
def talk(talk_id):
    services.confirm(session, talk=talk_id)
    return render_template("talk.html")


# ruleid: a-get-writes-nothing
@bp.get("/talks")
def talks():
    database.session().add(Seen())
    return "ok"


# ok: a-get-writes-nothing
@bp.post("/talks/<talk_id>/confirm")
@requires(signed_in)
def confirm(talk_id):
    services.confirm(session, talk=talk_id)
    return redirect("/")


# ok: a-get-writes-nothing
@bp.get("/people")
def people():
    return render_template("people.html", page=queries.people(database.session()))


# ruleid: codes-of-badges-are-made-in-badges
shown = codes.printed_code(badge)
# ok: codes-of-badges-are-made-in-badges
shown = badge.handle

# ruleid: one-place-commits
session.commit()
# ok: one-place-commits
session.flush()
# ok: one-place-commits
super().commit()

# ruleid: numbers-know-no-names
named = select(Attendee.name)
# ok: numbers-know-no-names
counted = select(func.count(Attendee.id))

# ruleid: teams-see-candidates-through-their-gate
seen = select(Conversation).where(Conversation.event_id == event.id)
# ok: teams-see-candidates-through-their-gate
seen = gate.candidates(member)

# ruleid: notes-are-read-by-their-author
notes = select(Note).where(Note.about_id == person.id)
# ok: notes-are-read-by-their-author
notes = select(Note).where(Note.about_id == person.id, Note.author_id == me.id)
# ok: notes-are-read-by-their-author
notes = select(Note, Event).join(mine, mine.id == Note.author_id).where(mine.person_id == me.id)


def is_right(row, typed):
    # ruleid: codes-are-compared-in-constant-time
    return row.code_digest == digest(typed)


def is_same(row, typed):
    # ok: codes-are-compared-in-constant-time
    return same(row.code_digest, digest(typed))


# ok: codes-are-compared-in-constant-time
found = select(Badge).where(Badge.code_digest == digest(typed))
