from bot.domain.finding import Finding
from bot.domain.model import Model
from bot.domain.programme import Programme


class Reading(Model):
    """What a programme file says, and everything doubtful in it. Whoever asked decides what a doubt is worth.

    by_hand  the file is made to be edited by hand and may change the facts of a programme that is there. A booklet may
             not: what a person has decided since stands above it.
    """

    programme: Programme
    findings: tuple[Finding, ...]
    by_hand: bool = False
