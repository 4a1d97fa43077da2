"""A rehearsal from beginning to end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.sandbox.box import sandbox
from bot.sandbox.ledger import Entry
from bot.sandbox.rehearsal import promises
from bot.sandbox.rehearsal.acts import AFTER_AN_ACT, Actor
from bot.sandbox.rehearsal.attendees import LANGS, Material, attendees
from bot.sandbox.rehearsal.audiences import Audiences
from bot.sandbox.rehearsal.board import Board
from bot.sandbox.rehearsal.broadcasts import Broadcasting, Speaking
from bot.sandbox.rehearsal.cards import Cards
from bot.sandbox.rehearsal.chairs import Chairing, chairs
from bot.sandbox.rehearsal.changes import Told, notices
from bot.sandbox.rehearsal.driver import play
from bot.sandbox.rehearsal.process import BotProcess
from bot.sandbox.rehearsal.promises import Promise
from bot.sandbox.rehearsal.reminders import Count, Starring, minutes, reminders
from bot.sandbox.rehearsal.report import Report, report
from bot.sandbox.rehearsal.staff import Staffing, moments, staff
from bot.sandbox.rehearsal.stage import Stage

PATIENCE, PATIENCE_WITH_LIMITS = 30.0, 90.0
"""Seconds that an answer may take; a group that has had its 20 messages waits for up to a minute."""
STARTING = 60.0
"""Seconds in which the bot must begin to listen."""


@dataclass(frozen=True)
class Plan:
    """How a rehearsal is to be: `speed` is what the clock runs at most, `kills` how often the bot is killed."""

    attendees: int = 500
    speed: float = 600.0
    seed: int = 1
    kills: int = 0
    limits: bool = False


@dataclass(frozen=True)
class Office:
    """What those can do who work on the conference: staff and chairs."""

    staffing: Staffing
    chairing: Chairing
    broadcasting: Broadcasting


@dataclass(frozen=True)
class Bot:
    """The bot to rehearse with.

    environment  of its process; the sandbox adds where Telegram and the clock are, a token, and no pace of its own
                 where there are no limits.
    reminded     the names of what a message reminds of, none if it is no reminder.
    changed      the names of what a message says has changed, none if it is no notice of a change.
    folder       where it runs; its log is left there.
    edits        whether a button with these data has the message edited that it stands under.
    apologies    what it says when it can't answer a question through a fault of its own.
    """

    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    reminded: Callable[[Entry], Sequence[str]]
    changed: Callable[[Entry], Sequence[str]]
    edits: Callable[[str], bool] = lambda _: True
    apologies: Sequence[str] = ()


async def rehearse(
    plan: Plan,
    material: Material,
    starring: Starring,
    office: Office,
    bot: Bot,
    zone: ZoneInfo,
    progress: Callable[[int, int, datetime], None],
) -> Report:
    """Play the whole conference. `progress` hears of acts done, acts there are, and conference time.

    Raises BotEnded when the bot does not start.
    """
    clock = Clock(material.begins, 0.0, zone=zone)
    async with sandbox(clock=clock, limits=plan.limits) as box:
        there = {"TELEGRAM_API_URL": box.url, "TELEGRAM_TOKEN": box.token, "CLOCK": box.url}
        if not plan.limits:
            there |= {"RATE_OVERALL": "0", "RATE_PRIVATE": "0", "RATE_GROUP": "0"}
        environment = {**bot.environment, **{f"YICHENG_{name}": value for name, value in there.items()}}
        process = BotProcess(bot.command, environment, bot.folder)
        patience = PATIENCE_WITH_LIMITS if plan.limits else PATIENCE
        board = Board(starring.things, starring.sessions)
        chairing = office.chairing
        stage = Stage(
            box,
            patience=patience,
            reminded=bot.reminded,
            changed=bot.changed,
            room=board.room,
            unbidden=lambda entry: chairing.carded(entry) is not None or bool(chairing.reported(entry)),
            heard=office.broadcasting.heard,
            edits=bot.edits,
        )
        for n, number in enumerate(office.staffing.ids, 1):
            # The bot writes to them as soon as it is there.
            box.user(f"Staff {n}", id=number, language_code=LANGS[1 - n % 2], started=True)
        stage.workers |= set(office.staffing.ids)
        try:
            await process.start(box.until(lambda: box.polling, seconds=STARTING))
            began = box.seconds
            cast = _cast(stage, plan, material, starring, office, board, zone)
            await play(
                stage,
                cast,
                process,
                speed=plan.speed,
                kills=plan.kills,
                seed=plan.seed,
                ends=material.ends,
                progress=lambda done, total: progress(done, total, clock.now()),
            )
            await box.heard(seconds=STARTING)
            seconds = box.seconds - began
        finally:
            await process.stop()
        stage.record.deaths = process.deaths
        return report(stage.record, _promises(plan, bot), seconds=seconds)


def _cast(
    stage: Stage, plan: Plan, material: Material, starring: Starring, office: Office, board: Board, zone: ZoneInfo
) -> list[Actor]:
    """Everybody who does something, and those who look whether what follows from it has come."""
    begins, ends, seed, ids = material.begins, material.ends, plan.seed, office.staffing.ids
    count = Count(stage, starring, board)
    told = Told(stage, board, count, zone)
    cards = Cards(stage, office.chairing, told, ids)
    audiences = Audiences(stage, board, count, ids, cards.posts, office.broadcasting.speaks)
    speaking = Speaking(stage, office.broadcasting, audiences, ids, office.staffing.rooms)
    people = attendees(stage, material, plan.attendees, seed)
    working = chairs(office.chairing, stage.box.world.users[ids[0]], told, cards.posts, begins, seed)
    changing = moments(material.starts, begins, ends, seed)
    acted = {act.at for actor in (*people, *working) for act in actor} | set(changing)
    at_any_time = minutes(starring)
    return [
        *people,
        *working,
        staff(stage, office.staffing, told, changing, seed),
        speaking.acts(material.starts, begins, ends, seed),
        # What is put off falls due in order after what is said of it.
        notices(told, changing),
        reminders(stage, count, at_any_time, acted),
        cards.acts([*at_any_time, *(moment + AFTER_AN_ACT for moment in changing)], ends),
    ]


def _promises(plan: Plan, bot: Bot) -> dict[str, Promise]:
    kept = {
        "lost": promises.lost,
        "twice": promises.twice,
        "astray": promises.astray,
        "sorry": promises.sorry(bot.apologies),
        "reminders_lost": promises.reminders_lost,
        "reminders_twice": promises.reminders_twice,
        "reminders_unasked": promises.reminders_unasked,
        "misplaced": promises.misplaced,
        "stale": promises.stale,
        "changes_lost": promises.changes_lost,
        "changes_twice": promises.changes_twice,
        "changes_unasked": promises.changes_unasked,
        "changes_wrong": promises.changes_wrong,
        "broadcasts_lost": promises.broadcasts_lost,
        "broadcasts_twice": promises.broadcasts_twice,
        "broadcasts_astray": promises.broadcasts_astray,
        "chairs": promises.chairs,
        "refused": promises.refused,
        "died": promises.died,
    }
    return kept if plan.limits else {**kept, "held": promises.held}
