"""What Telegram takes, and what a talk calls something shown."""

from content.voice import Message, units
from flows.deeds import SendData, ShowDigest, ShowLooked, ShowTeam
from flows.effects import (
    Advise,
    Ask,
    Cite,
    Explain,
    Lists,
    Say,
    ShowAlerts,
    ShowCircle,
    ShowData,
    ShowFigures,
    ShowLog,
    ShowPerson,
    ShowPicture,
    Tick,
)
from flows.kin import ShowFarewell
from flows.press import MAX_CALLBACK_BYTES

MAX_TEXT, MAX_TOAST = 4096, 200  # Bot API, sendMessage and answerCallbackQuery: UTF-16 units
Shown = Say | Ask | Tick | Advise | Explain | Cite | Lists
NAMED: dict[type, str] = {ShowAlerts: "alerts", ShowLog: "log", ShowPerson: "overview", ShowData: "mydata"}
NAMED |= {
    ShowPicture: "picture",
    ShowFigures: "figures",
    ShowCircle: "circle",
    ShowFarewell: "farewell",
    ShowDigest: "digest",
    ShowTeam: "team",
    ShowLooked: "looked",
    SendData: "file",
}


def fits(message: Message) -> None:
    """Whether Telegram would take it."""
    assert bool(message.text) == (message.kind != "tick"), "a message without words"
    assert units(message.text) <= (MAX_TOAST if message.kind == "toast" else MAX_TEXT), f"too long: {message.text[:99]}"
    for row in message.buttons:
        for label, data in row:
            assert label, f"a button without words: {data}"
            assert 0 < len(data.encode()) <= MAX_CALLBACK_BYTES, f"a button Telegram refuses: {data}"


def spoken_key(effect: Shown) -> str:
    """What a talk calls something said."""
    match effect:
        case Say(words=words):
            return words
        case Ask(questionnaire=name, item=item) | Tick(questionnaire=name, item=item):
            return f"{name}.{item}"
        case Advise(advice=advice):
            return f"advice.{advice}"
        case Explain(treatment=treatment, section=section):
            return f"treatments.{treatment}.{section}"
        case Cite(about=about):
            return f"why.{about}"
        case _:
            return NAMED[type(effect)]
