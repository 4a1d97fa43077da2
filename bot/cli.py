"""The command line."""

import asyncio
import sys
import webbrowser
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot import app as wiring
from bot import shell
from bot.channels import terminal
from bot.clock import FASTEST, Clock
from bot.commands.ask import row_id
from bot.commands.dispatch import Question, typed
from bot.config import Settings, settings
from bot.domain.checks import check as check_programme
from bot.domain.finding import Finding
from bot.domain.merging import Question as Doubt
from bot.domain.problem import Problem
from bot.domain.timetable import Timetable
from bot.replies import desk, edited, reports
from bot.replies import numbers as counted
from bot.replies import outbox as outboxes
from bot.replies.reply import Reply
from bot.replies.voice import Voice
from bot.replies.words import word
from bot.services import acquaintance, importing, numbers, overview, searching
from bot.store import programmes, updates
from bot.store.database import Database


def _help(key: str) -> str:
    return word(shell.locale(), f"cli.{key}")


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
    language = shell.language(lang, question)

    async def work(options: Settings) -> None:
        async with wiring.app(options) as app:
            reply = await app.answer(typed(question), language, at=_moment(app, at))
        if as_json:
            buttons = [[{"label": one.label, "ask": one.ask} for one in row] for row in reply.rows]
            shell.print_json({"lang": language, "text": terminal.as_text(reply), "buttons": buttons})
        else:
            terminal.show(shell.console(), reply, buttons=False)

    shell.run(work)


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
                    shell.print_json(told, indent=None if stdin else 2)
                else:
                    found = [(hit.subject, hit.why, hit.word) for hit in hits]
                    voice = Voice(shell.language(lang, words), app.edition.timetable)
                    sure = any(hit.confident for hit in hits)
                    terminal.show(shell.console(), desk.results(voice, words, found, sure=sure), buttons=False)

    shell.run(work)


@cli.command(help=_help("chat"))
def chat(lang: _Lang = "") -> None:
    language = shell.language(lang, "")
    console = shell.console()

    with shell.problems_told(), asyncio.Runner() as runner:
        opened = wiring.app(settings())
        app = runner.run(opened.__aenter__())

        async def turn(question: Question) -> Reply:
            # Between two lines nothing runs here that could hear of a change. Without its owner the clock runs on.
            with suppress(Problem):
                await app.catch_up()
            await app.refresh()
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
    lang = shell.locale()
    if keep and take:
        shell.fail(Problem("cli.keep_or_take"))
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
            shell.print_json(
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
        shell.print_lines(reports.counted(lang, counts))
        shell.print_lines(reports.findings(lang, file.name, found))
        shell.print_lines(reports.differences(lang, outcome.differences))
        if timetable is not None:
            shell.print_lines(reports.changes(lang, timetable.programme, outcome.edit))
        if outcome.edited:
            key = "report.would_edit" if dry_run else "report.edited"
            shell.print_lines([word(lang, key, count=outcome.edited, people=outcome.people)])
        if outcome.kept:
            shell.print_lines([word(lang, "report.kept", count=outcome.kept)])
        shell.print_lines(reports.outcome(lang, outcome.outcome, outcome.taken, dry_run=dry_run))

    shell.run(work)


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
        shell.print_lines([word(shell.locale(), "cli.exported", file=str(file))])

    shell.run(work)


@cli.command(help=_help("check"))
def check(file: Annotated[Path | None, typer.Argument()] = None, as_json: _Json = False) -> None:  # noqa: FBT002
    lang = shell.locale()

    async def found(options: Settings) -> tuple[str, list[Finding]]:
        if file is not None:
            from bot.formats import files  # noqa: PLC0415 - a question in the terminal should not wait for the readers

            return file.name, list(files.read(file).findings)
        async with wiring.app(options) as app:
            return app.edition.timetable.conference.key, check_programme(app.edition.timetable.programme)

    async def work(options: Settings) -> None:
        name, findings = await found(options)
        if as_json:
            shell.print_json([reports.finding_json(lang, finding) for finding in findings])
        else:
            shell.print_lines(reports.findings(lang, name, findings) or [word(lang, "cli.no_findings", file=name)])
        if any(finding.level == "error" for finding in findings):
            raise typer.Exit(1)

    shell.run(work)


@cli.command(help=_help("run"))
def run() -> None:
    # Imported here: no other command needs Telegram, and a question in the terminal should not wait for it.
    from bot import serve  # noqa: PLC0415

    shell.run(serve.serve)


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

    lang = shell.locale()
    understudy = Understudy()

    def say(key: str, **params: str | int) -> None:
        shell.print_lines([word(lang, key, **params)])
        sys.stdout.flush()
        if key == "sandbox.open" and (browser if browser is not None else shell.has_browser()):
            webbrowser.open(str(params["url"]))

    async def work(options: Settings) -> None:
        if not demo.is_private(host):
            say("sandbox.exposed", host=host)
        await demo.play(options, understudy, host=host, port=port, at=at, speed=speed, say=say)

    shell.run(work)


@cli.command(help=_help("health"))
def health() -> None:
    async def work(options: Settings) -> None:
        async with wiring.database(options) as db:
            heard = await updates.heard(db.reader)
        if heard is None:
            raise Problem("health.never")
        age = (Clock().now() - heard).total_seconds()
        if age > DEAF_AFTER:
            raise Problem("health.deaf", seconds=int(age))
        shell.print_lines([word(shell.locale(), "health.hears", seconds=int(age))])

    shell.run(work)


@cli.command(help=_help("outbox"))
def outbox(
    resend: Annotated[str, typer.Option("--resend", metavar="ID|all", help=_help("option_resend"))] = "",
    lang: _Lang = "",
    as_json: _Json = False,  # noqa: FBT002 - typer's way
) -> None:
    which = row_id(resend)
    if resend not in ("", "all") and which is None:
        shell.fail(Problem("cli.not_a_notice", value=resend))

    async def work(options: Settings) -> None:
        async with wiring.app(options) as app:
            now, voice = app.clock.now(), Voice(shell.language(lang, ""), app.edition.timetable)
            again = None
            if resend:
                again = await overview.resend(app.db, which, now=now)
            seen = await overview.see(app.db, now=now)
        if as_json:
            shell.print_json({**seen.model_dump(mode="json"), "resent": again})
            return
        terminal.show(shell.console(), outboxes.overview(voice, seen, now), buttons=False)
        if again is not None:
            terminal.show(shell.console(), outboxes.resent(voice, again))

    shell.run(work)


@cli.command(help=_help("stats"))
def stats(lang: _Lang = "", as_json: _Json = False) -> None:  # noqa: FBT002 - typer's way
    async def work(options: Settings) -> None:
        async with wiring.app(options) as app:
            seen = await numbers.see(app.db, app.edition.timetable)
        if as_json:
            shell.print_json(seen.model_dump(mode="json"))
        else:
            voice = Voice(shell.language(lang, ""), app.edition.timetable)
            terminal.show(shell.console(), counted.stats(voice, seen), buttons=False)

    shell.run(work)


@cli.command(help=_help("rehearse"))
def rehearse(
    attendees: Annotated[int, typer.Option(min=1, max=10_000, help=_help("option_attendees"))] = 500,
    speed: Annotated[float, typer.Option(min=1, max=FASTEST, help=_help("option_speed"))] = 600,
    seed: Annotated[int, typer.Option(help=_help("option_seed"))] = 1,
    kills: Annotated[int, typer.Option(min=0, help=_help("option_kills"))] = 0,
    limits: Annotated[bool, typer.Option("--limits", help=_help("option_limits"))] = False,  # noqa: FBT002
    as_json: _Json = False,  # noqa: FBT002
) -> None:
    # Imported here: no other command needs the sandbox.
    from bot import rehearse as wired  # noqa: PLC0415
    from bot.sandbox.rehearsal.run import Plan  # noqa: PLC0415

    lang = shell.locale()

    async def work(options: Settings) -> None:
        plan = Plan(attendees, speed, seed, kills, limits)
        with terminal.progress(Console(stderr=True)) as tell:
            conference, report = await wired.rehearse(options, plan, lang, tell)
        found = report.json()
        if as_json:
            shell.print_json({"conference": conference, **asdict(plan), **found})
        else:
            title = word(lang, "rehearse.title", conference=conference, attendees=attendees, seed=seed)
            terminal.figures(shell.console(), title, reports.rehearsed(lang, found))
            shell.print_lines(["", *reports.promises(lang, found["broken"])])
        if not report.kept:
            raise typer.Exit(1)

    shell.run(work)


def main() -> None:
    """The program `yicheng`."""
    cli()


def _moment(app: wiring.App, at: str) -> datetime | None:
    return shell.moment(at, app.edition.timetable.zone) if at else None
