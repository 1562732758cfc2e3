"""Answers of some days before a fixed one, and what is shown of them."""

from datetime import UTC, datetime, timedelta

from content.pictures import picture
from content.series import Day, Told, days
from content.voice import Message
from flows.effects import ShowPicture
from flows.person import Person
from tests.talks import LIBRARY

NOW = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)  # a Saturday
LONDON = "Europe/London"
CARER = Person(id="CODE0001", language="en", role="caregiver")


def told(pains: dict[int, str], walks: dict[int, str] | None = None) -> list[Told]:
    """Answers so many days ago, each in a check-in of its own."""
    found = [(back, "pain", option) for back, option in pains.items()]
    found += [(back, "walking", option) for back, option in (walks or {}).items()]
    return [
        Told(response=str(back), item=item, option=option, at=NOW - timedelta(days=back))
        for back, item, option in sorted(found, reverse=True)
    ]


def week(pains: dict[int, str], walks: dict[int, str] | None = None) -> tuple[Day, ...]:
    return days(told(pains, walks), LONDON, NOW, 7)


def said(pains: dict[int, str], walks: dict[int, str] | None = None, span: int = 7, code: str = "") -> list[Message]:
    return picture(LIBRARY, CARER, ShowPicture(person=code, days=span), told(pains, walks), LONDON, NOW)


def words(pains: dict[int, str], walks: dict[int, str] | None = None) -> str:
    return said(pains, walks)[0].text
