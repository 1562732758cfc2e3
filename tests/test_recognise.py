"""What frightened people type, and what they type when nothing is wrong: content/typed.yaml, alone and mixed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.facts import Facts
from content.load import Library
from content.mentions import Mentions
from content.rules import phrases_heard
from flows.book import Urgency
from flows.recognise import listen, recognise
from tests.talks import LIBRARY

BOOK = LIBRARY.book
TYPED = LIBRARY.typed["en"]


def calling_for(urgency: Urgency) -> list[str]:
    return [text for text, screens in TYPED.items() if screens and BOOK.advice[screens[0]].urgency == urgency]


EMERGENCY, URGENT = calling_for(Urgency.EMERGENCY), calling_for(Urgency.URGENT)
ORDINARY = [text for text, screens in TYPED.items() if not screens]
# Lines of the red flags that mean nothing, or less, without their question, and why.
PAIN = "said of any pain: the question asks about the back or neck"
TREATED = "an emergency only on cancer treatment, which one line does not tell"
ONLY_ASKED: Mapping[str, str] = {
    "Very bad, and it never lets up": PAIN,
    "Getting worse": PAIN,
    "Worse on standing, sitting, moving or lying flat": PAIN,
    "Worse on a cough, a sneeze or straining": PAIN,
    "It breaks the sleep": PAIN,
    "Feels ill, or not like themselves": TREATED,
    "You feel ill, or not like yourself": TREATED,
    "With it: constipated, or feeling sick": "an emergency only with thirst",
}


@pytest.mark.parametrize("text", EMERGENCY)
def test_words_that_mean_an_emergency_are_heard(text: str) -> None:
    found = recognise(BOOK, "en", text)

    assert found is not None
    assert found.urgency == Urgency.EMERGENCY
    assert found.advice in TYPED[text]


@pytest.mark.parametrize("text", URGENT)
def test_words_that_mean_a_call_today_are_heard(text: str) -> None:
    found = recognise(BOOK, "en", text)

    assert found is not None
    assert found.urgency >= Urgency.URGENT
    assert found.advice in TYPED[text]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_and_denied_words_alarm_nobody(text: str) -> None:
    assert recognise(BOOK, "en", text) is None


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(
    st.sampled_from(ORDINARY),
    st.sampled_from(EMERGENCY + URGENT),
    st.sampled_from(ORDINARY),
    st.sampled_from([". ", "! ", "\n", " - ", "… "]),
)
def test_nothing_said_before_or_after_makes_a_sign_less_urgent(before: str, sign: str, after: str, mark: str) -> None:
    alone = recognise(BOOK, "en", sign)

    found = recognise(BOOK, "en", mark.join((before, sign, after)))

    assert alone is not None
    assert found is not None
    assert found.urgency >= alone.urgency


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(
    st.sampled_from(EMERGENCY),
    st.sampled_from([str.upper, str.lower, str.title, lambda text: text.replace("'", "’").replace("’", "")]),
)
def test_neither_capitals_nor_apostrophes_matter(text: str, change: Callable[[str], str]) -> None:
    assert recognise(BOOK, "en", change(text)) == recognise(BOOK, "en", text)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.text(max_size=200))
def test_no_text_whatever_is_too_much(text: str) -> None:
    found = recognise(BOOK, "en", text)

    assert found is None or found.advice in BOOK.advice


def test_a_language_without_phrases_finds_nothing() -> None:
    assert recognise(BOOK, "xx", "he cannot walk") is None


def test_words_that_are_no_sign_hide_what_touches_them_and_not_what_holds_them() -> None:
    assert recognise(BOOK, "en", "he fell asleep") is None
    assert recognise(BOOK, "en", "he fell asleep, then he fell") is not None
    assert recognise(BOOK, "en", "his leg fell asleep") is not None


def test_what_somebody_does_not_have_and_somebody_else_does_is_heard() -> None:
    assert recognise(BOOK, "en", "I don't have chest pain") is None
    assert recognise(BOOK, "en", "I don't have chest pain, no idea what it does to people") is None
    for other in (", he does", ". He does!", " but my wife has", " - dad does\nhelp"):
        assert recognise(BOOK, "en", f"I don't have chest pain{other}") is not None


def test_a_word_can_be_a_sign_where_it_is_all_that_is_said() -> None:
    for mark in ("", ".", "?", "!!", "…"):
        assert recognise(BOOK, "en", f"Hello. Confused{mark}") is not None
    assert recognise(BOOK, "en", "confused by the letter") is None


def test_a_not_that_belongs_to_another_word_denies_nothing() -> None:
    assert recognise(BOOK, "en", "he can not walk") is not None
    assert recognise(BOOK, "en", "he is not confused") is None


def bullets() -> Iterator[tuple[str, Urgency]]:
    """Every sign that the red flags list, as it stands there, and how urgent its own yes is."""
    words = LIBRARY.words["en"]
    for item in BOOK.questionnaires["red_flags"].items:
        calls = {option.id: option.urgency for option in item.options}
        yes = calls.get("yes", calls.get("today"))
        for key in (f"red_flags.{item.id}.ask", f"red_flags.{item.id}.ask_patient"):
            for line in words.get(key, "").splitlines():
                if yes is not None and line.startswith("• "):
                    yield line.removeprefix("• ").replace("{painkiller}", "paracetamol"), yes


@pytest.mark.parametrize(("text", "yes"), sorted(set(bullets())))
def test_what_the_bot_lists_is_heard_when_somebody_types_it(text: str, yes: Urgency) -> None:
    found = recognise(BOOK, "en", text)

    if text in ONLY_ASKED:
        assert found is None or found.urgency < yes
    else:
        assert found is not None
        assert found.urgency >= yes


def test_what_is_only_asked_is_listed() -> None:
    assert set(ONLY_ASKED) <= {text for text, _ in bullets()}


def told(library: Library) -> list[str]:
    return list(phrases_heard(Facts(library, Mentions(), Path())))


def typing(typed: Mapping[str, tuple[str, ...]]) -> Library:
    return replace(LIBRARY, typed={"en": typed})


@pytest.mark.parametrize(
    ("text", "screens", "said"),
    [
        ("he is well", ("cord",), '"he is well" is heard as nothing, not as cord.'),
        ("her back hurts", ("cord",), '"her back hurts" is heard as back_new, urgent, not as cord.'),
        ("he cannot walk", ("drowsy", "cart"), '"he cannot walk" is heard as cord, emergency, not as drowsy or cart.'),
        ("he cannot walk", (), '"he cannot walk" is no sign, and is heard as cord.'),
        ("he cannot walk", ("cord", "corn"), 'advice "corn" is unknown.'),
    ],
)
def test_what_is_not_heard_as_it_should_be_is_told(text: str, screens: tuple[str, ...], said: str) -> None:
    library = typing({"numb legs": ("cord",), text: screens})

    assert told(LIBRARY) == []
    assert told(library) == [f"content/typed.yaml: {said}"]


def test_a_phrase_that_became_less_urgent_is_told() -> None:
    lesser = listen(tuple(replace(one, urgency=Urgency.URGENT) for one in BOOK.phrases["en"]), ())
    library = replace(typing({"numb legs": ("cord",)}), book=replace(BOOK, phrases={"en": lesser}))

    assert told(library) == ['content/typed.yaml: "numb legs" is heard as cord, urgent, not as cord.']


def test_a_language_in_which_nobody_typed_a_sign_is_told() -> None:
    assert told(typing({"hello": ()})) == ['content/typed.yaml: nobody has typed a sign in "en".']
