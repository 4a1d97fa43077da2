"""The command line."""

import asyncio
import json
import os
import signal
import sys
import webbrowser
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.text import Text

from bot import app as wiring
from bot import log
from bot.channels import terminal
from bot.clock import FASTEST, Clock, parse
from bot.commands.ask import row_id
from bot.commands.dispatch import Question, typed
from bot.config import Settings, settings
from bot.domain.checks import check as check_programme
from bot.domain.finding import Finding
from bot.domain.merging import Question as Doubt
from bot.domain.model import LANGS, Lang, has_hanzi
from bot.domain.problem import Problem
from bot.domain.timetable import Timetable
from bot.domain.user import User
from bot.replies import desk, edited, reports
from bot.replies import numbers as counted
from bot.replies import outbox as outboxes
from bot.replies.reply import Reply
from bot.replies.voice import Voice
from bot.replies.words import word
from bot.services import acquaintance, importing, languages, numbers, overview, searching
from bot.services.channel import Channel
from bot.store import programmes, updates
from bot.store.database import Database


def _locale() -> Lang:
    """The language of the terminal: Chinese where the environment says so, else English."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next((name for name in names if name), "").startswith("zh") else "en"


def _help(key: str) -> str:
    return word(_locale(), f"cli.{key}")


DEAF_AFTER = 120.0
"""Seconds without an answer from the platform after which a running bot counts as deaf: two long polls."""

cli = typer.Typer(no_args_is_help=True, add_completion=False, help=_help("about"), pretty_exceptions_enable=False)

_Lang = Annotated[str, typer.Option("--lang", metavar="zh|en", help=_help("option_lang"))]
_At = Annotated[str, typer.Option("--at", metavar="TIME", help=_help("option_at"))]
_Json = Annotated[bool, typer.Option("--json", help=_help("option_json"))]
_Limit = Annotated[int, typer.Option("--limit", min=1, max=100, help=_help("option_limit"))]
_Stdin = Annotated[bool, typer.Option("--stdin", help=_help("option_stdin"))]
_Dry = Annotated[bool, typer.Option("--dry-run", help=_help("option_dry_run"))]
_Keep = Annotated[bool, typer.Option("--keep", help=_help("option_keep"))]
_Take = Annotated[bool, typer.Option("--take", help=_help("option_take"))]
_Texts = Annotated[bool, typer.Option("--texts", help=_help("option_texts"))]


@cli.command(help=_help("ask"))
def ask(question: str, at: _At = "", lang: _Lang = "", as_json: _Json = False) -> None:  # noqa: FBT002 - typer's way
    language = _language(lang, question)

    async def work(options: Settings) -> None:
        async with wiring.app(options) as app:
            reply = await app.answer(typed(question), language, at=_moment(app, at))
        if as_json:
            buttons = [[{"label": one.label, "ask": one.ask} for one in row] for row in reply.rows]
            _print_json({"lang": language, "text": terminal.as_text(reply), "buttons": buttons})
        else:
            terminal.show(_console(), reply, buttons=False)

    _run(work)


@cli.command(help=_help("search"))
def search(
    query: Annotated[str, typer.Argument()] = "",
    at: _At = "",
    lang: _Lang = "",
    limit: _Limit = 5,
    stdin: _Stdin = False,  # noqa: FBT002 - typer's way
    as_json: _Json = False,  # noqa: FBT002
) -> None:
    async def work(options: Settings) -> None:
        async with wiring.app(options) as app:
            now = _moment(app, at) or app.clock.now()
            for words in (line.rstrip("\r\n") for line in sys.stdin) if stdin else (query,):
                hits = searching.hits(app.edition, words, now=now, limit=limit)
                if as_json:
                    told = [searching.as_json(app.edition, hit) for hit in hits]
                    _print_json(told, indent=None if stdin else 2)
                else:
                    found = [(hit.subject, hit.why, hit.word) for hit in hits]
                    voice = Voice(_language(lang, words), app.edition.timetable)
                    sure = any(hit.confident for hit in hits)
                    terminal.show(_console(), desk.results(voice, words, found, sure=sure), buttons=False)

    _run(work)


@cli.command(help=_help("chat"))
def chat(lang: _Lang = "") -> None:
    language = _language(lang, "")
    console = _console()

    with _problems_told(), asyncio.Runner() as runner:
        opened = wiring.app(settings())
        app = runner.run(opened.__aenter__())

        async def turn(question: Question) -> Reply:
            # Between two lines nothing runs here that could hear of a change. Without its owner the clock runs on.
            with suppress(Problem):
                await app.catch_up()
            now = app.clock.now()
            user = await acquaintance.meet(app.db, "terminal", "local", language, now=now, reachable=False)
            return await app.answer(await app.meant(question, user), user.lang, user=user)

        try:
            console.print(Text(word(language, "cli.chat_hint"), style="dim"))
            sample = word(language, "cli.chat_sample").split("|")
            terminal.converse(console, terminal.lines(console, sample), lambda question: runner.run(turn(question)))
        finally:
            runner.run(opened.__aexit__(None, None, None))


@cli.command("import", help=_help("import"))
def import_(
    file: Path,
    texts: _Texts = False,  # noqa: FBT002
    dry_run: _Dry = False,  # noqa: FBT002
    as_json: _Json = False,  # noqa: FBT002
    keep: _Keep = False,  # noqa: FBT002
    take: _Take = False,  # noqa: FBT002
) -> None:
    lang = _locale()
    if keep and take:
        _fail(Problem("cli.keep_or_take"))
    asks = not (keep or take or dry_run or as_json) and sys.stdin.isatty() and sys.stdout.isatty()

    async def work(options: Settings) -> None:
        reading = wiring.read_programme(file)
        with TemporaryDirectory() as folder:
            if dry_run and not options.database.exists():
                # A rehearsal leaves nothing behind, not even an empty database.
                options = options.model_copy(update={"database": Path(folder, "empty.sqlite3")})
            async with wiring.database(options) as db:
                timetable = await _timetable(db)

                def answer(question: Doubt) -> bool:
                    return take if not asks or timetable is None else _asked(Voice(lang, timetable), question)

                outcome = await importing.take(
                    db,
                    reading.programme,
                    file=file.name,
                    texts_only=texts,
                    facts=reading.by_hand,
                    answer=answer,
                    now=Clock.of(options.clock, reading.programme.conference.zone).now(),
                    dry_run=dry_run,
                )
        found = (*reading.findings, *outcome.findings)
        counts = reports.counts(reading.programme, reading.findings)
        if as_json:
            _print_json(
                {
                    **counts,
                    "changed": outcome.changed,
                    **(
                        {"edited": outcome.edited, "kept": outcome.kept, "people": outcome.people}
                        if outcome.edited or outcome.kept
                        else {}
                    ),
                    "findings": [reports.finding_json(lang, finding) for finding in found],
                    "differences": [one.model_dump(mode="json") for one in outcome.differences],
                    "texts": outcome.taken.model_dump() if outcome.taken else None,
                }
            )
            return
        _print_lines(reports.counted(lang, counts))
        _print_lines(reports.findings(lang, file.name, found))
        _print_lines(reports.differences(lang, outcome.differences))
        _print_lines(reports.outcome(lang, outcome.outcome, outcome.taken, dry_run=dry_run))
        if outcome.edited:
            _print_lines([word(lang, "report.edited", count=outcome.edited, people=outcome.people)])
        if outcome.kept:
            _print_lines([word(lang, "report.kept", count=outcome.kept)])

    _run(work)


async def _timetable(db: Database) -> Timetable | None:
    """The programme that is there, if there is one."""
    async with db.snapshot() as conn:
        programme = await programmes.load(conn)
    return Timetable(programme) if programme is not None else None


def _asked(voice: Voice, question: Doubt) -> bool:
    """Whether the file's word is taken; staff's stands unless somebody says yes."""
    return typer.confirm(
        voice.word(f"import.ask.{question.why}", what=edited.summary(voice, question.edit)), default=False
    )


@cli.command(help=_help("export"))
def export(file: Annotated[Path | None, typer.Argument()] = None) -> None:
    async def work(options: Settings) -> None:
        async with wiring.app(options) as app:
            from bot.formats import document  # noqa: PLC0415 - no other command writes a programme file

            text = document.write(app.edition.timetable.programme)
        if file is None:
            sys.stdout.write(text)
            return
        try:
            file.write_text(text, "utf-8")
        except OSError as error:
            raise Problem("file.not-written", file=str(file), reason=error.strerror or str(error)) from None
        _print_lines([word(_locale(), "cli.exported", file=str(file))])

    _run(work)


@cli.command(help=_help("check"))
def check(file: Annotated[Path | None, typer.Argument()] = None, as_json: _Json = False) -> None:  # noqa: FBT002
    lang = _locale()

    async def found(options: Settings) -> tuple[str, list[Finding]]:
        if file is not None:
            from bot.formats import files  # noqa: PLC0415 - a question in the terminal should not wait for the readers

            return file.name, list(files.read(file).findings)
        async with wiring.app(options) as app:
            return app.edition.timetable.conference.key, check_programme(app.edition.timetable.programme)

    async def work(options: Settings) -> None:
        name, findings = await found(options)
        if as_json:
            _print_json([reports.finding_json(lang, finding) for finding in findings])
        else:
            _print_lines(reports.findings(lang, name, findings) or [word(lang, "cli.no_findings", file=name)])
        if any(finding.level == "error" for finding in findings):
            raise typer.Exit(1)

    _run(work)


@cli.command(help=_help("run"))
def run() -> None:
    # Imported here: no other command needs Telegram, and a question in the terminal should not wait for it.
    from bot.channels.telegram import running  # noqa: PLC0415
    from bot.channels.telegram.pacing import Rates  # noqa: PLC0415

    async def work(options: Settings) -> None:
        token = options.telegram_token.get_secret_value()
        proxy = options.telegram_proxy.get_secret_value()
        log.configure(options.log_level, [token, proxy])
        if not token:
            raise Problem("telegram.no-token")
        stop = asyncio.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, stop.set)
        async with wiring.app(options) as app:

            async def answer(question: Question, lang: Lang, user: User | None) -> Reply:
                return await app.answer(question, lang, user=user)

            rates = Rates(options.rate_overall, options.rate_private, options.rate_group)

            async def notify(channels: Mapping[str, Channel]) -> None:
                await app.notify(channels, rate=rates.overall or None)

            beside = [asyncio.create_task(app.keep_fresh()), asyncio.create_task(app.follow())]
            try:
                await running.run(
                    token,
                    options.telegram_api_url,
                    app.db,
                    answer,
                    app.meant,
                    app.received,
                    notify,
                    menus=app.menus,
                    ring=app.alarm.ring,
                    rates=rates,
                    conference=app.edition.timetable.conference,
                    now=app.clock.now,
                    real_now=Clock().now,
                    stop=stop,
                    proxy=proxy,
                )
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)

    _run(work)


@cli.command(help=_help("sandbox"))
def sandbox(
    at: _At = "",
    port: Annotated[int, typer.Option(min=1, max=65_535, help=_help("option_port"))] = 8081,
    host: Annotated[str, typer.Option(help=_help("option_host"))] = "127.0.0.1",
    speed: Annotated[float, typer.Option(min=0, max=600, help=_help("option_clock_speed"))] = 1.0,
    browser: Annotated[bool | None, typer.Option("--open/--no-open", help=_help("option_open"))] = None,
) -> None:
    # Imported here: no other command needs a Telegram of its own.
    from bot import demo  # noqa: PLC0415
    from bot.understudy import Understudy  # noqa: PLC0415

    lang = _locale()
    understudy = Understudy()

    def say(key: str, **params: str | int) -> None:
        _print_lines([word(lang, key, **params)])
        sys.stdout.flush()
        if key == "sandbox.open" and (browser if browser is not None else _has_browser()):
            webbrowser.open(str(params["url"]))

    async def work(options: Settings) -> None:
        if not demo.is_private(host):
            say("sandbox.exposed", host=host)
        await demo.play(options, understudy, host=host, port=port, at=at, speed=speed, say=say)

    _run(work)


@cli.command(help=_help("health"))
def health() -> None:
    async def work(options: Settings) -> None:
        async with wiring.database(options) as db:
            heard = await updates.heard(db.reader)
        age = (Clock().now() - heard).total_seconds() if heard else None
        if age is None or age > DEAF_AFTER:
            raise Problem("health.deaf", seconds=int(age) if age is not None else "—")
        _print_lines([word(_locale(), "health.hears", seconds=int(age))])

    _run(work)


@cli.command(help=_help("outbox"))
def outbox(
    resend: Annotated[str, typer.Option("--resend", metavar="ID|all", help=_help("option_resend"))] = "",
    lang: _Lang = "",
    as_json: _Json = False,  # noqa: FBT002 - typer's way
) -> None:
    which = row_id(resend)
    if resend not in ("", "all") and which is None:
        _fail(Problem("cli.not_a_notice", value=resend))

    async def work(options: Settings) -> None:
        async with wiring.app(options) as app:
            now, voice = app.clock.now(), Voice(_language(lang, ""), app.edition.timetable)
            again = None
            if resend:
                again = await overview.resend(app.db, which, now=now)
            seen = await overview.see(app.db, now=now)
        if as_json:
            _print_json({**seen.model_dump(mode="json"), "resent": again})
            return
        terminal.show(_console(), outboxes.overview(voice, seen, now), buttons=False)
        if again is not None:
            terminal.show(_console(), outboxes.resent(voice, again))

    _run(work)


@cli.command(help=_help("stats"))
def stats(lang: _Lang = "", as_json: _Json = False) -> None:  # noqa: FBT002 - typer's way
    async def work(options: Settings) -> None:
        async with wiring.app(options) as app:
            seen = await numbers.see(app.db, app.edition.timetable)
        if as_json:
            _print_json(seen.model_dump(mode="json"))
        else:
            voice = Voice(_language(lang, ""), app.edition.timetable)
            terminal.show(_console(), counted.stats(voice, seen), buttons=False)

    _run(work)


@cli.command(help=_help("rehearse"))
def rehearse(
    attendees: Annotated[int, typer.Option(min=1, max=10_000, help=_help("option_attendees"))] = 500,
    speed: Annotated[float, typer.Option(min=1, max=FASTEST, help=_help("option_speed"))] = 600,
    seed: Annotated[int, typer.Option(help=_help("option_seed"))] = 1,
    kills: Annotated[int, typer.Option(min=0, help=_help("option_kills"))] = 0,
    limits: Annotated[bool, typer.Option("--limits", help=_help("option_limits"))] = False,  # noqa: FBT002
    chairs: Annotated[bool, typer.Option("--chairs", help=_help("option_chairs"))] = False,  # noqa: FBT002
    as_json: _Json = False,  # noqa: FBT002
) -> None:
    # Imported here: no other command needs the sandbox.
    from bot import rehearse as wired  # noqa: PLC0415
    from bot.sandbox.rehearsal.run import Plan  # noqa: PLC0415

    lang = _locale()

    async def work(options: Settings) -> None:
        plan = Plan(attendees, speed, seed, kills, limits, chairs)
        with terminal.progress(Console(stderr=True)) as tell:
            conference, report = await wired.rehearse(options, plan, lang, tell)
        found = report.json()
        if as_json:
            _print_json({"conference": conference, **asdict(plan), **found})
        else:
            title = word(lang, "rehearse.title", conference=conference, attendees=attendees, seed=seed)
            terminal.figures(_console(), title, reports.rehearsed(lang, found))
            _print_lines(["", *reports.promises(lang, found["broken"])])
        if not report.kept:
            raise typer.Exit(1)

    _run(work)


def main() -> None:
    """The program `yicheng`."""
    cli()


def _run(work: Callable[[Settings], Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        await work(settings())

    with _problems_told():
        asyncio.run(all_of_it())


@contextmanager
def _problems_told() -> Iterator[None]:
    """A problem becomes a sentence on standard error and exit code 1."""
    try:
        yield
    except Problem as error:
        _fail(error)
    except BrokenPipeError:
        # Whoever read our output has enough (yicheng export | head); nothing is wrong.
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - so that the interpreter's last flush is quiet
        raise typer.Exit(0) from None


def _fail(error: Problem) -> NoReturn:
    for line in reports.problem(_locale(), error):
        sys.stderr.write(f"{line}\n")
    raise typer.Exit(1)


def _has_browser() -> bool:
    """Whether somebody sits in front of a desktop. A browser of the terminal would take the terminal away."""
    desktop = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(desktop) and sys.stdout.isatty()


def _language(wanted: str, question: str) -> Lang:
    """The language asked for; else the question's own if it is Chinese, else the terminal's."""
    if wanted:
        named = languages.named(wanted)
        if named is None:
            _fail(Problem("cli.no_such_language", lang=wanted, known=", ".join(LANGS)))
        return named
    return "zh" if has_hanzi(question) else _locale()


def _moment(app: wiring.App, at: str) -> datetime | None:
    if not at:
        return None
    try:
        return parse(at, app.edition.timetable.zone)
    except (ValueError, OverflowError):
        raise Problem("cli.not_a_time", at=at) from None


def _console() -> Console:
    """A terminal wraps at its width; what is piped on is not wrapped at all."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def _print_lines(lines: list[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")


def _print_json(value: Any, *, indent: int | None = 2) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=indent) + "\n")
    sys.stdout.flush()  # whoever writes a question a line waits for the answer to each
