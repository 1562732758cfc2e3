"""A small content, of invented words, to be broken in tests."""

from pathlib import Path

FILES = {
    "sources.yaml": """\
sources:
  s4:
    title: On doses
    publisher: Society of Doses
    year: 2021
    population: people who take doses
    first_hand: true
    read: 2026-11-22
    reviewed_by: ""
    review_on: 2027-05-22
    url: https://example.org/doses
    places: {page-1: the first page, page-2: the second page}
""",
    "advice.yaml": """\
advice:
  missed:
    urgency: emergency
    do: [{call: [s4]}]
    say: [{script: [s4#page-2]}]
    watch: [{breath: [s4]}]
""",
    "phrases.yaml": """\
phrases:
  en:
    - {advice: missed, urgency: emergency, groups: [[forgot, "left out"], [dose*]]}
""",
    "typed.yaml": """\
typed: {en: {missed: [I forgot the dose]}}
ordinary: {en: [hello]}
denied: {en: []}
""",
    "countries.yaml": """\
countries:
  GB: {emergency: "999", crisis: "the listeners, 116 123", zones: [Europe/London]}
  other: {emergency: "112", crisis: listeners there, zones: []}
""",
    "times.yaml": """\
clocks: [08:00, 12:30]
quiet: {from: 22:00, until: 07:00}
""",
    "banned.yaml": """\
banned:
  en: ["don't worry", is fine]
""",
    "requirements.yaml": """\
together: {urgent: 2, within: 24h, source: [s4]}
loop: {soon: 15m, times: 4, later: 1h, most: 12, answers: {}, forgotten: missed, source: [s4]}
labels: {en: {yes: [Yes], no: [No]}}
screens:
  missed: {calls: line, words: {en: {title: ["{emergency}"], call: ["{line}"]}}, never: {en: [wait]}}
texts:
  en:
    red_flags.taken.ask: {says: [dose], never: [later]}
requirements:
  - requirement: dose_missed
    says: a dose left out
    least: emergency
    screen: missed
    source: [s4]
    after: {taken: [no]}
    asked: {en: [red]}
""",
    "conflicts.yaml": """\
conflicts:
  - conflict: when
    limit: hours
    positions:
      - {source: s4#page-1, words: at_once, urgency: emergency, limit: 0}
      - {source: s4#page-2, words: later, urgency: emergency, limit: 24}
    won: [s4#page-1]
    in: [red_flags/dose]
""",
    "hazards.yaml": """\
hazards:
  - hazard: H1
    what: a dose is forgotten
    cause: haste
    effect: none
    severity: minor
    likelihood: low
    controls: [{control: It is asked about., proof: "check: limits"}]
    residual: low
""",
    "pathways/town.yaml": """\
pathway: town
team: the dose nurses
line: "+44 1632 960123"
emergency: "999"
crisis: the listeners, 116 123
country: GB
zone: Europe/London
language: en
reviewed_on: 2026-11-22
review_on: 2027-05-22
nudge_after: 2h
missed_after: 30m
hours: all day
go: the house of doses
fever: 37.5
low: 36.0
unit: C
painkiller: powder
bereavement: the consolers, 116 124
""",
    "questionnaires/red_flags.yaml": """\
questionnaire: red_flags
version: "1"
step_up: {urgent: 2, advice: missed, source: [s4]}
items:
  - item: taken
    source: [s4]
    options:
      yes: {}
      no: {}
  - item: dose
    source: [s4#page-1]
    when: [{item: taken, is: [no]}]
    columns: 2
    options:
      yes: {urgency: emergency, advice: missed}
      not_sure: {urgency: emergency, advice: missed}
      no: {ends: true}
    signs: [dose_missed]
""",
    "treatments/syrup.yaml": """\
treatment: syrup
sections:
  - section: what
    sentences: [{one: [s4]}]
""",
    "locales/en/questionnaires.yaml": """\
option: {yes: Yes, no: No, not_sure: Not sure}
red_flags:
  title: Doses
  taken: {ask: "Was a dose taken?"}
  dose: {ask: "**Was it the red one?**", ask_patient: Did you take the red one?, sign: a red dose left out}
""",
    "locales/en/advice.yaml": """\
advice:
  missed:
    title: "Call {emergency}"
    do: {call: "Call {team}: {line}."}
    say: {script: "“The sign is {sign}.”"}
    watch: {breath: Short breath.}
""",
    "locales/en/treatments.yaml": """\
section: {what: What it is}
treatments:
  syrup:
    title: Syrup
    what: {one: "In a study of 2021, 3 of 10 liked it."}
""",
    "locales/en/interface.yaml": """\
panic: {button: Signs}
hello: {all: "Hello, {name}."}
advice: {say: Say, watch: Look for}
sources: {from: From, where: "{where}.", reviewed: Yes., unreviewed: No., first_hand: "Read {read}.", second_hand: No.}
day: {"0": Mon, "1": Tue, "2": Wed, "3": Thu, "4": Fri, "5": Sat, "6": Sun}
month: {"1": a, "2": b, "3": c, "4": d, "5": e, "6": f, "7": g, "8": h, "9": i, "10": j, "11": k, "12": l}
command: {symptoms: a, treatments: b, checkins: c, mydata: d, help: e, stop: f, start: g, alerts: h, log: i, duty: j, \
figures: k, died: l}
ask: {step: "Question {number} of {of}"}
alerts: {title: Open alerts, entry: "{person}, {at}: {signs}"}
log: {reviewed: "Seen by {by}, {at}", title_person: "Log of {person}", entry_person: "{at} {title} {state}"}
state: {completed: done}
urgency: {emergency: now}
button: {reviewed: Ok, summary: Su, symptoms: S, home: Home, treatment_list: All, alert_take: T, older: O, why: Why?}
card: {illness: ill}
words: {missed: {sign: left out}}
conflict: {told: No., followed: "By {followed}.", both: Both., when: {about: When?, at_once: now, later: then}}
onset: {unknown: … (say when)}
""",
}

FLOW = '''\
"""What is said: in the shape of the real flows, and naming all that render.py and views.py ask for."""
KEYS = ["panic.button", "sources.from", "sources.reviewed", "sources.unreviewed", "advice.say", "advice.watch"]
LISTS = ["alerts.title", "alerts.entry", "log.title_person", "log.entry_person", "log.reviewed", "button.reviewed"]
FORMED = [f"day.{1}", f"month.{1}", f"command.{1}", f"state.{1}", f"urgency.{1}"]
FILLS = {"person": 1, "at": 2, "signs": 3, "title": 4, "state": 5, "by": 9, "number": 6, "of": 7, "read": 8}
hello = Say(words="hello.all", with_=(("name", "x"),))
menu = [Button(words="button.symptoms"), Button(words="button.home"), Button(words="button.treatment_list")]
more = [Button(words="button.alert_take"), Button(words="button.older"), Button(words="button.why")]
told = ["ask.step", "card.illness", "button.summary", "onset.unknown", "sources.first_hand", "sources.second_hand"]
disagree = ["conflict.told", "conflict.followed", "conflict.both"]
where = {"again": 9, "where": 10, "followed": 11, "sources.where": "in"}
'''


def small(folder: Path, **changed: str) -> Path:
    """Write the content into a folder called `content` and return it.

    `changed` replaces files; `__` stands for `/`, and the suffix is left out: `questionnaires__red_flags="…"`.
    """
    files = FILES | {f"{name.replace('__', '/')}.yaml": text for name, text in changed.items()}
    for name, text in files.items():
        path = folder / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder / "content"
