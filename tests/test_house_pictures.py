"""Pictures over the real wire: sent with their words, to whom they may be shown, and once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.parcel import Parcel, call_for
from bot.pictures import developed
from bot.sandbox import Message as Received
from bot.sandbox import Phone
from bot.sandbox.pictures import picture_size
from content.voice import Message
from tests.house import House, calm, house, tap, through, wording
from tests.test_kill import crash

CARER, NURSE = 1001, 1002
DAY = timedelta(days=1)

WAITS = 30  # seconds; a busy machine is slow


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as started:
        yield started


async def checked_in(home: House, phone: Phone, *pains: str) -> None:
    """A check-in a day, with this pain and otherwise nothing new."""
    for number, pain in enumerate(pains):
        if number:
            await home.running.advance(home.clock.now() + DAY)
        before = phone.last.id
        await phone.answered(phone.press(1, "checkins:now::x"))
        await through(phone, "daily", calm, since=before, pain=pain)


def photos(phone: Phone) -> list[Received]:
    return [message for message in phone.received if "photo" in message.content]


async def photo(phone: Phone, number: int = 1) -> Received:
    """The newest picture, as soon as there are so many."""
    await phone.wait_until(lambda: len(photos(phone)) >= number)
    return photos(phone)[-1]


def code(home: House) -> str:
    ((found,),) = home.rows("SELECT id FROM people WHERE kind = 'person'")
    return str(found)


async def test_a_picture_arrives_with_its_words_and_the_other_spans(home: House) -> None:
    carer = await home.member(CARER)
    await checked_in(home, carer, "2", "4", "3")
    carer.command("/checkins")
    await tap(carer, "picture:7:")

    shown = await photo(carer)

    png = home.sandbox.world.files[shown.content["photo"][-1]["file_id"]].data
    assert picture_size(png) == (1080, 1316)
    assert "Pain, last 7 days: between 2 and 4, last 3" in shown.text
    assert shown.entities[0]["type"] == "bold"
    assert [button.text for row in shown.buttons for button in row] == ["A month", "Three months", "Menu"]
    await tap(carer, "picture:90:")
    assert "Pain, last 90 days" in (await photo(carer, 2)).text
    async with asyncio.timeout(WAITS):  # the phone has it before the bot has heard so
        while home.rows("SELECT kind FROM outbox WHERE kind = 'sendPhoto'"):
            await home.running.delivery.write_marks()


async def test_a_coordinator_sees_who_shows_it_and_their_page_under_the_picture(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    await checked_in(home, carer, "3")

    nurse.press(1, f"picture:7:{code(home)}:x")

    shown = await photo(nurse)
    assert "3, once" in shown.text
    before = nurse.last.id
    await tap(nurse, "person:open:")
    page = await nurse.wait_for(wording("overview.no_schedule"), since=before)
    await tap(nurse, "picture:7:")
    assert "3, once" in (await nurse.wait_for(lambda one: "3, once" in one.text, since=page.id)).text


async def test_what_is_taken_back_between_tap_and_sending_is_not_shown(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    await checked_in(home, carer, "3")
    subject = code(home)
    before = nurse.last.id
    home.sandbox.fail("sendPhoto", status=429, retry_after=1)
    nurse.press(1, f"picture:7:{subject}:x")
    await home.sandbox.calls.wait_for("sendPhoto", 1)

    await carer.answered(carer.press(1, "data:show_off::x"))

    await nurse.wait_for(wording("picture.nobody"), since=before)
    assert photos(nurse) == []


async def test_of_somebody_erased_meanwhile_nothing_is_sent(home: House) -> None:
    carer = await home.member(CARER)
    await checked_in(home, carer, "3")
    home.sandbox.fail("sendPhoto", status=429, retry_after=1)
    carer.press(1, "picture:7::x")
    await home.sandbox.calls.wait_for("sendPhoto", 1)

    await carer.answered(carer.press(1, "data:deletesure::x"))

    await carer.wait_for(wording("mydata.deleted"))

    assert photos(carer) == []


async def test_a_picture_that_telegram_refuses_is_told_in_words(home: House) -> None:
    carer = await home.member(CARER)
    await checked_in(home, carer, "3")
    home.sandbox.fail("sendPhoto", status=400, description="Bad Request: IMAGE_PROCESS_FAILED")

    carer.press(1, "picture:7::x")

    shown = await carer.wait_for("Pain, last 7 days: 3, once")
    assert "photo" not in shown.content
    assert shown.entities[0]["type"] == "bold"
    assert [button.text for row in shown.buttons for button in row] == ["A month", "Three months", "Menu"]


async def test_a_picture_that_cannot_be_drawn_is_told_in_words(home: House) -> None:
    await home.member(CARER)
    message = Message(kind="send", text="pain: 3", bold=((0, 4),), svg="<svg", instead="")
    made = call_for(message, 0)
    assert made is not None
    parcel = Parcel(
        id=1, where="main", person=code(home), owner=code(home), chat=CARER, lane="1", method=made[0], params=made[1],
        urgency=1, expires=None, kept=False,
    )  # fmt: skip

    sent = await developed(home.running.database, parcel)

    assert sent is not None
    bold = {"type": "bold", "offset": 0, "length": 4}
    assert (sent.method, sent.params) == ("sendMessage", {"text": "pain: 3", "entities": [bold]})


async def test_a_picture_is_neither_lost_nor_sent_more_than_twice_wherever_the_bot_is_killed(home: House) -> None:
    carer = await home.member(CARER)
    await checked_in(home, carer, "3")
    for point in ("before commit", "after commit", "before sending", "after sending", "after marking"):
        before = len(photos(carer))
        await home.stop()
        tapped = carer.press(1, "picture:7::x")

        await crash(home, point)
        await home.start()

        await carer.answered(tapped)
        await photo(carer, before + 1)
        await home.stop()  # sends what is under way, and marks it
        assert before + 1 <= len(photos(carer)) <= before + 2, point
        await home.start()
        assert len(photos(carer)) <= before + 2, point


async def test_figures_are_for_coordinators_as_a_picture_and_on_the_command_line(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    await checked_in(home, carer, "3", "9")
    nurse.command("/figures")

    shown = await photo(nurse)

    assert "Check-ins answered, by week" in shown.text
    assert "URGENT: 1 raised, 1 open, 0 taken, 0 closed. Nobody has taken one yet." in shown.text
    assert "figures" in {one["command"] for one in nurse.commands}
    carer.command("/figures")
    await carer.wait_for(wording("staff.only"))
    ran = await home.command("figures", "--weeks", "2")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[0].split() == ["week", "asked", "answered", "missed", "open", "percent"]
    assert len(ran.stdout.splitlines()) == 6
    assert code(home) not in ran.stdout
