"""A picture of what a talk has kept, as bot/pictures.py reads it from the disk."""

from collections.abc import Iterable
from datetime import datetime

from content.load import Library
from content.pictures import nobody, picture
from content.series import DAILY, PAIN, WALKING, Told
from content.views import Entry
from content.voice import Message
from flows.effects import ShowPicture
from flows.person import Person


def pictured(
    library: Library,
    viewer: Person,
    subject: Person | None,
    kept: Iterable[tuple[int, Entry]],
    show: ShowPicture,
    now: datetime,
) -> list[Message]:
    """What `viewer` is shown of `subject`, of whom these responses are kept, by run."""
    if subject is None or (show.person and not subject.permits("show")):
        return [nobody(library, viewer, show.person)]
    told = [
        Told(response=str(run), item=one.item, option=one.option, at=one.at)
        for run, entry in kept
        if entry.questionnaire == DAILY
        for one in entry.answers
        if one.item in (PAIN, WALKING)
    ]
    zone = subject.schedule.zone if subject.schedule else library.book.pathway.zone
    return picture(library, viewer, show, told, zone, now)
