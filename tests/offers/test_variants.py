"""Edited copies of one advert are counted, ordinary talk is not."""

import logging

import pytest

from bot.offers.variants import MANY, edited_copies

ADVERT = "Work in Germany for women up to 35, 3000 euro a month, we keep your passport until the debt is paid"
EDITED = [
    ADVERT,
    ADVERT.replace("keep", "look after"),
    ADVERT.replace("debt", "advance"),
    ADVERT.replace("3000 euro", "good money"),
]
TALK = [
    "Hello",
    "I would like to ask about a job that my friend has found",
    "yes",
    "no",
    "thank you very much for this",
]


def test_each_other_wording_of_a_text_counts_once() -> None:
    assert [edited_copies(EDITED[: number + 1]) for number in range(4)] == [1, 2, 3, 4]
    assert edited_copies([*EDITED, EDITED[0]]) == 4
    assert edited_copies([ADVERT] * 5) == 1


@pytest.mark.parametrize("texts", [TALK, [*TALK, ADVERT], [], ["ok", "ok!", "ok?"]])
def test_ordinary_talk_is_no_trying_out(texts: list[str]) -> None:
    assert edited_copies(texts) < MANY


async def test_trying_out_wordings_is_told_as_a_number_without_the_words(chat, caplog) -> None:
    person = chat.open("en")
    with caplog.at_level(logging.WARNING, "oberih.assistant"):
        for text in EDITED[:3]:
            await person.says(text)
    told = [record.getMessage() for record in caplog.records if record.name == "oberih.assistant"]
    assert told == ["edited copies in one conversation: 3"]
