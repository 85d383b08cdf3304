"""Bad input gets one clear sentence and loses nothing."""

import io
import json

import pytest

from bot.runtime.reading import MAX_TEXT, InputError, checked, each_line, text_from


@pytest.mark.parametrize(
    "raw, says",
    [(b"", "no words"), (b" \n\t ", "no words"), (b"\x00\x00", "no words"), (b"\xff\xfe\xfa", "not UTF-8"),
     (b"a" * 1_000_000, "at most")],
)  # fmt: skip
def test_input_that_cannot_be_read_is_refused(raw: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        text_from("-", io.BytesIO(raw))


@pytest.mark.parametrize("text", ["😀😀", "\u202eabc\u202c", "a\x00b", "  ok  ", "x" * MAX_TEXT])
def test_odd_text_is_read_as_it_is(text: str) -> None:
    assert checked(text) == text


def test_lone_surrogates_are_replaced() -> None:
    assert checked("a\ud800b") == "a\ufffdb"


def test_a_bad_line_becomes_an_error_and_the_stream_goes_on() -> None:
    lines = [
        b'{"id": 1, "text": "good"}', b"{broken", b'{"id": 3, "text": ""}', b'{"id": 4}', b'[1]', b"\xff",
        b"", b'{"id": 7, "text": "good too"}',
    ]  # fmt: skip
    found = list(each_line("-", lambda text: {"length": len(text)}, io.BytesIO(b"\n".join(lines))))
    assert [("error" in record) for record in found] == [False, True, True, True, True, True, False]
    assert found[0] == {"id": 1, "length": 4} and found[-1]["id"] == 7
    assert found[2]["id"] == 3 and "no words" in found[2]["error"]
    json.dumps(found)
