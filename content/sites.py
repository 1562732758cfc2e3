"""Whether a site's own pathway may be shown to families: its numbers, words and dates."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from content.kinds import NEVER
from content.load import Library, overdue, unfilled
from content.registers import Requirement
from content.shapes import Country
from flows.book import Pathway

Told = Iterator[tuple[str, str]]  # a field, and what is wrong with it

OTHER = "other"
DEMO = "demo"
MEASURED = {"fever": 1, "low_temperature": -1}  # 1: counts from there up, -1: below there
WORDS = ("team", "hours", "go", "crisis", "painkiller")  # what a site says in its own words

MAX_WORDS = 100  # ours, characters: longer, and whom to call is lost on a small phone
MAX_REVIEW = timedelta(days=184)  # ours: half a year
SHORTEST_WAIT, LONGEST_WAIT = timedelta(minutes=15), timedelta(hours=12)  # ours: nobody can have meant another

# What stands where something is still to be written.
LEFT_OVER = re.compile(
    r"FILL|fill[ _-]?in\b|^\W*$"
    r"|(?i:x{3,}|\?{2,}|_{2,}|\b(todo|tbc|tbd|placeholder|lorem)\b|\bto be (confirmed|decided)\b)"
)

# How a site says that its line never closes, by language, as read after "It answers": families call it at any hour.
NEVER_CLOSES = {
    "en": ("day and night", "day and night, every day", "at any hour", "24 hours a day", "24/7", "round the clock")
}

# Painkillers of another kind than paracetamol, as they are sold. The content names them beside {painkiller} where they
# can hide a fever; anti-inflammatories can harm the kidneys in myeloma (the project's clinical facts).
OTHERS = re.compile(
    r"(?i)\b(ibuprofen\w*|ibuprof[eè]ne|naproxen\w*|diclofenac\w*|ketoprofen\w*|aspirin\w*|nsaids?"
    r"|anti-inflammator\w*|advil|motrin|nurofen|aleve|voltar\w+|steroids?|dexamethasone|morphine|codeine|tramadol)\b"
)

# Numbers that never ring, as they begin: kept free for fiction by Ofcom, ComReg, the North American Numbering Plan,
# Arcep and the Bundesnetzagentur; then the examples of our own pathways.
INVENTED = re.compile(
    r"\+44(1632960|2079460|11[3-8]4960|1[2-6]14960|1914980|2896496|2920180|7700900|8081570|9098790|3069990)"
    r"|\+3532091|\+1\d{3}55501\d\d$|\+33(19900|26191|35301|46571|53649|63998)"
    r"|\+49(3023125|6990009|4066969|2214710|8999998)"
    r"|\+34900123456$|\+4930123456$"
)


def refused(library: Library, today: date) -> Iterator[str]:
    """Why no family may be shown this pathway, each as `file:line: what is wrong and what to do`.

    A day later than `today` (UTC) is taken for today: it may be tomorrow already where the site is. The demo's own
    number is invented, and allowed.
    """
    left_open = dict(one.split(": ", 1) for one in unfilled(library.book.pathway))
    for field, what in left_open.items():
        yield library.site.problem((field,), f"{field} is not filled in: {what}.")
    for check in CHECKS:
        for field, text in check(library, today):
            if field not in left_open:
                yield library.site.problem((field,), text)


def lenient(requirement: Requirement, pathway: Pathway) -> str:
    """How a pathway takes a temperature less seriously than the requirement lets its country, or empty."""
    name, group = requirement.requirement, limited(requirement, pathway)
    given, limit = counted(name, pathway), requirement.limits[group]
    less = given * MEASURED[name] > limit * MEASURED[name]
    return f"{name} counts from {given} °C; requirements.yaml lets {group} say {limit}." if less else ""


def limited(requirement: Requirement, pathway: Pathway) -> str:
    """Under which country the requirement limits the pathway."""
    return pathway.country if pathway.country in requirement.limits else OTHER


def counted(name: str, pathway: Pathway) -> float:
    """From where a pathway counts a measured sign, in °C."""
    return pathway.fever if MEASURED[name] > 0 else pathway.low


def _left_over(library: Library, _today: date) -> Told:
    for field in (*WORDS, "line"):
        said = getattr(library.book.pathway, field)
        if LEFT_OVER.search(said):
            yield field, f'{field} still says "{said}": fill it in.'


def _thresholds(library: Library, _today: date) -> Told:
    for name in MEASURED:
        one = library.requirements.get(name)
        if one and OTHER in one.limits and (told := lenient(one, library.book.pathway)):
            yield ("fever" if MEASURED[name] > 0 else "low"), f"{told} Use that, or a stricter one."


def _emergency(library: Library, _today: date) -> Told:
    site = library.book.pathway
    known = _ambulance(library.countries.get(site.country))
    if site.country == OTHER:
        yield "country", 'country is "other": name the site\'s own, and add it to content/countries.yaml if need be.'
    elif known and site.emergency not in known:
        more = f"Another one is right? Add it under also of {site.country} in content/countries.yaml"
        told = f"emergency {site.emergency} is no number for an ambulance in {site.country}: write {' or '.join(known)}"
        yield "emergency", f"{told}. {more}, with who confirmed it."


def _line(library: Library, _today: date) -> Told:
    site = library.book.pathway
    country = library.countries.get(site.country)
    number, prefix = site.line.replace(" ", ""), country.prefix if country else ""
    if number == site.emergency or any(number in _ambulance(one) for one in library.countries.values()):
        yield "line", f"line {site.line} is an emergency number: write the number of the team's own line."
    if number.startswith("+") and not number.startswith(prefix):
        yield "line", f"line {site.line} is not a number in {site.country}, where they begin with {prefix}."
    if INVENTED.match(number) and site.id != DEMO:
        yield "line", f"line {site.line} is an example that nobody answers: write the number of the team's own line."


def _hours(library: Library, _today: date) -> Told:
    site = library.book.pathway
    always = NEVER_CLOSES.get(site.language, ())
    if site.hours not in always:
        told = "families are told to call the line at night: give one that answers day and night, or the hospital's"
        quoted = ", ".join(f'"{one}"' for one in always)
        yield "hours", f'hours is "{site.hours}", and {told} switchboard. Then write one of: {quoted}.'


def _crisis(library: Library, _today: date) -> Told:
    said = library.book.pathway.crisis
    if not re.search(r"\d", said):
        yield "crisis", f'crisis "{said}" has no number: write the name and the number of the crisis line.'


def _zone(library: Library, _today: date) -> Told:
    site = library.book.pathway
    country = library.countries.get(site.country)
    if country and country.zones and site.zone not in country.zones:
        more = f"Another one is right? Add it to the zones of {site.country} in content/countries.yaml."
        yield "zone", f"zone {site.zone} is not one of {site.country}: write {' or '.join(country.zones)}. {more}"


def _waits(library: Library, _today: date) -> Told:
    for field in ("nudge_after", "missed_after"):
        if not SHORTEST_WAIT <= getattr(library.book.pathway, field) <= LONGEST_WAIT:
            yield field, f"{field} must be between 15m and 12h, such as 2h."


def _words(library: Library, _today: date) -> Told:
    for field in WORDS:
        length = len(getattr(library.book.pathway, field))
        if length > MAX_WORDS:
            yield field, f"{field} has {length} characters, and {MAX_WORDS} are the most: say it in fewer words."
        said = _plain(getattr(library.book.pathway, field))
        for phrase in dict.fromkeys(phrase for phrases in library.banned.values() for phrase in phrases):
            if re.search(rf"(?<!\w){re.escape(_plain(phrase))}(?!\w)", said):
                yield field, f'{field} says "{phrase}", which content/banned.yaml forbids: say it in other words.'


def _painkiller(library: Library, _today: date) -> Told:
    if found := OTHERS.search(library.book.pathway.painkiller):
        told = f'painkiller names "{found[0]}": write what paracetamol is called there, and nothing else'
        yield "painkiller", f"{told}. Other drugs that hide a fever are named beside it."


def _dates(library: Library, today: date) -> Told:
    site = library.book.pathway
    if site.reviewed_on > today + timedelta(days=1):
        yield "reviewed_on", f"reviewed_on {site.reviewed_on} is still to come: write the day on which you checked it."
    if site.reviewed_on > NEVER and site.review_on - site.reviewed_on > MAX_REVIEW:
        latest = site.reviewed_on + MAX_REVIEW
        yield "review_on", f"review_on {site.review_on} is more than half a year later: write {latest} at the latest."
    if overdue(site, today):
        told = f"the pathway was to be reviewed by {site.review_on}. Check every number in it"
        yield "review_on", f"{told}, then set reviewed_on and review_on anew."


def _ambulance(country: Country | None) -> tuple[str, ...]:
    """The numbers for an ambulance there, the usual one first."""
    return (country.emergency, *country.also) if country else ()


def _plain(text: str) -> str:
    """As it is compared: one case, straight apostrophes, single spaces."""
    return " ".join(text.casefold().replace("’", "'").split())


CHECKS: tuple[Callable[[Library, date], Told], ...] = (
    _left_over,
    _thresholds,
    _emergency,
    _line,
    _hours,
    _crisis,
    _zone,
    _waits,
    _words,
    _painkiller,
    _dates,
)
