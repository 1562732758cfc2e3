"""What frightened people type, and what they type when nothing is wrong."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.book import Urgency
from flows.recognise import recognise
from tests.talks import LIBRARY

BOOK = LIBRARY.book

EMERGENCY = """\
Dad's legs have gone funny
dads legs feel like jelly
mum cant stand up on her own anymore
she can't get up from the chair
he is walking like he's drunk
his legs gave way on the stairs
my legs are so heavy
Her left leg is weak since this morning
he keeps tripping over his feet
I can't feel my feet
his feet are numb
feet feel like cotton wool
pins and needles in both legs
numb from the waist down
she says there is a tight band round her chest
like a belt round his tummy, squeezing
she drops everything, her hands are clumsy
he can't do up his buttons
electric shocks down his spine when he bends his neck
shooting pain down her leg
pain goes round his ribs
he can't pee
hasn't been able to wee since last night
he can't hold his water
she wet the bed last night
he soiled himself
can't tell when his bladder is full, he has no feeling down there
she is numb between her legs
wiping feels different
his bottom is numb
he can't open his bowels and his legs feel strange
she fell in the bathroom
he fell on his back
had a fall this morning
sudden terrible pain in her back
heard a crack in his back
she won't wake up
he's very confused
mum is confused and so thirsty
not making sense at all, my husband
he is so sleepy since the new morphine
he can't breathe properly
chest pain
she is short of breath lying there
he collapsed
she had a fit
his speech is slurred
her face is drooping
bleeding and it won't stop
coughing up blood
her calf is swollen and hot
he has a fever
temp 38.2
temperature of 37.8 after chemo
shivering and feels ill after chemo
she had CAR T and now she is confused
he wants to die
I can't go on like this
she says she would be better off dead
the pain is unbearable
pain is 10 out of 10
he is drinking litres and always thirsty
DAD CAN'T WALK
can’t move his legs!!!
no, his legs are weak
not only numb but weak legs
it is not his back, his legs don't work
no feeling in his legs
no strength in her legs
""".splitlines()

URGENT = """\
new back pain since yesterday
her back hurts
his neck is sore
the pain in the spine is worse
back pain wakes him at night
pain when she coughs
bad backache
the painkillers are not working
the tablets don't help the pain
he can't keep the tablets down
she keeps being sick, she throws up everything
black stools
his poo is black
the wound is red
the scar is leaking
we ran out of dexamethasone
tingling lips
new pain in the hip since Sunday
pain is getting worse
""".splitlines()

# A no that is about something else must not hide what follows it.
NOT_DENIED = (
    "no, his legs are weak",
    "no his legs are weak",
    "No. Weak legs.",
    "no - weak legs",
    "no… numb legs",
    "nausea no\nnumb legs",
    "pain (no) weak legs (yes)",
    "not only numb but weak legs",
    "not just numb, his legs are weak",
    "not weak, just numb legs",
    "no numbness but his legs are weak",
    "no chest pain but short of breath",
    "no fever but shivering",
    "never seen her legs so weak",
    "I do not know why his legs are numb",
    "he is not well, he can't walk",
    "it's no good, his legs don't work",
)

ORDINARY = """\
hello
good morning
thank you so much
ok
yes
no
what is vertebroplasty?
can I get a referral?
when is the next check-in?
who sees my answers
please stop sending messages
how do I change the time
is kyphoplasty better than radiotherapy
he had a good day
we went for a little walk today
he slept well
she ate some soup
his appetite is better
the nurse was very kind
the appointment is on Thursday
we are waiting for the scan results
the doctor said the surgery went well
I am tired today
I feel sad
I do not understand the question
what does myeloma mean
my brother lives in Spain
he likes the garden
can you speak Spanish
the weather is lovely
we changed the tablets last week
no pain today
he has no pain
no fever
she has no fever today
no back pain
no numbness and no weakness in the legs
his legs are fine
her legs are not weak
he isn't confused
no chest pain
never had a fall
walking as before
we watched a film about a football match
who is the band on the radio
I left the stroller at the back of the house
he is back home
she came back from hospital
he did not fall
""".splitlines()


@pytest.mark.parametrize("text", EMERGENCY)
def test_words_that_mean_an_emergency_are_heard(text: str) -> None:
    found = recognise(BOOK, "en", text)

    assert found is not None
    assert found.urgency == Urgency.EMERGENCY


@pytest.mark.parametrize("text", URGENT)
def test_words_that_mean_a_call_today_are_heard(text: str) -> None:
    found = recognise(BOOK, "en", text)

    assert found is not None
    assert found.urgency >= Urgency.URGENT


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_alarm_nobody(text: str) -> None:
    assert recognise(BOOK, "en", text) is None


@pytest.mark.parametrize("text", NOT_DENIED)
def test_a_no_about_something_else_hides_no_sign(text: str) -> None:
    found = recognise(BOOK, "en", text)

    assert found is not None
    assert found.urgency == Urgency.EMERGENCY


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
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


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(
    st.sampled_from(EMERGENCY), st.sampled_from([str.upper, str.lower, str.title, lambda text: text.replace("'", "’")])
)
def test_neither_capitals_nor_curly_apostrophes_matter(text: str, change: Callable[[str], str]) -> None:
    assert recognise(BOOK, "en", change(text)) == recognise(BOOK, "en", text)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.text(max_size=200))
def test_no_text_whatever_is_too_much(text: str) -> None:
    found = recognise(BOOK, "en", text)

    assert found is None or found.advice in BOOK.advice


def test_a_language_without_phrases_finds_nothing() -> None:
    assert recognise(BOOK, "xx", "he cannot walk") is None
