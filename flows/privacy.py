"""/mydata: what is kept, changing one permission, deleting everything; and /stop."""

from datetime import datetime

from flows import loop, menu
from flows.book import Book
from flows.consent import changed
from flows.deeds import SendData
from flows.effects import Button, CancelTimers, Effect, Forget, LetGo, Say, ShowData
from flows.events import Blocked, ByThem, Event, Tapped
from flows.fills import Fill, Words
from flows.person import Person
from flows.questionnaire import leave_all
from flows.reminders import active, upcoming

CANCEL = Button(words="button.cancel", item="menu", option="mydata")
LOOKED = Button(words="button.looked", item="looked", option="new")
FILE = Button(words="button.data_file", item="data", option="file")
SWITCHES = ("show", "remind")


def show(person: Person) -> list[Effect]:
    """What is kept about the person, with a switch for each permission."""
    if not person.permits("keep"):
        words = "mydata.staff" if person.staff else "mydata.nothing"
        erase = ((Button(words="button.delete", item="data", option="delete"),),) if person.staff else ()
        agree = () if person.farewell else ((menu.CONSENT,),)
        return [Say(words=words, buttons=(*erase, *agree, (menu.HOME,)))]
    names = (*SWITCHES, "circle") if person.circle else SWITCHES
    switches = tuple((_switch(name, not person.permits(name)),) for name in names)
    delete = Button(words="button.delete", item="data", option="delete")
    return [ShowData(buttons=(*switches, (LOOKED,), (FILE,), (delete,), (menu.HOME,)))]


def tapped(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """A button under /mydata."""
    name, _, wanted = event.option.partition("_")
    if event.option == "delete":
        sure = Button(words="button.delete_sure", item="data", option="deletesure")
        return person, [Say(words="mydata.sure", buttons=((sure,), (CANCEL,)))]
    if event.option == "deletesure":
        gone = Person(
            id=person.id, language=person.language, role=person.role, country=person.country, runs=person.runs
        )
        stands = [loop.still_stands(person.loop)] if person.loop else []
        said = Say(words="mydata.deleted", buttons=((menu.SYMPTOMS,), (menu.TREATMENTS,)))
        left: list[Effect] = [LetGo()] if person.staff else []
        return gone, [*stands, said, *left, Forget()]
    if event.option == "file" and person.permits("keep"):
        return person, [SendData()]
    switches = (*SWITCHES, "circle") if person.circle else SWITCHES
    if name in switches and wanted in ("on", "off") and person.permits("keep"):
        person, effects = changed(book, person, name, wanted == "on", event.at)
        return person, [*effects, *show(person)]
    return person, show(person)


def stop(book: Book, person: Person, at: datetime) -> tuple[Person, list[Effect]]:
    """/stop: no more questions and no more reminders, until the person asks for them; nor what others write."""
    person, effects = leave_all(person)
    schedule = person.schedule and person.schedule.moved(paused=True, until="", version=person.schedule.version + 1)
    told = "stop.done_schedule" if schedule else "stop.done_staff" if person.staff and not person.role else "stop.done"
    set_ = active(person) and any(not one.off for one in upcoming(book, person, at))
    off: Fill = Words("stop.reminders") if set_ else ""
    fill = () if told == "stop.done_staff" else (("reminders", off),)
    stands = loop.stopped(person, person.loop) if person.loop else []
    person = person.moved(reminders=tuple(one.moved(off=True) for one in person.reminders))
    person = person.moved(schedule=schedule, loop=None, stopped=True)
    rows = ((menu.SYMPTOMS,), (menu.CHECKINS,), (menu.MYDATA,)) if fill else ((menu.DUTY,), (menu.MYDATA,))
    said = Say(words=told, with_=fill, buttons=rows)
    return person, [*stands, *effects, CancelTimers(), said]


def returned(person: Person, event: Event) -> Person:
    """Somebody who has said stop and does anything at all is there again: what others write reaches them."""
    theirs = isinstance(event, ByThem) and not isinstance(event, Blocked)
    return person.moved(stopped=False) if person.stopped and theirs else person


def _switch(name: str, given: bool) -> Button:
    return Button(
        words=f"button.{name}_{'on' if given else 'off'}", item="data", option=f"{name}_{'on' if given else 'off'}"
    )
