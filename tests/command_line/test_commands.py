"""The command line as people and programs use it."""

import json
import subprocess
import sys

import pytest

from bot import PROJECT_ROOT

OFFER = "Робота в Німеччині, 3500 євро без досвіду. Паспорт на час контракту залишається у нас."
CHECK_KEYS = {
    "id", "language", "kind", "direction", "concern", "level", "danger", "dimensions", "missing", "signs",
    "identifiers", "questions",
}  # fmt: skip


def oberih(*arguments: str, stdin: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "bot.cli", *arguments]
    return subprocess.run(command, cwd=PROJECT_ROOT, input=stdin, capture_output=True, timeout=300)


def test_check_prints_one_json_object_on_the_last_line() -> None:
    done = oberih("check", OFFER, "--json")
    found = json.loads(done.stdout.decode().strip().splitlines()[-1])
    assert set(found) == CHECK_KEYS and found["level"] == "high" and found["id"] is None
    for sign in found["signs"]:
        assert set(sign) == {"id", "title", "severity", "concern", "dimension", "source", "probability", "evidence"}
        for evidence in sign["evidence"]:
            assert OFFER[evidence["start"] : evidence["end"]] == evidence["text"]


def test_check_reads_a_stream_of_lines_and_survives_bad_ones() -> None:
    lines = [json.dumps({"id": 1, "text": OFFER}), "{bad", json.dumps({"id": 3, "text": "  "})]
    done = oberih("check", "-", "--jsonl", stdin="\n".join(lines).encode())
    answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert done.returncode == 0
    assert answers[0]["id"] == 1 and answers[0]["level"] == "high"
    assert "error" in answers[1] and answers[2]["id"] == 3 and "error" in answers[2]


@pytest.mark.parametrize(
    "stdin, says",
    [(b"", "no words"), (b"\xff\xfe", "not UTF-8"), (b"a" * 1_000_000, "at most"), (b"\x00\x00", "no words")],
    ids=["empty", "not UTF-8", "a megabyte", "NUL bytes"],
)
def test_bad_input_gets_one_line_and_exit_code_two(stdin: bytes, says: str) -> None:
    done = oberih("check", "-", stdin=stdin)
    message = done.stderr.decode()
    assert done.returncode == 2 and says in message and "Traceback" not in message
    assert len(message.strip().splitlines()) == 1


@pytest.mark.parametrize("text", ["😀😀😀", "\u202eабв\u202c"])
def test_odd_text_gets_a_normal_answer(text: str) -> None:
    done = oberih("check", "-", "--json", stdin=text.encode())
    assert json.loads(done.stdout)["level"] in ("none_found", "not_enough")


def test_language_and_parse_answer_in_their_own_form() -> None:
    language = json.loads(oberih("language", "Dobrý deň, ako sa dnes máte?", "--json").stdout)
    assert set(language) == {"id", "language", "confidence", "supported"} and language["language"] == "sk"
    parsed = json.loads(oberih("parse", "Мене зачинили і забрали паспорт", "--json").stdout)
    assert set(parsed) == {"id", "intent", "confidence", "danger", "danger_kind", "language"}
    assert parsed["danger"] is True and parsed["danger_kind"] == "locked_in" and parsed["language"] == "uk"


def test_redact_removes_the_writer_and_lists_what_it_found() -> None:
    text = "Мене звати Олена, мій номер +380 50 123 4567. Рекрутер писав з +48 512 345 678."
    found = json.loads(oberih("redact", text, "--json").stdout)
    assert set(found) == {"id", "text", "spans"}
    assert found["text"] == "Мене звати [person], мій номер [phone]. Рекрутер писав з +48 512 345 678."
    shown = [(text[span["start"] : span["end"]], span["type"], span["kept"]) for span in found["spans"]]
    assert shown == [
        ("Олена", "person", False), ("+380 50 123 4567", "phone", False), ("+48 512 345 678", "phone", True),
    ]  # fmt: skip
    lines = oberih("redact", "-", "--as", "offer", "--jsonl", stdin=b'{"id": 7, "text": "call +48 512 345 678"}\n')
    assert json.loads(lines.stdout)["text"] == "call +48 512 345 678"
    wrong = oberih("redact", "a", "--as", "nobody")
    assert wrong.returncode == 2 and b"There is no mode nobody" in wrong.stderr


def test_evaluate_prints_one_object(tmp_path) -> None:
    rows = tmp_path / "offers.jsonl"
    rows.write_text(json.dumps({"text": OFFER, "lang": "uk", "suspicious": True, "signs": ["J24"], "set": "x"}))
    found = json.loads(oberih("evaluate", "offers", str(rows), "--json").stdout)
    assert found["recall"] == 1.0 and found["sign_recall"] == 1.0 and found["evidence_exact"] is True


def test_unknown_tasks_are_named() -> None:
    done = oberih("evaluate", "weather")
    assert done.returncode == 2 and b"There is no task weather" in done.stderr


def test_doctor_says_that_all_is_fine() -> None:
    done = oberih("doctor", "--json")
    assert json.loads(done.stdout)["ok"] is True and done.returncode == 0
