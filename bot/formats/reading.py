from bot.domain.finding import Finding
from bot.domain.model import Model
from bot.domain.programme import Programme


class Reading(Model):
    """What a programme file says, and everything doubtful in it. Whoever asked decides what a doubt is worth."""

    programme: Programme
    findings: tuple[Finding, ...]
