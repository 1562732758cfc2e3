"""Reading YAML: words stay words, and what could surprise an editor is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.strict import parse


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: no\nb: yes\nc: on\nd: off", {"a": "no", "b": "yes", "c": "on", "d": "off"}),
        ("a: 12:30\nb: 2026-11-22\nc: 1_000\nd: 0x1f", {"a": "12:30", "b": "2026-11-22", "c": "1_000", "d": "0x1f"}),
        ("a:\nb: ~\nc: null\nd: 'null'", {"a": None, "b": None, "c": None, "d": "null"}),
        ("no: 1\nnull: 2", {"no": "1", "null": "2"}),
        ("\ufeffa: “ärger” نعم 🙂", {"a": "“ärger” نعم 🙂"}),
        ("<<: {a: 1}", {"<<": {"a": "1"}}),
        ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
    ],
)  # fmt: skip
def test_words_stay_words(text: str, data: object) -> None:
    document = parse(text.encode(), "f.yaml")

    assert (document.problems, document.data) == ((), data)


QUOTES = 'words with ": ", or beginning with { [ * & ! % @ or `, need quotes.'


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"a: 1\nb: 2\na: 3\n", 'f.yaml:3: "a" is already on line 1.'),
        (b"a: {b: 1, b: 2}\n", 'f.yaml:1: "b" is already on line 1.'),
        (b"a: &x b\n", 'f.yaml:1: anchors and aliases are refused: "x"; write the words again.'),
        (b"a: !!python/name:os.system b\n", 'f.yaml:1: tags are refused: "tag:yaml.org,2002:python/name:os.system".'),
        (b"a:\n\tb: 1\n", "f.yaml:2: a tab cannot indent; use spaces."),
        (b"a: b\tc\n", "f.yaml:1: holds a control character or a tab."),
        (b"a: 1\nb: \x00\n", "f.yaml:2: holds a control character."),
        (b"a: 1\nb: \xff\n", "f.yaml:2: is not UTF-8; save the file as UTF-8."),
        (b"a: 1\n---\nb: 2\n", "f.yaml:2: starts a second document; one file, one document."),
        (b"? [a]\n: 1\n", "f.yaml:1: a name must be a word."),
        (b'"": 1\n', "f.yaml:1: a name must be a word."),
        (b"a: b: c\n", f"f.yaml:1: mapping values are not allowed in this context; {QUOTES}"),
        (b"a: 1\nb: {x} y\n", f"f.yaml:2: while parsing a block mapping, did not find expected key; {QUOTES}"),
        (b"a: 1\nb: 'x\n\n", f"f.yaml:2: while scanning a quoted scalar, found unexpected end of stream; {QUOTES}"),
        (b"[" * 5000, "f.yaml:1: is nested too deeply."),
        (b"", "f.yaml: is empty."),
        (b"# nothing\n", "f.yaml: is empty."),
    ],
)  # fmt: skip
def test_what_yaml_may_do_and_content_may_not_is_refused(raw: bytes, said: str) -> None:
    assert parse(raw, "f.yaml").problems == (said,)


def test_every_duplicate_anchor_and_tag_of_a_file_is_told() -> None:
    document = parse(b"a: &x 1\nb: *x\nc: !t 2\nc: 3\n", "f.yaml")

    assert document.problems == (
        'f.yaml:1: anchors and aliases are refused: "x"; write the words again.',
        'f.yaml:2: anchors and aliases are refused: "x"; write the words again.',
        'f.yaml:3: tags are refused: "!t".',
        'f.yaml:4: "c" is already on line 3.',
    )


LETTERS = ["\n", "  ", "- ", ": ", "{", "}", "[", "]", ",", '"', "'", "\t", "#", "%", "\x00", "\u2028", "ü", "9"]
SIGNS = [
    "&a ",
    "*a",
    "!t ",
    "|\n",
    "? ",
    "---\n",
    "item",
    "options",
    "sources",
    "s4",
    "urgency",
    "advice",
    "2026-11-22",
]
PIECES = st.sampled_from([*LETTERS, *SIGNS])


@given(text=st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join)))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_the_reader(text: str) -> None:
    document = parse(text.encode(errors="replace"), "f.yaml")

    assert all(problem.startswith("f.yaml") for problem in document.problems)
