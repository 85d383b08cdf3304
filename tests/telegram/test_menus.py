"""The bot's menu and profile are neutral, in every language, and set once."""

import re
from pathlib import Path

import pytest
import telegram
import yaml
from PIL import Image

from bot import PROJECT_ROOT
from bot.channels.telegram.menus import set_menus, set_picture
from bot.components.commands import COMMANDS as TYPED
from bot.knowledge.files import KnowledgeError
from bot.knowledge.languages import load_languages
from bot.knowledge.telegram import COMMANDS, load_picture, load_profiles
from evaluation.botapi import FakeTelegram

DATA = PROJECT_ROOT / "data"
PROFILES = load_profiles(DATA)
SETTERS = ("setMyCommands", "setMyName", "setMyDescription", "setMyShortDescription")
TELLING = re.compile(
    r"traffick|торг|торгов|людь?ми|handel|menschen|trafic|exploat|експлуат|эксплуат|victim|жертв|ofiar|opfer|"
    r"polic|поліц|полиц|poliți|hot.?line|helpline|гаряч|горяч|лін[іи]|лини[яи]|infolini|linia|"
    r"danger|небезпек|опасн|gefahr|pericol|niebezp|допомо|помощ|hilfe|ajutor|pomoc|help|abuse|насил|warn|112",
    re.IGNORECASE,
)


def seen(server: FakeTelegram, language: str) -> dict[str, str]:
    profile = server.world.profile
    return {kind: profile.seen_text(kind, language) for kind in ("name", "description", "short_description")}


def menu(server: FakeTelegram, scope: str, language: str) -> list[str]:
    return [entry["description"] for entry in server.world.profile.seen_commands([scope], language)]


async def test_people_see_menu_and_profile_in_their_language(server: FakeTelegram, bot: telegram.Bot) -> None:
    assert await set_menus(bot, PROFILES) == []
    for code, profile in PROFILES.items():
        assert menu(server, "all_private_chats", code) == list(profile.commands.values())
        assert seen(server, code) == profile.dict(exclude={"commands"})
    assert seen(server, "tr") == seen(server, "en") and menu(server, "all_private_chats", "tr")[-1] == "Close"


async def test_groups_have_no_menu(server: FakeTelegram, bot: telegram.Bot) -> None:
    await set_menus(bot, PROFILES)
    for scope in ("default", "all_group_chats", "all_chat_administrators"):
        assert menu(server, scope, "uk") == []


async def test_a_second_start_sets_nothing(server: FakeTelegram, bot: telegram.Bot) -> None:
    await set_menus(bot, PROFILES)
    before = [len(server.calls(setter)) for setter in SETTERS]
    assert await set_menus(bot, PROFILES) == []
    assert [len(server.calls(setter)) for setter in SETTERS] == before


async def test_only_what_differs_is_set(server: FakeTelegram, bot: telegram.Bot) -> None:
    await set_menus(bot, PROFILES)
    before = {setter: len(server.calls(setter)) for setter in SETTERS}
    changed = {**PROFILES, "uk": PROFILES["uk"].copy(update={"short_description": "Погода."})}
    await set_menus(bot, changed)
    assert {setter: len(server.calls(setter)) - before[setter] for setter in SETTERS} == {
        "setMyCommands": 0, "setMyName": 0, "setMyDescription": 0, "setMyShortDescription": 1,
    }  # fmt: skip
    assert seen(server, "uk")["short_description"] == "Погода."


async def test_a_name_that_may_not_be_changed_now_stops_nothing(server: FakeTelegram, bot: telegram.Bot) -> None:
    server.faults.too_many("setMyName", 70_000)
    assert await set_menus(bot, PROFILES) == ["uk: name"]
    assert seen(server, "uk")["name"] == "Oberih" and seen(server, "ru")["name"] == "Оберег"
    assert await set_menus(bot, PROFILES) == [] and seen(server, "uk")["name"] == "Оберіг"


async def test_a_bot_without_a_picture_gets_ours_and_keeps_one_that_it_has(
    server: FakeTelegram, bot: telegram.Bot
) -> None:
    assert await set_picture(bot, load_picture(DATA))
    assert server.world.profile.picture == load_picture(DATA)
    assert await set_picture(bot, b"\xff\xd8\xff another")
    assert server.world.profile.picture == load_picture(DATA) and len(server.calls("setMyProfilePhoto")) == 1


@pytest.mark.parametrize("code", [400, 404])
async def test_a_server_that_takes_no_picture_stops_nothing(server: FakeTelegram, bot: telegram.Bot, code: int) -> None:
    server.faults.fail("setMyProfilePhoto", code, "Not Found: method not found")
    assert not await set_picture(bot, load_picture(DATA))
    assert server.world.profile.picture is None


def test_the_picture_is_a_small_square_that_says_nothing_of_where_it_was_made() -> None:
    with Image.open(DATA / "telegram.jpg") as picture:
        assert picture.format == "JPEG" and picture.size == (512, 512) and not picture.getexif()
    assert len(load_picture(DATA)) < 20_000


@pytest.mark.parametrize("content", [None, b"<svg/>"])
def test_a_picture_that_telegram_would_not_take_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "telegram.jpg").write_bytes(content)
    with pytest.raises(KnowledgeError, match=r"telegram\.jpg"):
        load_picture(tmp_path)


@pytest.mark.parametrize("code", PROFILES)
def test_nothing_in_the_profile_tells_what_the_bot_is_for(code: str) -> None:
    profile = PROFILES[code]
    whole = [profile.name, profile.description, profile.short_description, *profile.commands.values()]
    assert [text for text in whole if TELLING.search(text)] == []


def test_every_command_of_the_menu_does_something_when_it_is_typed() -> None:
    assert {f"/{command}" for command in COMMANDS} <= set(TYPED)


def written(folder: Path, change: dict[str, object]) -> Path:
    content = yaml.safe_load((DATA / "telegram.yml").read_text())
    content["languages"]["uk"].update(change)
    (folder / "telegram.yml").write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))
    (folder / "languages.yml").write_text((DATA / "languages.yml").read_text())
    return folder


@pytest.mark.parametrize(
    "change", [{"name": "Н" * 65}, {"short_description": "к" * 121}, {"description": ""}, {"commands": {"exit": "X"}}]
)
def test_what_telegram_would_refuse_is_refused_at_reading(tmp_path: Path, change: dict[str, object]) -> None:
    with pytest.raises(KnowledgeError, match="does not fit its schema"):
        load_profiles(written(tmp_path, change))


def test_a_language_without_a_profile_is_named(tmp_path: Path) -> None:
    content = yaml.safe_load((written(tmp_path, {}) / "telegram.yml").read_text())
    del content["languages"]["ro"]
    (tmp_path / "telegram.yml").write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))
    with pytest.raises(KnowledgeError, match="see ro"):
        load_profiles(tmp_path)
    assert set(PROFILES) == set(load_languages(DATA))
