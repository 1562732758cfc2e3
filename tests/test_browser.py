"""The demo as a newcomer meets it, in a real browser: by clicking, on a wide and a narrow screen, and by keyboard."""

from playwright.async_api import expect

from tests.browser import desk, library, says

WORDS = "The legs have gone funny"


async def test_a_newcomer_plays_both_phones_with_the_mouse() -> None:
    async with desk(1280, 900) as it:
        carer, nurse = it.phone("Caregiver"), it.phone("Coordinator")
        await carer.tap("Start")
        await carer.tap(says("welcome.role.caregiver"))
        await carer.tap(says("welcome.near.with_them"))
        await carer.agree()

        await carer.type(WORDS)
        await carer.sees_whom_to_call()
        await nurse.sees(says("alert.emergency"))
        await nurse.tap(says("button.alert_take"))
        await nurse.sees(says("alert.taken"))
        await it.page.get_by_role("button", name="An hour").click()
        await carer.sees(says("loop.ask"))
        await carer.tap(says("loop.option.here"))  # until then no check-in comes

        for label in ("button.home", "button.checkins", "button.checkins_set", "schedule.days.every_day"):
            await carer.tap(says(label))
        await carer.tap(says("schedule.time.0900"))
        await carer.tap(says("schedule.zone.site", zone=library().book.pathway.zone))
        due = await it.demo.running.next_checkin()
        await it.page.get_by_role("button", name="To the next check-in").click()
        await carer.sees(says("checkin.hello"))
        await carer.tap(says("daily.pain.3"))
        await carer.sees(says("daily.where.ask"))

        assert due is not None
        assert it.demo.running.clock.now() >= due


async def test_on_a_narrow_screen_the_alert_is_found_behind_the_other_tab() -> None:
    async with desk(390, 844) as it:
        carer, nurse = it.phone("Caregiver"), it.phone("Coordinator")
        await carer.tap("Start")
        await carer.tap(says("welcome.role.patient"))
        await carer.agree(patient=True)

        await carer.tap(library().book.panic["en"])
        await carer.tap(says("red_flags.now.yes"))
        await carer.sees_whom_to_call()
        await it.page.get_by_role("button", name="Coordinator, 1 new").click()
        await expect(carer.shown).to_be_hidden()
        await nurse.tap(says("button.alert_take"))
        await nurse.sees(says("alert.taken"))

        assert await it.page.evaluate("document.documentElement.scrollWidth") == 390


async def test_how_it_has_been_is_a_picture_on_the_phone() -> None:
    async with desk(390, 844) as it:
        carer = it.phone("Caregiver")
        await carer.tap("Start")
        await carer.tap(says("welcome.role.caregiver"))
        await carer.tap(says("welcome.near.with_them"))
        await carer.agree()
        await carer.type("/checkins")
        await carer.tap(says("button.checkins_now"))
        await carer.tap(says("daily.pain.3"))
        await carer.type("/checkins")
        await carer.tap(says("button.picture"))

        picture = carer.messages.last.get_by_role("img")
        await expect(picture).to_be_visible()
        assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1080
        assert await it.page.evaluate("document.documentElement.scrollWidth") == 390


async def test_without_a_mouse_somebody_finds_out_whom_to_call() -> None:
    async with desk(1280, 900) as it:
        carer = it.phone("Caregiver")
        await it.press_tab_to("Start")
        await carer.sees(says("welcome.role.ask"))
        await it.press_tab_to(says("welcome.role.caregiver"))
        await carer.sees(says("welcome.near.ask"))
        await it.press_tab_to(says("welcome.near.with_them"))
        await carer.sees(says("welcome.offer"))
        await it.press_tab_to(says("button.symptoms"))
        await carer.sees(says("red_flags.now.ask"))
        await it.press_tab_to(says("red_flags.now.yes"))

        await carer.sees(says("advice.watch"))
        await carer.sees_whom_to_call()
