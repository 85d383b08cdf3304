"""Lines are shown only when verified, and only in a form that can be dialled."""

from bot.knowledge.signs import Concern
from bot.safety.lines import best_line, dialable


def test_from_abroad_a_free_phone_number_is_not_offered(knowledge) -> None:
    romania = knowledge.countries["RO"]
    at_home = [found.number for found in dialable(romania, "RO")]
    abroad = [found.number for found in dialable(romania, "DE")]
    assert "0800 800 678" in at_home
    assert "0800 800 678" not in abroad and "+40 21 313 31 00" in abroad


def test_old_and_blank_numbers_never_appear(knowledge) -> None:
    france = knowledge.countries["FR"]
    shown = [found.number for found in dialable(france, "FR")]
    assert not any("0825" in number or "01 44 52" in number for number in shown)


def test_a_child_gets_a_childrens_line_first(knowledge) -> None:
    found = best_line(dialable(knowledge.countries["PL"], "PL"), Concern.CHILD, child=True)
    assert found is not None and Concern.CHILD in found.line.serves


def test_professionals_lines_are_not_the_first_choice(knowledge) -> None:
    found = best_line(dialable(knowledge.countries["SE"], "SE"), Concern.TRAFFICKING)
    assert found is None or found.line.for_whom != "professionals"


def test_a_number_becomes_something_to_tap(knowledge) -> None:
    [kcik] = [f for f in dialable(knowledge.countries["PL"], "PL") if f.line.id == "pl-kcik"]
    assert kcik.href == "tel:+48226280120"
