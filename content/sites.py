"""Whether a site's own pathway may be shown to families: its numbers, words and dates."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from content import waits
from content.kinds import NEVER
from content.load import Library, overdue, unfilled
from content.registers import Requirement
from content.shapes import Country
from flows.book import Pathway

Told = Iterator[tuple[str, str]]  # a field, and what is wrong with it

OTHER = "other"
DEMO = "demo"
MEASURED = {"fever": 1, "low_temperature": -1}  # 1: counts from there up, -1: below there
WORDS = ("team", "hours", "go", "crisis", "bereavement", "painkiller")  # what a site says in its own words

MAX_WORDS = 100  # ours, characters: longer, and whom to call is lost on a small phone
MAX_REVIEW = timedelta(days=184)  # ours: half a year
LOWEST_FEVER = 37.0  # ours, °C: a healthy body is as warm

# What stands where something is still to be written.
LEFT_OVER = re.compile(
    r"FILL|fill[ _-]?in\b|^\W*$"
    r"|(?i:x{3,}|\?{2,}|_{2,}|\b(todo|tbc|tbd|placeholder|lorem)\b|\bto be (confirmed|decided)\b)"
)

# How a site says that its line never closes, by language, as read after "It answers": families call it at any hour.
NEVER_CLOSES = {
    "en": ("day and night", "day and night, every day", "at any hour", "24 hours a day", "24/7", "round the clock")
}

# What paracetamol is called, by language.
PARACETAMOL = {"en": re.compile(r"(?i)\b(paracetamol|acetaminophen)\b")}

# Painkillers of another kind than paracetamol, as they are sold. The content names them beside {painkiller} where they
# can hide a fever; anti-inflammatories can harm the kidneys in myeloma (the project's clinical facts).
OTHERS = re.compile(
    r"(?i)\b(ibuprofen\w*|ibuprof[eè]ne|naproxen\w*|diclofenac\w*|ketoprofen\w*|aspirin\w*|nsaids?"
    r"|anti-inflammator\w*|advil|motrin|nurofen|aleve|voltar\w+|steroids?|dexamethasone|morphine|codeine|co-\w+|\w+codone|tramadol|metamizol\w*)\b"
)

# Numbers that never ring, as they begin: kept free for fiction by Ofcom, ComReg, the North American Numbering Plan,
# Arcep and the Bundesnetzagentur; then the examples of our own pathways.
INVENTED = re.compile(
    r"\+44(1632960|2079460|11[3-8]4960|1[2-6]14960|1914980|2896496|2920180|7700900|8081570|9098790|3069990)"
    r"|\+3532091|\+1\d{3}55501\d\d$|\+33(19900|26191|35301|46571|53649|63998)"
    r"|\+49(3023125|6990009|4066969|2214710|8999998)"
    r"|\+34900123456$|\+4930123456$"
)


# Digits after the country's that no telephone there has, by how its numbers begin; elsewhere, those of too few.
PLANS = {
    "+44": re.compile(r"[1-3578]\d{8,9}"),
    "+1": re.compile(r"[2-9]\d\d[2-9]\d{6}"),
    "+33": re.compile(r"[1-9]\d{8}"),
    "+34": re.compile(r"[6-9]\d{8}"),
}
ANYWHERE = re.compile(r"\d{6,13}")
ONE_DIGIT = re.compile(r"(\d)\1{6,}$")  # nobody has a number that ends so
KEEPS_ZERO = "+39"  # elsewhere the 0 before a number falls away behind the country's
DEAR = re.compile(r"\+44(9|70)|\+1(900|976)|\+33(89|81|82)|\+34(80[367]|90[57])|\+49(900|137)|\+3989")

DIALLED = re.compile(r"\d{3,}|\d\d( \d\d)+")  # how a number stands among words, not as in 24/7
NO_NUMBER = re.compile(r"^[0 ]*$")

# A line for professionals, which no family is ever told to call (the project's clinical facts).
PROFESSIONALS = re.compile(r"(?i)\bM?SCC\b|\bcord compression co-?ordinator")

# Where nobody is at night.
CLOSES = re.compile(
    r"(?i)\b(GPs?|family doctor|outpatients?|day (clinic|unit|ward)|walk-in (cent(re|er)|clinic)|pharmacy|chemist"
    r"|office hours|mornings?|afternoons?|evenings?|tomorrow|weekdays?|(mon|tues|wednes|thurs|fri|satur|sun)days?|opens"
    r"|(?<!never )clos(es|ed)|\d ?[ap]m)\b"
)

# Characters that are not seen, or turn what follows round.
UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


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


def _worded(library: Library) -> tuple[str, ...]:
    """The fields in which the site says something in its own words."""
    return (*WORDS, "medicine") if library.book.pathway.medicine else WORDS


def _left_over(library: Library, _today: date) -> Told:
    for field in (*_worded(library), "line"):
        said = getattr(library.book.pathway, field)
        if LEFT_OVER.search(said):
            yield field, f'{field} still says "{said}": fill it in.'


def _thresholds(library: Library, _today: date) -> Told:
    for name in MEASURED:
        one = library.requirements.get(name)
        if one and OTHER in one.limits and (told := lenient(one, library.book.pathway)):
            yield ("fever" if MEASURED[name] > 0 else "low"), f"{told} Use that, or a stricter one."
    if library.book.pathway.fever < LOWEST_FEVER:
        told = f"fever counts from {library.book.pathway.fever} °C, which a healthy body has"
        yield "fever", f"{told}: write {LOWEST_FEVER} or more, as the team does."


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
    elif INVENTED.match(number):
        if site.id != DEMO:
            yield (
                "line",
                f"line {site.line} is an example that nobody answers: write the number of the team's own line.",
            )
    elif not number.startswith("+"):
        if not any(number in _ambulance(one) for one in library.countries.values()):
            told = f"line {site.line} is a short number, of no team: write the number of the team's own line"
            yield "line", f"{told}, with its country, such as {prefix or '+44'} and the digits after it."
    elif prefix and number.startswith(prefix) and (wrong := _undialled(number, prefix)):
        yield "line", f"line {site.line} {wrong}: write the number of the team's own line, as you dial it from abroad."


def _undialled(number: str, prefix: str) -> str:
    """What is wrong with the digits of a number that begins as its country's do, or empty."""
    digits = number.removeprefix(prefix)
    if DEAR.match(number):
        return "costs more than an ordinary call, and many telephones cannot reach it"
    if digits.startswith("0") and prefix not in ("", KEEPS_ZERO):
        return f"has a 0 after {prefix}, which is dialled inside the country alone"
    if ONE_DIGIT.search(digits) or not PLANS.get(prefix, ANYWHERE).fullmatch(digits):
        return "has too few digits, too many, or some that no telephone there has"
    return ""


def _hours(library: Library, _today: date) -> Told:
    site = library.book.pathway
    always = NEVER_CLOSES.get(site.language, ())
    if site.hours not in always:
        told = "families are told to call the line at night: give one that answers day and night, or the hospital's"
        quoted = ", ".join(f'"{one}"' for one in always)
        yield "hours", f'hours is "{site.hours}", and {told} switchboard. Then write one of: {quoted}.'


def _crisis(library: Library, _today: date) -> Told:
    said = library.book.pathway.crisis
    if all(NO_NUMBER.match(found[0]) for found in DIALLED.finditer(said)):
        yield (
            "crisis",
            f'crisis "{said}" has no number that can be dialled: write the name and the number of the crisis line.',
        )


def _zone(library: Library, _today: date) -> Told:
    site = library.book.pathway
    country = library.countries.get(site.country)
    if country and country.zones and site.zone not in country.zones:
        more = f"Another one is right? Add it to the zones of {site.country} in content/countries.yaml."
        yield "zone", f"zone {site.zone} is not one of {site.country}: write {' or '.join(country.zones)}. {more}"


def _words(library: Library, _today: date) -> Told:
    for field in _worded(library):
        length = len(getattr(library.book.pathway, field))
        if length > MAX_WORDS:
            yield field, f"{field} has {length} characters, and {MAX_WORDS} are the most: say it in fewer words."
        said = _plain(getattr(library.book.pathway, field))
        for phrase in dict.fromkeys(phrase for phrases in library.banned.values() for phrase in phrases):
            if re.search(rf"(?<!\w){re.escape(_plain(phrase))}(?!\w)", said):
                yield field, f'{field} says "{phrase}", which content/banned.yaml forbids: say it in other words.'


def _families(library: Library, _today: date) -> Told:
    """A team that families may call, and a place that is open when they come."""
    site = library.book.pathway
    for field in ("team", "go"):
        if found := PROFESSIONALS.search(getattr(site, field)):
            told = f'{field} names "{found[0]}", a line for professionals that families never call'
            yield field, f"{told}: write what they call the team of the alert card, such as the spine nurses."
    if found := CLOSES.search(site.go):
        told = f'go is "{site.go}", and families may come at any hour of any day: "{found[0]}" does not fit that'
        yield "go", f"{told}. Write a place that never closes, such as the emergency department of their hospital."


def _unseen(library: Library, _today: date) -> Told:
    for field in _worded(library):
        said = getattr(library.book.pathway, field)
        if found := next((one for one in said if unicodedata.category(one) in UNSEEN), ""):
            told = f"{field} holds a character that is not seen, breaks the line or turns words round"
            yield field, f"{told} (U+{ord(found):04X}): type it anew by hand, on one line."


def _painkiller(library: Library, _today: date) -> Told:
    site = library.book.pathway
    named = PARACETAMOL.get(site.language)
    if found := OTHERS.search(site.painkiller):
        told = f'painkiller names "{found[0]}": write what paracetamol is called there, and nothing else'
        yield "painkiller", f"{told}. Other drugs that hide a fever are named beside it."
    elif named and not named.search(site.painkiller) and not LEFT_OVER.search(site.painkiller):
        told = f'painkiller "{site.painkiller}" is not what paracetamol is called there'
        yield "painkiller", f"{told}: write paracetamol or acetaminophen, in the language of the site."


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
    *waits.CHECKS,
    _words,
    _families,
    _unseen,
    _painkiller,
    _dates,
)
