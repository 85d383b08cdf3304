"""The words of many tickets in segments: what is found is what reading through all of them would find."""

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.arrays import packed, unpacked
from bot.desk.search import Segment, merged, segment

WORDS = st.text(alphabet="abжф", min_size=1, max_size=4)
DOCUMENTS = st.lists(st.frozensets(WORDS, max_size=5), max_size=12)


def reading_through(documents: list[frozenset[str]], part: str, first: int) -> set[int]:
    return {first + at for at, words in enumerate(documents) if any(part in word for word in words)}


@given(DOCUMENTS, DOCUMENTS, WORDS)
def test_a_part_is_found_inside_words_in_one_segment_and_in_several_made_one(one, other, part) -> None:
    first, second = segment(one, 7), segment(other, 7 + len(one))
    wanted = reading_through(one, part, 7) | reading_through(other, part, 7 + len(one))
    joined = merged([first, second])
    for parts in ([first, second], [joined], [Segment(**unpacked(packed(joined._asdict())))]):
        assert {int(slot) for each in parts for slot in each.having(part.encode())} == wanted


def test_a_part_of_very_many_words_is_found_in_all_of_them() -> None:
    documents = [frozenset({f"a{number}", "b"}) for number in range(700)]
    assert set(segment(documents, 0).having(b"a")) == set(range(700))
