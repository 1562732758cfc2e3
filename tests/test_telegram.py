"""What Telegram sends becomes events, whatever its shape; what it refuses becomes a verdict."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram import Arrival, read, update_id
from flows.events import (
    Blocked,
    CalledFromGroup,
    Commanded,
    Edited,
    Event,
    Said,
    SentOther,
    Tapped,
    Unblocked,
)
from flows.press import MAX_CALLBACK_BYTES, press, pressed

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SENT = datetime(2026, 11, 22, 11, 59, tzinfo=UTC)
ANNA = {"id": 5, "is_bot": False, "first_name": "Anna", "language_code": "de"}
PRIVATE = {"id": 5, "type": "private", "first_name": "Anna"}
GROUP = {"id": -100200, "type": "supergroup", "title": "Family"}
ENVELOPE = {"message_id": 9, "date": int(SENT.timestamp()), "from": ANNA, "chat": PRIVATE}


def message(**content: Any) -> dict[str, Any]:
    return {"update_id": 1, "message": {**ENVELOPE, **content}}


def edited(**content: Any) -> dict[str, Any]:
    return {"update_id": 1, "edited_message": {**ENVELOPE, "date": 1, "edit_date": ENVELOPE["date"], **content}}


def tap(**changes: Any) -> dict[str, Any]:
    under = {"message_id": 8, "date": 1_700_000_000, "chat": PRIVATE, "text": "Weak legs?"}
    query = {"id": "77", "from": ANNA, "message": under, "chat_instance": "1", "data": "legs:yes:3:v1"}
    return {"update_id": 1, "callback_query": {**query, **changes}}


def membership(status: str, chat: dict[str, Any] = PRIVATE) -> dict[str, Any]:
    changed = {"chat": chat, "from": ANNA, "date": 1, "old_chat_member": {}, "new_chat_member": {"status": status}}
    return {"update_id": 1, "my_chat_member": changed}


def said(raw: object) -> Event | None:
    arrival = read(raw, NOON)
    return arrival.event if arrival else None


def test_a_typed_message_is_words_with_who_where_when_and_in_which_language() -> None:
    assert read(message(text="my legs feel weak"), NOON) == Arrival(
        update=1, chat=5, event=Said(at=NOON, text="my legs feel weak"), language="de", sent_at=SENT
    )


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("/start", "start", ""),
        ("/Start@Backwatch_Bot  ABC-123 ", "start", "ABC-123"),
        ("/log\n7f", "log", "7f"),
        ("/stop!", "stop", ""),
        ("/help, my legs are numb", "help", "my legs are numb"),
        ("/start " + "x" * 500, "start", "x" * 500),
    ],
)
def test_a_slash_and_a_name_is_a_command(text: str, name: str, argument: str) -> None:
    assert said(message(text=text)) == Commanded(at=NOON, name=name, argument=argument)


@pytest.mark.parametrize("text", ["/", "/ my legs are weak", "//", "/légs", "not /start", "x" * 5000])
def test_everything_else_typed_is_words(text: str) -> None:
    assert said(message(text=text)) == Said(at=NOON, text=text)


@pytest.mark.parametrize("kind", ["photo", "sticker", "voice", "video", "document", "contact", "poll", "dice"])
def test_what_is_not_words_is_told_by_its_kind(kind: str) -> None:
    assert said(message(**{kind: {}})) == SentOther(at=NOON, kind=kind)


def test_a_place_is_a_venue_and_a_moving_picture_is_no_document() -> None:
    assert said(message(location={}, venue={})) == SentOther(at=NOON, kind="venue")
    assert said(message(animation={}, document={})) == SentOther(at=NOON, kind="animation")


def test_a_kind_nobody_knows_yet_is_still_answered() -> None:
    assert said(message(hologram={})) == SentOther(at=NOON, kind="other")


def test_words_under_a_picture_count_as_words_but_never_as_a_command() -> None:
    assert said(message(photo=[{}], caption="this is the scar")) == Said(at=NOON, text="this is the scar")
    assert said(message(photo=[{}], caption="/stop")) == Said(at=NOON, text="/stop")


def test_forwarded_words_are_nobodys_answer() -> None:
    assert said(message(text="/stop", forward_origin={"type": "user"})) == SentOther(
        at=NOON, kind="forwarded", text="/stop"
    )


def test_an_edited_message_is_its_new_words() -> None:
    assert read(edited(text="weak legs"), NOON) == Arrival(
        update=1, chat=5, event=Edited(at=NOON, text="weak legs"), language="de", sent_at=SENT
    )
    assert said(edited(photo=[{}], caption="/stop")) == Edited(at=NOON, text="/stop")


def test_a_location_that_moves_says_nothing() -> None:
    assert read(edited(location={}), NOON) is None


def test_a_tap_tells_its_button_its_query_and_its_message() -> None:
    tapped = Tapped(at=NOON, item="legs", option="yes", about="3", version="v1")

    assert read(tap(), NOON) == Arrival(update=1, chat=5, event=tapped, language="de", tap="77", message=8)


@pytest.mark.parametrize("under", [None, {"chat": PRIVATE, "message_id": 8, "date": 0}])
def test_a_tap_under_a_message_out_of_reach_still_counts(under: object) -> None:
    tapped = Tapped(at=NOON, item="legs", option="yes", about="3", version="v1")

    assert read(tap(message=under), NOON) == Arrival(update=1, chat=5, event=tapped, language="de", tap="77", message=0)


@pytest.mark.parametrize(
    "data", [None, "", "legs", "a:b:c:d:e", ":yes:3:v1", "le gs:yes:3:v1", "legs:ja\n:3:v1", "é:::"]
)
def test_a_button_nobody_can_read_is_told_and_answered(data: str | None) -> None:
    arrival = read(tap(data=data), NOON)

    assert arrival is not None
    assert (arrival.event, arrival.tap) == (SentOther(at=NOON, kind="button"), "77")


def test_leaving_and_coming_back_is_noticed() -> None:
    assert said(membership("kicked")) == Blocked(at=NOON)
    assert said(membership("member")) == Unblocked(at=NOON)


def test_a_group_or_a_channel_is_answered_where_it_called() -> None:
    group = read(message(text="/start", chat=GROUP), NOON)
    channel = read({"update_id": 1, "channel_post": {"chat": {"id": -1, "type": "channel"}, "text": "x"}}, NOON)
    tapped = read(tap(message={"message_id": 8, "date": 1, "chat": GROUP}), NOON)

    assert group == Arrival(update=1, chat=-100200, event=CalledFromGroup(at=NOON), language="de", sent_at=SENT)
    assert channel == Arrival(update=1, chat=-1, event=CalledFromGroup(at=NOON))
    assert tapped == Arrival(update=1, chat=-100200, event=CalledFromGroup(at=NOON), language="de", tap="77", message=8)


@pytest.mark.parametrize(
    "raw",
    [
        message(pinned_message={}),
        message(message_auto_delete_timer_changed={}),
        message(text="x", **{"from": {"id": 6, "is_bot": True}}),
        message(text="x", chat=GROUP, **{"from": {"id": 6, "is_bot": True}}),
        message(new_chat_members=[], chat=GROUP),
        message(text="x", chat=GROUP, is_automatic_forward=True),
        edited(text="x", chat=GROUP),
        membership("left", GROUP),
        membership("kicked", GROUP),
        membership("restricted"),
        {"update_id": 1, "poll_answer": {}},
        {"update_id": 1},
        {"update_id": 2**63, "message": ENVELOPE},
        {"update_id": True, "message": ENVELOPE},
        {"update_id": 1, "message": {**ENVELOPE, "chat": {"id": "5", "type": "private"}}},
    ],
)
def test_what_concerns_nobody_ends_here(raw: object) -> None:
    assert read(raw, NOON) is None


def test_half_a_character_does_not_reach_the_database() -> None:
    assert said(json.loads(json.dumps(message(text="weak \ud83d legs")))) == Said(at=NOON, text="weak ? legs")


def test_an_update_that_cannot_be_read_may_still_have_an_id_to_confirm() -> None:
    nameless: list[object] = [{}, [], None, "7", {"update_id": "7"}, {"update_id": 7.0}]

    assert update_id({"update_id": 7, "message": 3}) == 7
    assert {update_id(raw) for raw in nameless} == {None}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
KINDS = ("message", "edited_message", "channel_post", "callback_query", "my_chat_member")
VALID = [
    message(text="/start ABC"),
    message(photo=[{}], caption="scar"),
    message(text="x", chat=GROUP),
    message(forward_origin={}),
    edited(text="x"),
    tap(),
    membership("kicked"),
]


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value inside a JSON value."""
    inside = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [path, *(found for key, inner in inside for found in places(inner, (*path, key)))]


@st.composite
def nearly_valid(draw: st.DrawFn) -> object:
    """A valid update, one to three of its values replaced by anything."""
    raw = copy.deepcopy(draw(st.sampled_from(VALID)))
    for _ in range(draw(st.integers(1, 3))):
        *path, last = draw(st.sampled_from(places(raw)[1:]))
        inside: Any = raw
        for key in path:
            inside = inside[key]
        inside[last] = draw(JSON)
    return raw


@given(
    JSON | st.dictionaries(st.sampled_from(KINDS), JSON).map(lambda kinds: {"update_id": 1, **kinds}) | nearly_valid()
)
def test_no_update_of_any_shape_can_stop_the_reading(raw: object) -> None:
    arrival = read(raw, NOON)

    if arrival is not None:
        assert arrival.update == update_id(raw)
        assert -(2**63) <= arrival.chat < 2**63
        assert arrival.event.at == NOON
        repr(arrival).encode()  # nothing in it that cannot be stored


PART = st.text("abcXYZ019_./#+-", max_size=12)


@given(PART.filter(bool), PART, PART, PART)
def test_what_a_button_carries_its_tap_brings_back(item: str, option: str, about: str, version: str) -> None:
    data = press(item, option, about, version)

    assert len(data.encode()) <= MAX_CALLBACK_BYTES
    assert pressed(data) == (item, option, about, version)


@given(st.text(max_size=70))
def test_what_press_did_not_make_is_not_pressed(data: str) -> None:
    parts = pressed(data)

    assert parts is None or press(*parts) == data


def test_a_button_may_carry_64_bytes_and_not_one_more() -> None:
    assert len(press("i" * 61, "", "", "")) == 64
    with pytest.raises(ValueError, match="has 65 bytes; a button takes 64"):
        press("i" * 62, "", "", "")


@pytest.mark.parametrize("part", ["08:00", "ja nein", "größe", "a\n"])
def test_a_button_refuses_parts_that_would_not_come_back(part: str) -> None:
    with pytest.raises(ValueError, match="a button takes an item"):
        press("item", part, "", "")
    with pytest.raises(ValueError, match="a button takes an item"):
        press("", "yes", "", "")
