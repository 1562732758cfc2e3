"""Relatives of one patient over the real wire: links, restarts, and what stops when somebody has died."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox import Phone
from flows.person import spoken
from tests.house import House, agree, house, report, schedule, tap, through, wording

CARER, SON, PATIENT, NURSE = 1001, 1003, 1004, 1002
LINK = re.compile(r"https://t\.me/(\w+)\?start=(\w+)")
DAY = timedelta(days=1)
NOON = 12


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as it:
        now = it.clock.now()  # noon, as nothing unasked comes at night
        await it.running.advance(now.replace(hour=12, minute=0) + (DAY if now.hour >= NOON else 0 * DAY))
        yield it


async def invited(phone: Phone) -> str:
    """Make a link and read the code it carries, as the relative's Telegram sends it."""
    before = phone.last.id
    await phone.answered(phone.press(1, "circle:invite::x"))
    message = await phone.wait_for(wording("circle.link"), since=before)
    found = LINK.search(message.text)
    assert found is not None
    return found[2]


async def joined(home: House, number: int, code: str, **chosen: str) -> Phone:
    """A relative who comes by the link and agrees."""
    phone = home.sandbox.phone(number)
    before = phone.last.id if phone.texts else 0
    phone.command(f"/start {code}")
    invitation = await phone.wait_for(wording("circle.invited"), since=before)
    await through(phone, "welcome", since=invitation.id)
    await agree(phone, **chosen)
    await phone.wait_for(wording("circle.entered"))
    return phone


async def pair(home: House) -> tuple[Phone, Phone]:
    """Two who agreed to everything, also to letting each other know."""
    carer = await home.member(CARER)
    son = await joined(home, SON, await invited(carer))
    for phone in (carer, son):
        await tap(phone, "circle:yes")
    return carer, son


def circles(home: House) -> list[int]:
    """How many are in each circle."""
    rows = home.rows("SELECT count(*) FROM people WHERE circle != '' GROUP BY circle")
    return [number for (number,) in rows]


async def test_a_relative_who_comes_by_a_link_is_in_the_circle_once_they_have_agreed_for_themselves(
    home: House,
) -> None:
    carer = await home.member(CARER)
    code = await invited(carer)
    assert code.encode() not in (home.folder / "data" / "backwatch.db").read_bytes()

    son = await joined(home, SON, code)

    await carer.wait_for(wording("circle.joined"))
    assert circles(home) == [2]
    assert home.count("codes") == 0
    assert not [text for text in son.texts if spoken(home.rows("SELECT id FROM people")[0][0]) in text]


async def test_a_link_used_a_second_time_leads_nowhere(home: House) -> None:
    carer = await home.member(CARER)
    code = await invited(carer)
    await joined(home, SON, code)

    other = home.sandbox.phone(PATIENT)
    other.command(f"/start {code}")

    await other.wait_for(wording("staff.bad_code"))
    assert circles(home) == [2]


async def test_of_two_who_came_by_one_link_the_first_to_agree_is_in(home: House) -> None:
    carer = await home.member(CARER)
    code = await invited(carer)
    late = home.sandbox.phone(PATIENT)
    late.command(f"/start {code}")
    await late.wait_for(wording("circle.invited"))

    await joined(home, SON, code)
    await through(late, "welcome")
    await agree(late)

    await late.wait_for(wording("circle.gone"))
    assert circles(home) == [2]
    assert home.rows("SELECT count(*) FROM people") == [(3,)]


async def test_whoever_refuses_leaves_no_trace_and_the_link_is_still_good(home: House) -> None:
    carer = await home.member(CARER)
    code = await invited(carer)
    son = home.sandbox.phone(SON)
    son.command(f"/start {code}")
    await through(son, "welcome")
    await agree(son, keep="no")

    assert home.count("people") == 1
    await joined(home, PATIENT, code)


async def test_a_link_is_not_used_up_by_its_maker_a_coordinator_or_somebody_in_another_circle(home: House) -> None:
    carer, nurse, other = await home.member(CARER), await home.staff(NURSE), await home.member(PATIENT)
    await invited(other)
    code = await invited(carer)

    for phone, words in ((carer, "circle.own"), (nurse, "circle.staff"), (other, "circle.other")):
        phone.command(f"/start {code}")
        await phone.wait_for(wording(words))

    await joined(home, SON, code)
    assert sorted(circles(home)) == [1, 2]


async def test_a_link_is_good_for_two_days_and_a_new_one_ends_the_one_before(home: House) -> None:
    carer = await home.member(CARER)
    first = await invited(carer)
    code = await invited(carer)
    son = home.sandbox.phone(SON)
    son.command(f"/start {first}")
    await son.wait_for(wording("staff.bad_code"))

    await home.running.advance(home.clock.now() + 2 * DAY)
    before = son.last.id
    son.command(f"/start {code}")

    await son.wait_for(wording("staff.bad_code"), since=before)


async def test_a_restart_before_they_agree_loses_their_place_and_not_the_link(home: House) -> None:
    carer = await home.member(CARER)
    code = await invited(carer)
    son = home.sandbox.phone(SON)
    son.command(f"/start {code}")
    await through(son, "welcome")
    await home.restart()

    await joined(home, SON, code)

    assert circles(home) == [2]


async def test_a_warning_sign_reaches_the_circle_of_whoever_lets_it_and_coordinators_see_both_codes(
    home: House,
) -> None:
    nurse = await home.staff(NURSE)
    carer, son = await pair(home)
    await home.restart()

    await carer.answered(report(carer))

    await son.wait_for(wording("circle.emergency"))
    alert = await nurse.wait_for(wording("alert.emergency"))
    codes = [code for (code,) in home.rows("SELECT id FROM people WHERE kind = 'person'")]
    assert all(spoken(code) in alert.text for code in codes)


async def test_whoever_deletes_everything_is_out_and_the_others_stay(home: House) -> None:
    carer, _ = await pair(home)

    carer.command("/mydata")
    await tap(carer, "data:delete:")
    await tap(carer, "data:deletesure")
    await carer.wait_for(wording("mydata.deleted"))

    assert circles(home) == [1]


async def test_when_somebody_has_died_every_timer_of_the_circle_is_gone_also_after_a_restart(home: House) -> None:
    nurse = await home.staff(NURSE)
    carer, son = await pair(home)
    for phone in (carer, son):
        await schedule(phone)
    await carer.answered(report(carer))
    await nurse.wait_for(wording("alert.emergency"))

    carer.say("Dad died this morning")
    await tap(carer, "died:yes")
    await carer.wait_for(wording("farewell.word"))
    await nurse.wait_for(wording("follow.died_self"))
    await home.restart()

    assert home.rows("SELECT name FROM timers WHERE name NOT IN ('farewell', 'digest')") == []
    assert home.rows("SELECT DISTINCT state FROM alerts") == [("closed",)]
    before = [len(carer.texts), len(son.texts)]
    await home.running.advance(home.clock.now() + 5 * DAY)
    await home.stop()
    assert len(carer.texts) == before[0]
    assert len(son.texts) <= before[1] + 1
    assert wording("farewell.relative") in "".join(son.texts)

    await home.start()
    await tap(carer, "died:mistake")
    await carer.wait_for(wording("farewell.undone"))
    assert home.rows("SELECT count(*) FROM timers WHERE name = 'checkin'") == [(2,)]


async def test_a_coordinator_says_it_by_code_and_takes_it_back(home: House) -> None:
    nurse = await home.staff(NURSE)
    carer, _ = await pair(home)
    ((code,),) = home.rows("SELECT id FROM people WHERE kind = 'person' ORDER BY at LIMIT 1")

    nurse.command("/died ZZZZ-ZZZZ")
    await nurse.wait_for("I cannot do that for ZZZZ-ZZZZ. Nothing has changed.")
    nurse.command(f"/died {spoken(code)}")
    await tap(nurse, "died:set")

    await nurse.wait_for("told by a coordinator")
    before = carer.last.id
    carer.command("/checkins")
    await carer.wait_for(wording("farewell.support"), since=before)
    await tap(nurse, "died:unset")
    before = carer.last.id
    carer.command("/checkins")
    await carer.wait_for(wording("checkins.none"), since=before)


async def test_coordinators_learn_of_a_blocked_bot_and_of_its_end_and_check_ins_go_on(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    await schedule(carer)

    carer.block()
    await nurse.wait_for(wording("follow.blocked"))
    await home.restart()
    assert home.rows("SELECT name FROM timers") == [("digest",)]  # the coordinator's
    carer.unblock()

    await nurse.wait_for(wording("follow.back"))
    await carer.wait_for(wording("checkins.set"))
    assert set(home.rows("SELECT name FROM timers")) == {("checkin",), ("digest",)}
