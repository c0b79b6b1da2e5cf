"""Wires everything; nobody imports this."""

import sys
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from os import environ
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, format_time
from flask import Flask, has_request_context, request, session
from flask_babel import Babel, get_locale
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.about import views as about
from webapp.accounts import providers
from webapp.accounts import views as accounts
from webapp.accounts.access import DEVICE, phone_tag
from webapp.accounts.keys import cli as keys_cli
from webapp.accounts.keys import views as keys
from webapp.accounts.wishes import views as wishes
from webapp.badges import views as badges
from webapp.badges.desk import services as desk_services
from webapp.badges.desk import views as desk
from webapp.badges.desk.kept import views as kept_desk
from webapp.badges.printing import cli as printing_cli
from webapp.badges.printing import views as printing
from webapp.conversations import queries as talk_queries
from webapp.conversations import services as talk_services
from webapp.conversations import views as conversations
from webapp.core import assets, crowd, errors, htmx, logs, signals, tables
from webapp.core import db as database
from webapp.core.config import Config, ConfigError
from webapp.core.languages import LANGUAGES, USUAL
from webapp.demo import cli as demo_cli
from webapp.demo import views as demo
from webapp.events import views as events
from webapp.events.log import views as log
from webapp.events.settings import views as settings
from webapp.events.team import views as team
from webapp.exchange import cli as exchange_cli
from webapp.exchange.guests import cli as guests_cli
from webapp.exchange.guests import services as guest_services
from webapp.exchange.guests import views as guests
from webapp.exchange.mydata import views as mydata
from webapp.followups import pages as followup_pages
from webapp.followups import views as followups
from webapp.hosting import pages as hosting_pages
from webapp.hosting import queries as hosting_queries
from webapp.hosting import views as hosting
from webapp.insights import cli as insights_cli
from webapp.insights import views as insights
from webapp.mail import views as mail
from webapp.offline import views as offline
from webapp.operating import views as operating
from webapp.operating.backup import cli as backup_cli
from webapp.recruiting import pages as recruiting_pages
from webapp.recruiting import views as recruiting
from webapp.recruiting.services import handovers as handover_services
from webapp.recruiting.services import teams as team_services
from webapp.security import csrf, headers, limits
from webapp.security.access import refuse_unguarded
from webapp.ties import services as tie_services
from webapp.ties import views as ties
from webapp.topics import views as topics
from webapp.worker import cli as worker_cli
from webapp.worker import jobs
from webapp.worker import views as operator

ROOT = Path(__file__).resolve().parent.parent
LARGEST_BODY = 1024 * 1024
SESSION_LIFE = timedelta(days=90)
MOMENTS_KNOWN = 5000
"""How many written days and times a process remembers: a page has the same few again and again."""
FEATURES = (
    mail,
    accounts,
    keys,
    wishes,
    events,
    settings,
    team,
    log,
    badges,
    desk,
    kept_desk,
    printing,
    conversations,
    offline,
    topics,
    ties,
    followups,
    hosting,
    recruiting,
    insights,
    guests,
    mydata,
    operator,
    about,
    operating,
)


def create_app(config: Config | None = None) -> Flask:
    """Return the app; a wrong or dangerous setting stops the start with one plain line."""
    try:
        config = config or Config.from_environment(environ)
    except ConfigError as error:
        sys.exit(f"Bowline does not start: {error}")
    app = Flask(
        "webapp",
        root_path=str(ROOT / "webapp"),
        template_folder=str(ROOT / "templates"),
        static_folder=None,
    )
    app.extensions["bowline"] = config
    _configure(app, config)
    _install(app, config)
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    for command in (
        *(exchange_cli, guests_cli, insights_cli, keys_cli, printing_cli, worker_cli),
        backup_cli,
    ):
        command.init_app(app)
    demo_cli.init_app(app, create_app)
    demo.init_app(app, config)
    _subscribe()
    _prepare_templates(app, config)
    refuse_unguarded(app)
    return app


def _configure(app: Flask, config: Config) -> None:
    config.data_folder.mkdir(parents=True, exist_ok=True)
    prefix = "__Host-" if config.is_https else ""
    app.config.update(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(config.database_url),
        SESSION_COOKIE_NAME=f"{prefix}bowline",
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=SESSION_LIFE,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        WTF_CSRF_TIME_LIMIT=None,
        TRUSTED_HOSTS=[config.host] if config.is_production else None,
        BABEL_DEFAULT_LOCALE=USUAL,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "webapp" / "translations"),
    )


def _install(app: Flask, config: Config) -> None:
    """Install what every request passes; the first hooks run last: the commit, and then the log."""
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=0
        )
    logs.init_app(app, config)
    database.init_app(app)
    crowd.init_app(app)
    tables.init_app(app)
    Babel(app, locale_selector=_language)
    htmx.init_app(app)
    headers.init_app(app, config)
    errors.init_app(app)
    assets.init_app(app, ROOT / "static")
    limits.init_app(app, config)
    csrf.init_app(app)
    providers.init_app(app, config)
    operating.init_app(app, config)
    jobs.init_app(app, config)


def _language() -> str:
    """Choose the reader's language; commands and tasks speak the first one."""
    if not has_request_context():
        return USUAL
    return request.accept_languages.best_match(list(LANGUAGES)) or USUAL


def _subscribe() -> None:
    """Let what is low cause what is high."""
    signals.conversation_proven.connect(tie_services.open_tie)
    signals.conversation_undone.connect(tie_services.close_if_nothing_stands)
    signals.person_blocked.connect(tie_services.close_for_block)
    for receiver in (desk_services.follow, guest_services.follow, talk_services.move_talks):
        signals.places_merged.connect(receiver)
    signals.place_used.connect(talk_queries.has_spoken)
    signals.place_used.connect(hosting_queries.has_asked)
    signals.person_welcomed.connect(tie_services.add_linkedin)
    signals.news_asked.connect(hosting_pages.line_for)
    signals.talk_shown.connect(followup_pages.parts_of_talk)
    signals.tie_shown.connect(followup_pages.parts_of_tie)
    signals.talk_shown.connect(recruiting_pages.parts_of_talk)
    signals.tie_shown.connect(recruiting_pages.parts_of_tie)
    signals.log_asked.connect(recruiting_pages.log_lines)
    signals.candidate_shown.connect(recruiting_pages.handing_of_candidate)
    signals.candidate_shown.connect(recruiting_pages.parts_of_candidate)
    signals.role_removed.connect(team_services.end_place)
    signals.person_blocked.connect(handover_services.end_for_block)
    signals.follow_up_shown.connect(recruiting_pages.handovers_of_follow_up)
    signals.mail_queued.connect(jobs.wake)


def _prepare_templates(app: Flask, config: Config) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(clock_time=_clock_time, day=_day, moment=_moment)
    files = assets.assets_of(app)

    def layout() -> dict[str, object]:
        locale, has_request = _locale(), has_request_context()
        return {
            "asset": files.url,
            "is_demo": config.is_demo,
            "is_phone_of_demo": config.is_demo and has_request and bool(request.script_root),
            "has_session": has_request and DEVICE in session,
            "me": phone_tag(),
            "root": request.script_root if has_request else "",
            "language": locale.language,
            "direction": locale.text_direction,
        }

    app.context_processor(layout)


def _locale() -> Locale:
    return get_locale() or Locale(USUAL)


def _clock_time(moment: datetime, time_zone: str) -> str:
    """Write the time of day where the event is, such as 6:42 PM."""
    return _written_time(_there(moment, time_zone), _locale())


def _day(moment: datetime, time_zone: str) -> str:
    """Write the day where the event is, such as Sat, Nov 21."""
    return _written_day(_there(moment, time_zone).date(), _locale())


def _moment(moment: datetime, time_zone: str) -> str:
    """Write day and time where the event is, such as Sat, Nov 21, 6:42 PM."""
    there, locale = _there(moment, time_zone), _locale()
    return f"{_written_day(there.date(), locale)}, {_written_time(there, locale)}"


def _there(moment: datetime, time_zone: str) -> datetime:
    """Return the minute a clock on the wall shows."""
    there = moment.astimezone(ZoneInfo(time_zone))
    return there.replace(second=0, microsecond=0, tzinfo=None)


@lru_cache(MOMENTS_KNOWN)
def _written_time(there: datetime, locale: Locale) -> str:
    return format_time(there, "short", locale=locale)


@lru_cache(MOMENTS_KNOWN)
def _written_day(there: date, locale: Locale) -> str:
    return format_skeleton("MMMEd", datetime.combine(there, time()), locale=locale)
