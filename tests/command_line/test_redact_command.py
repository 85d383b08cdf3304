"""`oberih redact` over words, files and streams: the writer goes, the suspect stays."""

import json
from pathlib import Path

import pytest

from tests.command_line.test_commands import oberih

TEXT = "My name is Olena, my number is +380 50 123 4567."
REMOVED = "My name is [person], my number is [phone]."


def test_words_a_file_and_standard_input_give_the_same(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text(TEXT)
    for source, stdin in ((TEXT, b""), (str(path), b""), ("-", TEXT.encode())):
        done = oberih("redact", source, stdin=stdin)
        assert done.stdout.decode().splitlines()[0] == REMOVED and done.returncode == 0
        [line] = oberih("redact", source, "--json", stdin=stdin).stdout.decode().splitlines()
        assert json.loads(line)["text"] == REMOVED


def test_an_offer_keeps_its_contacts() -> None:
    kept = json.loads(oberih("redact", "Call +48 512 345 678", "--as", "offer", "--json").stdout)
    assert kept["text"] == "Call +48 512 345 678" and [span["kept"] for span in kept["spans"]] == [True]


def test_a_stream_is_answered_line_by_line(tmp_path: Path) -> None:
    lines = [json.dumps({"id": "a", "text": TEXT}), "{bad", json.dumps({"id": 2, "text": ""})]
    path = tmp_path / "words.jsonl"
    path.write_text("\n".join(lines))
    for source, stdin in ((str(path), b""), ("-", path.read_bytes())):
        done = oberih("redact", source, "--jsonl", stdin=stdin)
        answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
        assert done.returncode == 0 and answers[0]["id"] == "a" and answers[0]["text"] == REMOVED
        assert "error" in answers[1] and answers[2]["id"] == 2 and "error" in answers[2]


@pytest.mark.parametrize("text", ["a\u2028b \u202ec \x85 d \x9b2J"])
def test_json_is_one_line_with_nothing_hidden(text: str) -> None:
    [line] = oberih("redact", "-", "--json", stdin=text.encode()).stdout.decode().splitlines()
    assert json.loads(line)["text"] == text and not any(hidden in line for hidden in "\u2028\u202e\x85\x9b")
