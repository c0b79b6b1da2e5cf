"""Guards of requests, of signing in, and of who sees much of others."""

from guards import rows
from guards.guard import Guard

DB = "webapp/core/db.py"
CSRF = "webapp/security/csrf.py"
FACTORY = "webapp/factory.py"
RULES = "webapp/accounts/rules.py"
SERVICES = "webapp/accounts/services.py"
VIEWS = "webapp/accounts/views.py"
ACCESS = "webapp/accounts/access.py"
OIDC = "webapp/accounts/oidc.py"
KEYS = "webapp/accounts/keys/services.py"
KEY_RULES = "webapp/accounts/keys/rules.py"
KEY_ACCESS = "webapp/accounts/keys/access.py"
WEBAUTHN = "webapp/accounts/keys/webauthn.py"
TRANSACTION = "tests/core/test_transaction.py"
CSRF_TESTS = "tests/security/test_csrf.py"
HEADERS = "tests/security/test_headers.py"
SIGN_IN = "tests/accounts/test_sign_in.py"
DEVICES = "tests/accounts/test_devices.py"
PROVIDER = "tests/accounts/test_oidc.py"
BROKEN = "tests/accounts/test_broken_provider.py"
STRONG = "tests/accounts/test_strong.py"
PASSKEYS = "tests/accounts/test_passkeys.py"
APPS = "tests/accounts/test_authenticator.py"
RECOVERY = "tests/accounts/test_recovery.py"

GUARDS = (
    Guard(
        row=rows.FORGERY,
        what="a GET has a transaction that cannot write",
        file=DB,
        old='SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})',
        new='SAFE_METHODS = frozenset({"HEAD", "OPTIONS"})',
        test=f"{TRANSACTION}::test_no_reading_request_writes",
    ),
    Guard(
        row=rows.FORGERY,
        what="neither can a HEAD or OPTIONS",
        file=DB,
        old='SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})',
        new='SAFE_METHODS = frozenset({"GET"})',
        test=f"{TRANSACTION}::test_no_reading_request_writes",
    ),
    Guard(
        row=rows.FORGERY,
        what="the database itself refuses a write while it is only read (SQLite)",
        file=DB,
        old="PRAGMA query_only={'ON' if reads_only else 'OFF'}",
        new="PRAGMA query_only={'OFF' if reads_only else 'OFF'}",
        test=f"{TRANSACTION}::test_no_reading_request_writes",
    ),
    Guard(
        row=rows.FORGERY,
        what="the database itself refuses a write while it is only read (PostgreSQL)",
        file=DB,
        old='READ_ONLY = {"bowline_reads_only": True, "postgresql_readonly": True}',
        new='READ_ONLY = {"bowline_reads_only": True}',
        test=f"{TRANSACTION}::test_no_reading_request_writes",
        on="postgresql",
    ),
    Guard(
        row=rows.FORGERY,
        what="what is only changed in memory while reading is a defect, not forgotten",
        file=DB,
        old="        if has_changes:\n            raise WriteOnRead(_where())\n",
        new="",
        test=f"{TRANSACTION}::test_no_reading_request_writes",
    ),
    Guard(
        row=rows.FORGERY,
        what="reading every page as every role leaves the whole database as it was",
        file=DB,
        old="    if is_reading():\n        has_changes",
        new="    if request.endpoint == 'ties.people':\n"
        "        current.execute(sa.text('PRAGMA query_only=OFF'))\n"
        "        current.execute(sa.text(\"UPDATE person SET headline = 'changed'\"))\n"
        "        current.commit()\n"
        "    if is_reading():\n        has_changes",
        test="tests/crawl/test_reading.py::test_reading_changes_nothing",
        is_long=True,
    ),
    Guard(
        row=rows.FORGERY,
        what="every form that changes something needs its token",
        file=CSRF,
        old="    csrf.init_app(app)\n",
        new="    app.config['WTF_CSRF_CHECK_DEFAULT'] = False\n    csrf.init_app(app)\n",
        test=f"{CSRF_TESTS}::test_no_route_that_changes_something_works_without_a_token",
    ),
    Guard(
        row=rows.FORGERY,
        what="a token is that of this sign-in",
        file=ACCESS,
        old="    session[SEED] = new_seed()\n",
        new="    session[SEED] = 'always the same'\n",
        test=f"{CSRF_TESTS}::test_the_token_of_before_the_sign_in_is_none_after_it",
    ),
    Guard(
        row=rows.FORGERY,
        what="one route alone may be posted to from elsewhere",
        file="webapp/offline/views.py",
        old='@bp.post("/inbox")\n@requires(signed_in)\n',
        new='@bp.post("/inbox")\n'
        '@__import__("webapp.security.csrf", fromlist=["csrf"]).from_elsewhere\n'
        "@requires(signed_in)\n",
        test=f"{CSRF_TESTS}::test_one_route_alone_is_open_from_elsewhere",
    ),
    Guard(
        row=rows.FORGERY,
        what="what a browser says comes from another site is refused, even with a token",
        file=CSRF,
        old="    app.before_request(_refuse_cross_site)\n",
        new="",
        test=f"{CSRF_TESTS}::test_what_comes_from_another_site_is_refused_even_with_a_token",
    ),
    Guard(
        row=rows.FORGERY,
        what="the cookie is not sent along from other sites",
        file=FACTORY,
        old='SESSION_COOKIE_SAMESITE="Lax"',
        new="SESSION_COOKIE_SAMESITE=None",
        test=f"{HEADERS}::test_the_cookie_is_for_this_site_and_no_script",
    ),
    Guard(
        row=rows.FORGERY,
        what="a browser that looks ahead gets an empty page",
        file=CSRF,
        old="    app.before_request(_refuse_prefetch)\n",
        new="",
        test=f"{CSRF_TESTS}::test_a_browser_that_guesses_ahead_gets_an_empty_page",
    ),
    Guard(
        row=rows.FORGERY,
        what="who is signed out, as a link preview is, sees nobody of an event",
        file="templates/badges/event.html",
        old="{% block main %}\n",
        new="{% block main %}\nAmina Diallo\n",
        test="tests/badges/test_joining.py::test_the_page_of_an_event_names_nobody_at_it",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="a code has 8 digits",
        file=RULES,
        old="CODE_DIGITS = 8",
        new="CODE_DIGITS = 6",
        test=f"{SIGN_IN}::test_an_eight_digit_code_signs_in",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="lives 10 minutes",
        file=RULES,
        old="CODE_LIFE = timedelta(minutes=10)",
        new="CODE_LIFE = timedelta(minutes=11)",
        test=f"{SIGN_IN}::test_a_code_lives_ten_minutes",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="works only in the browser that asked",
        file=SERVICES,
        old="        or not same(row.browser_digest, plain_digest(browser))\n",
        new="",
        test=f"{SIGN_IN}::test_a_code_works_only_in_the_browser_that_asked",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="five tries; the sixth fails even when it is right",
        file=RULES,
        old="MOST_TRIES = 5",
        new="MOST_TRIES = 6",
        test=f"{SIGN_IN}::test_the_sixth_try_fails_even_when_it_is_right",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="of 50 tries at once at most five are looked at",
        file="webapp/accounts/queries.py",
        old="        .with_for_update()\n",
        new="",
        test=f"{SIGN_IN}::test_of_fifty_tries_at_once_at_most_five_are_evaluated",
        on="postgresql",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="is used once",
        file=SERVICES,
        old="    row.used_at = now\n",
        new="",
        test=f"{SIGN_IN}::test_a_code_is_used_once",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="is kept as a digest only",
        file=SERVICES,
        old="    row.code_digest = _code_digest(row, code)\n",
        new="    row.code_digest = code\n",
        test=f"{SIGN_IN}::test_a_code_is_stored_as_a_digest_only",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="5 codes in 10 minutes for an account",
        file=VIEWS,
        old='@limiter.limit("5 per 10 minutes", key_func=asked_address)\n',
        new="",
        test=f"{SIGN_IN}::test_codes_are_limited_per_account_wherever_they_are_asked_from",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="30 codes in 10 minutes for a network",
        file=VIEWS,
        old='@limiter.limit("5 per 10 minutes", key_func=asked_address)\n'
        '@limiter.limit("30 per 10 minutes", key_func=network)\n',
        new='@limiter.limit("5 per 10 minutes", key_func=asked_address)\n',
        test=f"{SIGN_IN}::test_codes_are_limited_per_network_whoever_they_are_for",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="60 tries in 10 minutes from a network",
        file=VIEWS,
        old='@limiter.limit("60 per 10 minutes", key_func=network)\n',
        new="",
        test=f"{SIGN_IN}::test_tries_are_limited_per_network_whatever_the_code",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="a network is all addresses of a household",
        file="webapp/security/limits.py",
        old="bits = 32 if isinstance(address, IPv4Address) else 64",
        new="bits = 32 if isinstance(address, IPv4Address) else 128",
        test="tests/security/test_limits.py"
        "::test_one_who_changes_the_last_half_of_their_address_is_the_same",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="the answer is the same for known and unknown addresses",
        file=VIEWS,
        old="    _send_code(form.normal_address)\n",
        new="    if not queries.email_address(database.session(), form.normal_address):\n"
        "        abort(404)\n"
        "    _send_code(form.normal_address)\n",
        test=f"{SIGN_IN}::test_the_answer_is_the_same_for_known_and_unknown_addresses",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="a link with the code fills it in and signs nobody in",
        file=VIEWS,
        old="    page = CodePage(\n        CodeForm(request.args),",
        new='    if request.args.get("code"):\n'
        "        return redirect(url_for('conversations.start'), 303)\n"
        "    page = CodePage(\n        CodeForm(request.args),",
        test=f"{SIGN_IN}::test_a_link_with_the_code_only_fills_it_in",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="nothing of the cookie before survives the sign-in",
        file=ACCESS,
        old="    session.clear()\n    session.permanent = True\n",
        new="    session.permanent = True\n",
        test=f"{SIGN_IN}::test_nothing_of_the_cookie_before_survives_the_sign_in",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="a session that was planted is not taken over",
        file="webapp/accounts/arriving.py",
        old="        services.close_device(database.session(), person=before.person,"
        " device_id=before.id)\n",
        new="        pass\n",
        test=f"{SIGN_IN}::test_a_planted_device_is_not_taken_over",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="the first code from a mailbox ends older sessions (pre-hijack: session)",
        file=SERVICES,
        old="    close_all_devices(session, person=person)\n    for model",
        new="    for model",
        test=f"{SIGN_IN}::test_the_first_code_ends_older_devices",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="and sign-ins others connected (pre-hijack: identity)",
        file=SERVICES,
        old="for model in (Identity, Passkey, Authenticator, RecoveryCode):",
        new="for model in (Passkey, Authenticator, RecoveryCode):",
        test=f"{SIGN_IN}::test_the_first_code_ends_identities_others_connected",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="and keys others added (pre-hijack: passkey)",
        file=SERVICES,
        old="for model in (Identity, Passkey, Authenticator, RecoveryCode):",
        new="for model in (Identity, Authenticator, RecoveryCode):",
        test=f"{PASSKEYS}::test_what_a_squatter_added_ends_when_the_mailbox_speaks",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="an address only a provider vouched for leads into no account with a reader"
        " (pre-hijack: address)",
        file=SERVICES,
        old="    if queries.has_proven_reader(session, known.person_id):",
        new="    if False:",
        test=f"{SIGN_IN}::test_another_address_a_provider_vouched_for_does_not_lead_in_later",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="an identity is issuer and subject, never an address (pre-hijack: provider)",
        file=SERVICES,
        old="    if vouched.address and queries.email_address(session, vouched.address):\n"
        "        raise Conflict(",
        new="    if vouched.address and (at := queries.email_address(session, vouched.address)):\n"
        "        return session.get_one(Person, at.person_id)\n"
        "    if False:\n"
        "        raise Conflict(",
        test=f"{PROVIDER}::test_the_same_address_from_another_subject_does_not_open_the_account",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="an address a provider has not verified is not taken",
        file=OIDC,
        old='is_verified = verified is True or verified == "true"',
        new="is_verified = bool(verified) or verified is None",
        test=f"{BROKEN}::test_an_address_counts_only_if_it_is_verified_in_so_many_words",
        is_long=True,
    ),
    Guard(
        row=rows.SIGN_IN,
        what="what a provider signs is checked: for whom, by whom, on which question",
        file=OIDC,
        old='        "aud": {"essential": True, "value": client.client_id},\n',
        new="",
        test=f"{BROKEN}::test_a_broken_return_is_refused_plainly",
        is_long=True,
    ),
    Guard(
        row=rows.SIGN_IN,
        what="what a provider vouched for is forgotten after 10 minutes",
        file="webapp/accounts/providers.py",
        old="    return Vouched(**value) if value and is_fresh else None\n",
        new="    return Vouched(**value) if value else None\n",
        test=f"{PROVIDER}::test_what_was_vouched_for_is_forgotten_after_ten_minutes",
        is_long=True,
    ),
    Guard(
        row=rows.SIGN_IN,
        what="a device that was signed out is dead at once, on the server",
        file=SERVICES,
        old="    session.execute(delete(Device).where(Device.id == device_id, Device.person_id =="
        " person.id))",
        new="    session.execute(delete(Device).where(Device.id == '', Device.person_id =="
        " person.id))",
        test=f"{DEVICES}::test_a_signed_out_token_is_dead_at_once",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="one signs out one's own devices alone",
        file=SERVICES,
        old="delete(Device).where(Device.id == device_id, Device.person_id == person.id)",
        new="delete(Device).where(Device.id == device_id)",
        test=f"{DEVICES}::test_signing_out_anothers_device_does_nothing",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="a device's token is kept as a digest only",
        file=SERVICES,
        old="token_digest=plain_digest(token)",
        new="token_digest=token",
        test=f"{DEVICES}::test_only_a_digest_of_the_token_is_stored",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="14 idle days end a sign-in",
        file=RULES,
        old="IDLE_LIFE = timedelta(days=14)",
        new="IDLE_LIFE = timedelta(days=15)",
        test=f"{DEVICES}::test_fourteen_idle_days_end_it",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="90 days end it in any case",
        file=RULES,
        old="ABSOLUTE_LIFE = timedelta(days=90)",
        new="ABSOLUTE_LIFE = timedelta(days=91)",
        test=f"{DEVICES}::test_use_keeps_it_alive_up_to_ninety_days",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="one's own data is given to who has just signed in",
        file="webapp/exchange/mydata/views.py",
        old='@bp.post("/me/data")\n@requires(proven_afresh)',
        new='@bp.post("/me/data")\n@requires(signed_in)',
        test="tests/exchange/mydata/test_export.py"
        "::test_a_stale_sign_in_is_asked_again_and_comes_back",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="so is deleting the account",
        file="webapp/exchange/mydata/views.py",
        old='@bp.post("/me/leave")\n@requires(freshly_signed_in)',
        new='@bp.post("/me/leave")\n@requires(signed_in)',
        test="tests/exchange/mydata/test_leaving.py::test_a_stale_sign_in_is_asked_again",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="and connecting another way to sign in, which brings an address",
        file=VIEWS,
        old='@bp.get("/me/connect/<name>")\n@requires(freshly_signed_in)',
        new='@bp.get("/me/connect/<name>")\n@requires(signed_in)',
        test=f"{STRONG}::test_another_way_to_sign_in_is_added_by_whoever_has_just_signed_in",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="also by its last form",
        file=VIEWS,
        old="if me is not None and not is_back and not _has_just_signed_in():",
        new="if False:",
        test=f"{STRONG}::test_another_way_to_sign_in_is_added_by_whoever_has_just_signed_in",
    ),
    Guard(
        row=rows.SIGN_IN,
        what="the cookie is for this site's own pages, and no script reads it",
        file=FACTORY,
        old="SESSION_COOKIE_HTTPONLY=True",
        new="SESSION_COOKIE_HTTPONLY=False",
        test=f"{HEADERS}::test_the_cookie_is_for_this_site_and_no_script",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="who runs an event proves by a passkey or an app that it is them",
        file="webapp/events/access.py",
        old="if place.roles & PRIVILEGED and (response := strongly_signed_in()):",
        new="if False and (response := strongly_signed_in()):",
        test=f"{STRONG}::test_no_route_of_those_who_see_others_opens_to_a_mailbox_alone",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="so does who recruits",
        file="webapp/recruiting/access.py",
        old="    if response := strongly_signed_in():\n        return response\n",
        new="",
        test=f"{STRONG}::test_no_route_of_those_who_see_others_opens_to_a_mailbox_alone",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="a mailbox or a provider alone is no such proof",
        file="webapp/accounts/models.py",
        old="STRONG = frozenset({Proof.PASSKEY,",
        new="STRONG = frozenset({Proof.CODE, Proof.PROVIDER, Proof.PASSKEY,",
        test=f"{STRONG}::test_a_mailbox_or_a_provider_does_not",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="what proves more is changed by whoever has just proven it",
        file=KEY_ACCESS,
        old="    if has_factor(database.session(), current_person().id) and (response :="
        " strongly_signed_in()):\n        return response\n",
        new="",
        test=f"{STRONG}::test_a_mailbox_changes_nothing_of_what_proves_more",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="and asked again if that is long ago",
        file=KEY_ACCESS,
        old="        return response\n    return freshly_signed_in()\n",
        new="        return response\n    return None\n",
        test=f"{STRONG}::test_what_proves_more_is_changed_by_whoever_has_just_signed_in",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="a passkey answers one question, once",
        file=KEYS,
        old="    if not take_challenge(session, challenge=challenge, now=now):\n        return None\n"
        "    passkey =",
        new="    passkey =",
        test=f"{PASSKEYS}::test_what_was_signed_once_signs_nobody_in_again",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="within five minutes",
        file=KEY_RULES,
        old="CHALLENGE_LIFE = timedelta(minutes=5)",
        new="CHALLENGE_LIFE = timedelta(minutes=50)",
        test=f"{PASSKEYS}::test_an_old_question_is_not_answered_any_more",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="with a finger or a PIN",
        file=WEBAUTHN,
        old="            credential_current_sign_count=passkey.sign_count,\n"
        "            require_user_verification=True,\n",
        new="            credential_current_sign_count=passkey.sign_count,\n"
        "            require_user_verification=False,\n",
        test=f"{PASSKEYS}::test_what_is_not_as_it_must_be_signs_nobody_in",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="also when it is added",
        file=WEBAUTHN,
        old="            expected_origin=config().origin,\n            require_user_verification=True,",
        new="            expected_origin=config().origin,\n            require_user_verification=False,",
        test=f"{PASSKEYS}::test_what_is_not_as_it_must_be_is_not_added",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="a copy whose count does not grow signs nobody in",
        file=WEBAUTHN,
        old="credential_current_sign_count=passkey.sign_count",
        new="credential_current_sign_count=0",
        test=f"{PASSKEYS}::test_a_copy_whose_count_does_not_grow_signs_nobody_in",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="a passkey says whose it is",
        file=WEBAUTHN,
        old="if handle != handle_of(passkey.person_id) and (handle or not is_named):",
        new="if False:",
        test=f"{PASSKEYS}::test_what_is_not_as_it_must_be_signs_nobody_in",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="what it calls a person tells nobody else who that is",
        file=KEY_RULES,
        old='hashlib.sha256(f"passkey {person_id}".encode()).digest()',
        new="person_id.encode()",
        test=f"{PASSKEYS}::test_keepers_call_each_person_something_else_that_is_not_their_id",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="a passkey of somebody else proves nothing for me",
        file=KEYS,
        old="if passkey is None or (me is not None and passkey.person_id != me.id):",
        new="if passkey is None:",
        test=f"{PASSKEYS}::test_somebody_elses_passkey_proves_nothing_for_me",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="a code of an app is taken once",
        file=KEY_RULES,
        old="if same(codes.at(step), typed) and step > after]",
        new="if same(codes.at(step), typed)]",
        test=f"{APPS}::test_a_code_is_taken_once",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="after five wrong ones even the right one waits",
        file=KEYS,
        old="    if is_waiting(app, now):\n        return Tried.WAITING\n",
        new="",
        test=f"{APPS}::test_after_five_wrong_ones_even_the_right_one_waits",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="the secret of an app is derived from a key that is not in the database",
        file=KEY_RULES,
        old='secret = derive(key, purpose="authenticator", about=about, size=SECRET_BYTES)',
        new='secret = derive("", purpose="authenticator", about=about, size=SECRET_BYTES)',
        test=f"{APPS}::test_a_secret_hangs_on_our_key_on_whose_it_is_and_on_its_salt",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="a recovery code works once",
        file=KEYS,
        old="    found.used_at = now\n    session.flush()\n    _tell(session, person,"
        " Change.CODE_USED",
        new="    session.flush()\n    _tell(session, person, Change.CODE_USED",
        test=f"{RECOVERY}::test_a_code_proves_it_once",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="without the last passkey or app no device counts as proven",
        file=KEYS,
        old="    session.execute(strong.values(proof=Proof.CODE))\n",
        new="    session.execute(strong.values(proof=Proof.PASSKEY))\n",
        test=f"{PASSKEYS}::test_without_the_last_one_no_device_counts_as_proven",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="its owner is told by mail of every change",
        file=KEYS,
        old="    _tell(session, person, Change.CODE_USED, now=now)\n    return True\n",
        new="    return True\n",
        test=f"{RECOVERY}::test_its_owner_is_told",
    ),
    Guard(
        row=rows.PRIVILEGED,
        what="the operator's page is for who looks after the installation, and proved it",
        file="webapp/worker/access.py",
        old="    if not has_read_mail_at(database.session(), current_person().id,"
        " config().operators):\n        abort(404)\n",
        new="",
        test="tests/mail/test_operator_page.py::test_for_others_there_is_no_such_page",
    ),
)
