"""Guards of pages, links, files and mails against what somebody typed."""

from guards import rows
from guards.guard import Guard

LINKS = "webapp/ties/rules/links.py"
HEADERS = "webapp/security/headers.py"
SHEETS = "webapp/core/spreadsheets.py"
CARDS = "webapp/ties/rules/cards.py"
CALENDARS = "webapp/followups/rules/calendars.py"
DELIVERY = "webapp/mail/delivery.py"
LINK_TESTS = "tests/ties/test_link_rules.py"
HEADER_TESTS = "tests/security/test_headers.py"
SHEET_TESTS = "tests/core/test_spreadsheets.py"
CARD_TESTS = "tests/ties/test_contact_card.py"
CALENDAR_TESTS = "tests/followups/test_calendar_files.py"
DELIVERY_TESTS = "tests/mail/test_delivery.py"
SIGN_IN = "tests/accounts/test_sign_in.py"

GUARDS = (
    Guard(
        row=rows.SCRIPTS,
        what="what somebody typed is text on every page",
        file="templates/ties/person.html",
        old="<bdi>{{ note.text }}</bdi>",
        new="<bdi>{{ note.text | safe }}</bdi>",
        test="tests/ties/test_notes.py::test_markup_in_a_note_is_text",
    ),
    Guard(
        row=rows.SCRIPTS,
        what="no template prints anything unescaped",
        file="templates/about/how.html",
        old="{{ limit.what }}",
        new="{{ limit.what | safe }}",
        test="tests/architecture/test_templates.py::test_nothing_is_printed_unescaped",
    ),
    Guard(
        row=rows.SCRIPTS,
        what="nor has a script or a style in it",
        file="templates/about/how.html",
        old='<p class="lead">',
        new='<p class="lead" style="color: red">',
        test="tests/architecture/test_templates.py::test_nothing_is_inline",
    ),
    Guard(
        row=rows.SCRIPTS,
        what="hostile texts in every column open no dialog and break no policy",
        file="webapp/factory.py",
        old="    app.jinja_env.undefined = StrictUndefined\n",
        new="    app.jinja_env.undefined = StrictUndefined\n    app.jinja_env.autoescape = False\n",
        test="tests/browser/test_every_screen.py"
        "::test_every_screen_can_be_read_in_the_dark_and_runs_no_text_as_a_script",
        is_long=True,
    ),
    *(
        Guard(
            row=rows.SCRIPTS,
            what=f"browsers are told: {name}",
            file=HEADERS,
            old=f'    "{name}": "{value}",\n',
            new=f'    "{name}": "*",\n',
            test=f"{HEADER_TESTS}::test_every_answer_is_guarded",
        )
        for name, value in (
            ("script-src", "'self'"),
            ("style-src", "'self'"),
            ("object-src", "'none'"),
            ("base-uri", "'none'"),
            ("frame-ancestors", "'none'"),
        )
    ),
    Guard(
        row=rows.SCRIPTS,
        what="errors are answered under the same policy",
        file=HEADERS,
        old="    app.after_request(add)\n",
        new="    app.after_request(lambda answer: add(answer) if answer.status_code < 400"
        " else answer)\n",
        test=f"{HEADER_TESTS}::test_every_error_is_guarded",
    ),
    Guard(
        row=rows.SCRIPTS,
        what="links are https or mailto",
        file=LINKS,
        old='    if scheme and scheme[1].lower() not in {"https", "http"}:\n'
        "        raise _NoLink(Problem.SCHEME)\n",
        new="    if scheme and scheme[1].lower() not in {'https', 'http'}:\n"
        "        return urlsplit(text)._replace(scheme='https'), 'example.org'\n",
        test=f"{LINK_TESTS}::test_what_is_no_safe_link_is_none_of_any_kind",
    ),
    Guard(
        row=rows.SCRIPTS,
        what="none hides a name before its host",
        file=LINKS,
        old='    if "@" in parts.netloc:\n        raise _NoLink(Problem.USER_NAME)\n',
        new="",
        test=f"{LINK_TESTS}::test_what_is_no_safe_link_is_none_of_any_kind",
    ),
    Guard(
        row=rows.SCRIPTS,
        what="a link that says it is of a network is at one of its hosts",
        file=LINKS,
        old="    if host not in hosts or has_own_port:",
        new="    if False:",
        test=f"{LINK_TESTS}::test_a_link_that_is_not_what_it_says_is_refused",
    ),
    Guard(
        row=rows.SCRIPTS,
        what="international names are written as punycode",
        file=LINKS,
        old="        host = idna.encode(name, uts46=True).decode().lower().removesuffix(",
        new="        host = name.lower().removesuffix(",
        test=f"{LINK_TESTS}::test_a_link_is_stored_in_one_plain_form",
    ),
    Guard(
        row=rows.SCRIPTS,
        what="no page that sends on to any address",
        file=LINKS,
        old="        raise _NoLink(Problem.SHORTENED)\n",
        new="        return\n",
        test=f"{LINK_TESTS}::test_what_is_no_safe_link_is_none_of_any_kind",
    ),
    Guard(
        row=rows.SCRIPTS,
        what="nothing unseen, and nothing that turns the direction, is in a link",
        file=LINKS,
        old="    if any(_is_unseen(one) for one in text):\n        raise _NoLink(Problem.UNSEEN)\n",
        new="",
        test=f"{LINK_TESTS}::test_no_control_or_direction_character_gets_into_a_link",
    ),
    Guard(
        row=rows.SCRIPTS,
        what="after signing in one comes back to this site alone",
        file="webapp/core/urls.py",
        old='or value.startswith(("//", "/\\\\")):',
        new="or False:",
        test=f"{SIGN_IN}::test_next_never_leads_elsewhere",
    ),
    Guard(
        row=rows.SCRIPTS,
        what="also where browsers read an address differently",
        file="webapp/core/urls.py",
        old="    return value if is_clean and not parts.scheme and not parts.netloc else None",
        new="    return value if not parts.scheme and not parts.netloc else None",
        test=f"{SIGN_IN}::test_next_never_leads_elsewhere",
    ),
    Guard(
        row=rows.FILES,
        what="a text that starts a formula is defused",
        file=SHEETS,
        old='    return f"\'{text}" if _FORMULA.match(cell) else text\n',
        new="    return text\n",
        test=f"{SHEET_TESTS}::test_what_would_start_a_formula_is_text",
    ),
    Guard(
        row=rows.FILES,
        what="a real spreadsheet program finds no formula in any file",
        file=SHEETS,
        old='    return f"\'{text}" if _FORMULA.match(cell) else text\n',
        new="    return text\n",
        test="tests/recruiting/exporting/test_spreadsheet.py::test_nothing_is_run",
        is_long=True,
    ),
    Guard(
        row=rows.FILES,
        what="full-width signs too",
        file=SHEETS,
        old="\\uff1d\\uff0b\\uff20\\uff0d",
        new="",
        test=f"{SHEET_TESTS}::test_what_would_start_a_formula_is_text",
    ),
    Guard(
        row=rows.FILES,
        what="and tab, line ends and NUL",
        file=SHEETS,
        old="|[\\\\t\\\\r\\\\n\\\\x00])",
        new=")",
        test=f"{SHEET_TESTS}::test_what_would_start_a_formula_is_text",
    ),
    Guard(
        row=rows.FILES,
        what="however another program splits the lines",
        file=SHEETS,
        old='    text = _FORMULA_INSIDE.sub(r"\\1\'", cell) if _FORMULA_INSIDE.search(cell) else cell\n',
        new="    text = cell\n",
        test=f"{SHEET_TESTS}::test_however_a_program_splits_the_lines_no_cell_is_a_formula",
    ),
    Guard(
        row=rows.FILES,
        what="quotes are doubled (RFC 4180)",
        file=SHEETS,
        old="text.replace(chr(34), chr(34) * 2)",
        new="text",
        test=f"{SHEET_TESTS}::test_every_text_comes_through",
    ),
    Guard(
        row=rows.FILES,
        what="one card comes out of a card, whatever is typed",
        file=CARDS,
        old='(",", "\\\\,"), ("\\n", "\\\\n")',
        new='(",", "\\\\,")',
        test=f"{CARD_TESTS}::test_hard_text_anywhere_else_stays_in_its_line",
    ),
    Guard(
        row=rows.FILES,
        what="with controls and lone CR as blanks",
        file=CARDS,
        old="    clean = unix.translate(_CONTROLS_AS_BLANKS)\n",
        new="    clean = unix\n",
        test=f"{CARD_TESTS}::test_hard_text_anywhere_else_stays_in_its_line",
    ),
    Guard(
        row=rows.FILES,
        what="and lines folded at 75 octets",
        file=CARDS,
        old="75 - bool(parts)",
        new="80 - bool(parts)",
        test=f"{CARD_TESTS}::test_a_fold_never_cuts_a_character",
    ),
    Guard(
        row=rows.FILES,
        what="one entry comes out of a calendar file, whatever is typed",
        file=CALENDARS,
        old='(",", "\\\\,"), ("\\n", "\\\\n")',
        new='(",", "\\\\,")',
        test=f"{CALENDAR_TESTS}::test_hard_words_stay_in_their_line",
    ),
    Guard(
        row=rows.FILES,
        what="with controls as blanks",
        file=CALENDARS,
        old='return "".join(" " if category(c) in {"Cc", "Cs"} and c != "\\n" else c for c in unix)',
        new="return unix",
        test=f"{CALENDAR_TESTS}::test_hard_words_stay_in_their_line",
    ),
    Guard(
        row=rows.FILES,
        what="a subject is one line",
        file="webapp/mail/services.py",
        old="    subject = one_line(subject)\n",
        new="",
        test=f"{DELIVERY_TESTS}::test_a_subject_cannot_smuggle_headers",
    ),
    Guard(
        row=rows.FILES,
        what="a mail that would be read with other headers is not sent",
        file=DELIVERY,
        old="    if read.keys() != message.keys():\n"
        '        raise ValueError("its headers would be read differently")\n',
        new="",
        test=f"{DELIVERY_TESTS}::test_a_mail_with_headers_of_its_own_is_not_sent",
    ),
    Guard(
        row=rows.FILES,
        what="nor one that would be read with another recipient",
        file=DELIVERY,
        old='    if [address.addr_spec for address in read["To"].addresses] != [recipient]:\n'
        '        raise ValueError("its recipient would be read differently")\n',
        new="",
        test=f"{DELIVERY_TESTS}::test_a_recipient_cannot_smuggle_headers",
    ),
    Guard(
        row=rows.FILES,
        what="what is typed does not end a mail",
        file="webapp/core/text.py",
        old='    visible = (c for c in kept if unicodedata.category(c) not in {"Cc", "Cs", "Cn"})',
        new="    visible = kept",
        test=f"{DELIVERY_TESTS}::test_a_subject_cannot_smuggle_headers",
    ),
)
