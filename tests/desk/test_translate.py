"""Machine translation: beside the original, from the site's own server alone, kept in the session alone."""

import json
import logging
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.translate.chunks import chunks
from bot.desk.translate.machine import TranslationTrouble, Translator
from bot.desk.translate.passages import Passage, passages
from bot.desk.translate.provider import Provider, is_near
from bot.reports.ticket import Answer, Place, Ticket, TicketSign
from bot.runtime import models
from bot.settings import load
from tests.desk.site import DeskSite, at_work, console_of, csrf
from tests.desk.test_triage import logged
from tests.libretranslate import LibreTranslate, serving, trap
from tests.reports.tickets import NOW, ticket

NARRATIVE = "Бригадир забирає телефони. Сусідка розповіла.\nПаспорт у нього."
EVIDENCE = "Паспорт залишається у нас"
HTMX = {"hx-request": "true"}
LANGUAGES = models.language_path(load())


@pytest.fixture(scope="module")
def running() -> Iterator[LibreTranslate]:
    with serving() as server:
        yield server


@pytest.fixture
def server(running: LibreTranslate) -> LibreTranslate:
    """The server as it is when it has just started."""
    fresh = LibreTranslate(url=running.url)
    for name, value in vars(fresh).items():
        setattr(running, name, value)
    return running


def near(server: LibreTranslate, **changed: object) -> Provider:
    return Provider(**{"name": "libretranslate", "url": server.url, "near": True, **changed})  # type: ignore[arg-type]


def with_translation(site: DeskSite, server: LibreTranslate, seconds: float = 30.0) -> DeskSite:
    return replace(site, console=replace(site.console, translator=Translator(near(server), LANGUAGES, seconds)))


def one(**fields: object) -> Ticket:
    signs = (TicketSign(id="J24", title="Papers kept", severity="H", evidence=(EVIDENCE,)),)
    answers = (Answer(question="q1", text="Чи у вас паспорт?", answer="no"),)
    given = {"narrative": NARRATIVE, "language": "uk", "signs": signs, "answers": answers, **fields}
    return ticket(created=NOW, place=Place(country="DE", words="Магдебург"), **given)


def ask(browser, id: str, passage: str, htmx: bool = True):  # type: ignore[no-untyped-def]
    page = browser.get(f"/tickets/{id}").text
    sent = {"csrf": csrf(page), "passage": passage}
    return browser.post(f"/tickets/{id}/translate", data=sent, headers=HTMX if htmx else {})


def test_it_is_off_unless_a_server_is_named(own_site: DeskSite) -> None:
    id, browser = own_site.send(one()), own_site.browser()
    at_work(browser)
    assert "Translate" not in browser.get(f"/tickets/{id}").text
    assert ask(browser, id, "said-narrative").status_code == 404


PASSAGES = {
    "said-narrative": "[uk>en Бригадир забирає телефони. Сусідка розповіла.\nПаспорт у нього.]",
    "said-place_words": "[uk>en Магдебург]",
    "sign-0": f"[uk>en {EVIDENCE}]",
    "answers": "[uk>en Чи у вас паспорт?]",
}


def test_passages_are_translated_beside_the_original(own_site: DeskSite, server: LibreTranslate) -> None:
    site = with_translation(own_site, server)
    id, browser = site.send(one()), site.browser()
    at_work(browser)
    for passage, words in PASSAGES.items():
        answer = unescape(ask(browser, id, passage).text)
        assert all(line in answer for line in words.split("\n"))
        assert "Machine translation" in answer and f'id="translation-{passage}"' in answer
    page = unescape(browser.get(f"/tickets/{id}").text)
    # The original stands where it stood, and the translations are there again when the page is.
    assert "Бригадир забирає телефони." in page.split('id="translation-')[0]
    assert all(line in page for words in PASSAGES.values() for line in words.split("\n"))
    assert page.count("Machine translation") == len(PASSAGES)


def test_an_answer_to_a_letter_is_translated_and_the_desks_own_letters_are_not(
    own_site: DeskSite, server: LibreTranslate
) -> None:
    site, id = with_translation(own_site, server), "ab" * 16
    code = own_site.reporting.send(id, ticket(created=NOW, recipients=("hotline",), language="uk"))
    browser = site.browser()
    letter = {"csrf": csrf(at_work(browser)), "kind": "question", "text": "Коли?", "send": "1"}
    browser.post(f"/tickets/{id}/letter", data=letter)
    follow_up = own_site.reporting.reporting.follow_up
    assert follow_up.answer("c" * 32, id, 1, "У неділю вранці.", follow_up.find(code).reporter) == "sent"
    assert "[uk>en У неділю вранці.]" in unescape(ask(browser, id, "letter-1").text)
    page = unescape(browser.get(f"/tickets/{id}").text)
    assert page.index("У неділю вранці.") < page.index("[uk>en У неділю вранці.]")
    assert "[uk>en Коли?]" not in page and page.count('id="translation-letter-1"') == 1
    assert ask(browser, id, "letter-2").status_code == 400
    assert logged(site)[-3:] == [("translate", id), ("show", id), ("show", id)]


def test_it_works_without_javascript(own_site: DeskSite, server: LibreTranslate) -> None:
    site = with_translation(own_site, server)
    id, browser = site.send(one()), site.browser()
    at_work(browser)
    answer = ask(browser, id, "said-narrative", htmx=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/tickets/{id}#translation-said-narrative")
    assert "[uk>en Бригадир" in unescape(browser.get(f"/tickets/{id}").text)


def test_it_translates_into_the_language_of_the_member(own_site: DeskSite, server: LibreTranslate) -> None:
    site = with_translation(own_site, server)
    id, browser = site.send(one()), site.browser()
    at_work(browser)
    browser.headers["accept-language"] = "de"
    assert '<p lang="de" dir="auto">[uk&gt;de ' in ask(browser, id, "said-narrative").text
    browser.headers["accept-language"] = "pl"
    assert "uk&gt;de" not in browser.get(f"/tickets/{id}").text


@pytest.mark.parametrize("said", [None, "en"])
async def test_where_the_ticket_does_not_say_the_language_the_words_do(
    server: LibreTranslate, said: str | None
) -> None:
    translator = Translator(near(server), LANGUAGES)
    assert await translator.translate(["Сусідка розповіла."], said, "en") == ("[uk>en Сусідка розповіла.]",)
    with pytest.raises(TranslationTrouble, match="same"):
        await translator.translate(["He takes the phones away and keeps all passports in his car."], said, "en")
    assert (await translator.translate(["12 345"], said, "de"))[0].startswith(f"[{said or 'auto'}>de ")


def test_a_language_that_is_no_code_is_not_passed_on() -> None:
    found = passages(one(language="uk; DROP"))
    assert {passage.language for passage in found.values()} == {None}
    assert passages(one())["sign-0"] == Passage((EVIDENCE,), "uk")


def test_the_words_go_in_the_body_never_in_the_address(own_site: DeskSite, server: LibreTranslate) -> None:
    """deep-translator's own client writes text and key into the address, where every log of a server has them."""
    server.key = "0123-key"
    site = replace(
        own_site, console=replace(own_site.console, translator=Translator(near(server, key=server.key), LANGUAGES))
    )
    id, browser = site.send(one()), site.browser()
    at_work(browser)
    assert "[uk&gt;en " in ask(browser, id, "said-narrative").text
    assert server.addresses == [f"{server.url}/translate"]
    assert server.orders == [{"q": NARRATIVE, "source": "uk", "target": "en", "format": "text", "api_key": "0123-key"}]


TROUBLE = [
    ({"status": 400, "error": "xx is not supported"}, "cannot translate this"),
    ({"status": 403, "error": "Invalid API key"}, "did not take its key"),
    ({"status": 413, "error": "too long"}, "cannot translate this"),
    ({"status": 429, "error": "Slowdown: 20 per 1 minute"}, "too much to do"),
    ({"status": 500, "error": "Cannot translate text"}, "did not work"),
    ({"status": 302, "error": ""}, "did not work"),
    ({"body": b"<html>"}, "did not work"),
    ({"body": b"{}"}, "did not work"),
    ({"body": b'{"translatedText": 7}'}, "did not work"),
    ({"body": b"[1]"}, "did not work"),
]


def test_trouble_is_one_sentence_and_the_original_stays(own_site: DeskSite, server: LibreTranslate) -> None:
    site = with_translation(own_site, server)
    id, browser = site.send(one()), site.browser()
    at_work(browser)
    for behaviour, sentence in TROUBLE:
        vars(server).update({**vars(LibreTranslate(url=server.url)), **behaviour})
        answer = ask(browser, id, "said-narrative")
        assert answer.status_code == 200 and sentence in answer.text and "Machine translation" not in answer.text
        page = browser.get(f"/tickets/{id}").text
        assert "Бригадир забирає телефони." in page and sentence in page
    vars(server).update(vars(LibreTranslate(url=server.url)))
    assert "[uk&gt;en " in ask(browser, id, "said-narrative").text
    assert "did not work" not in browser.get(f"/tickets/{id}").text


def test_whoever_is_too_slow_is_left_and_the_process_with_the_words_is_ended(
    own_site: DeskSite, server: LibreTranslate
) -> None:
    import psutil

    server.delay = 60
    site = with_translation(own_site, server, seconds=3)
    id, browser = site.send(one()), site.browser()
    at_work(browser)
    began = time.monotonic()
    assert "took too long" in ask(browser, id, "said-narrative").text
    assert time.monotonic() - began < 30 and server.orders != []
    workers = [child for child in psutil.Process().children() if "bot.desk.translate.worker" in child.cmdline()]
    assert workers == []


def test_a_server_that_is_not_there_leaves_the_original(own_site: DeskSite, server: LibreTranslate) -> None:
    with trap() as (address, _):
        gone = replace(own_site.console, translator=Translator(near(server, url=address), LANGUAGES))
    site = replace(own_site, console=gone)
    id, browser = site.send(one()), site.browser()
    at_work(browser)
    assert "does not answer" in ask(browser, id, "said-narrative").text


def test_neither_a_redirect_nor_a_proxy_leads_elsewhere(
    own_site: DeskSite, server: LibreTranslate, monkeypatch
) -> None:
    with trap() as (address, came):
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
            monkeypatch.setenv(name, address)
        site = with_translation(own_site, server)
        id, browser = site.send(one()), site.browser()
        at_work(browser)
        assert "[uk&gt;en " in ask(browser, id, "said-narrative").text
        server.elsewhere = f"{address}/translate"
        assert "did not work" in ask(browser, id, "said-place_words").text
        assert came == []


# 134744072 is 8.8.8.8 to every resolver: a name that leads outside, without asking a name server.
HOSTS = ["134744072", "8.8.8.8", "[2001:4860:4860::8888]", "[::ffff:8.8.8.8]", "169.254.169.254"]


@pytest.mark.parametrize("host", HOSTS)
async def test_a_name_that_leads_outside_is_refused(server: LibreTranslate, host: str) -> None:
    with pytest.raises(TranslationTrouble, match="outside_network"):
        await Translator(near(server, url=f"http://{host}:9"), LANGUAGES).translate(["words"], "uk", "en")


HEARING = """
import json, runpy, sys
heard = []
sys.addaudithook(lambda event, details: heard.append([event, str(details[-2:])]) if event in
                 ("socket.connect", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen", "os.system") else None)
try:
    runpy.run_module("bot.desk.translate.worker", run_name="__main__")
finally:
    print("\\n" + json.dumps(heard))
"""


def heard(order: dict[str, object]) -> tuple[dict[str, object], list[list[str]]]:
    """Run one order in a process that notes whom it calls; return the answer and the calls."""
    done = subprocess.run(
        [sys.executable, "-c", HEARING],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    answer, calls = done.stdout.split("\n")[:2]
    return json.loads(answer), json.loads(calls)


def test_nobody_but_the_server_is_called(server: LibreTranslate) -> None:
    order = {"provider": "libretranslate", "url": server.url, "near": True, "key": None, "source": None,
             "target": "en", "texts": [NARRATIVE], "languages": str(LANGUAGES)}  # fmt: skip
    answer, calls = heard(order)
    assert answer["texts"]
    host, port = server.url.removeprefix("http://").split(":")
    connected = [details for event, details in calls if event == "socket.connect"]
    assert connected and all(f"('{host}', {port})" in details for details in connected)
    assert {event for event, _ in calls} <= {"socket.connect", "socket.getaddrinfo"}


@pytest.mark.parametrize("url", ["http://134744072:9", "http://8.8.8.8:9"])
def test_nobody_outside_is_called_at_all(url: str) -> None:
    order = {"provider": "libretranslate", "url": url, "near": True, "key": None, "source": "uk",
             "target": "en", "texts": ["words"], "languages": str(LANGUAGES)}  # fmt: skip
    answer, calls = heard(order)
    assert answer == {"trouble": "outside_network"}
    assert not [event for event, _ in calls if event in ("socket.connect", "socket.sendto")]


def test_translations_are_sealed_in_the_session_and_gone_with_it(
    own_site: DeskSite, server: LibreTranslate, caplog, capfd
) -> None:
    caplog.set_level(logging.DEBUG)
    site = with_translation(own_site, server)
    id, browser = site.send(one()), site.browser()
    at_work(browser)
    ask(browser, id, "said-narrative")
    for kept in site.console.sessions._kept.values():
        assert "translated" in kept.drawers
        assert not any("телефони".encode() in sealed or b"uk>en" in sealed for sealed in kept.drawers.values())
    page = browser.get(f"/tickets/{id}").text
    browser.post("/lock", data={"csrf": csrf(page)})
    assert all(set(kept.drawers) == {"who"} for kept in site.console.sessions._kept.values())
    folder = own_site.reporting.folder
    files = [path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()]
    assert files and not any("телефони".encode() in content or b"uk>en" in content for content in files)
    out, err = capfd.readouterr()
    assert not re.search("телефони|uk>en", caplog.text + out + err)


def test_only_one_ticket_is_kept_and_words_stay_harmless(own_site: DeskSite, server: LibreTranslate) -> None:
    site = with_translation(own_site, server)
    hostile = "Дивись https://evil.example/a <img src=x onerror=alert(1)> \u202e"
    first, second = site.send(one(narrative=hostile)), site.send(one())
    browser = site.browser()
    at_work(browser)
    answer = ask(browser, first, "said-narrative").text
    assert "https://" not in answer and "<img" not in answer and "U+202E" in answer
    ask(browser, second, "said-narrative")
    assert "Machine translation" not in browser.get(f"/tickets/{first}").text


def test_a_passage_that_is_not_there_and_another_desks_ticket_are_refused(
    own_site: DeskSite, server: LibreTranslate
) -> None:
    site = with_translation(own_site, server)
    id, other, browser = site.send(one()), site.send(one(), "ngo"), site.browser()
    page = at_work(browser)
    for ticket_id, passage, status in ((id, "said-offer", 400), (id, "sign-9", 400), (other, "said-narrative", 404)):
        sent = {"csrf": csrf(page), "passage": passage}
        assert browser.post(f"/tickets/{ticket_id}/translate", data=sent).status_code == status
    assert browser.post(f"/tickets/{id}/translate", data={"passage": "answers"}).status_code == 403
    assert server.orders == []


def test_long_texts_go_in_parts_that_end_with_sentences(own_site: DeskSite, server: LibreTranslate) -> None:
    long = " ".join(f"Речення номер {number} про склад і паспорт." for number in range(150))
    site = with_translation(own_site, server)
    id, browser = site.send(one(narrative=long)), site.browser()
    at_work(browser)
    answer = ask(browser, id, "said-narrative").text
    parts = [order["q"] for order in server.orders]
    assert len(parts) > 3 and all(len(part) <= 1000 and part.endswith(".") for part in parts)
    assert " ".join(parts) == long and answer.count("[uk&gt;en ") == len(parts)


@given(st.text(st.sampled_from('аб .!?…\n"»12'), max_size=80), st.integers(1, 30))
def test_parts_joined_are_the_text(text: str, longest: int) -> None:
    parts = chunks(text, longest)
    assert "".join(parts) == text and all(0 < len(part) <= longest for part in parts)


def test_a_console_is_built_with_the_server_that_the_settings_name(own_site: DeskSite, server: LibreTranslate) -> None:
    settings = replace(own_site.console.settings, translate_url=server.url)
    site = console_of(own_site.reporting, settings)
    assert site.console.translator is not None and site.console.translator.provider == near(server)


@pytest.mark.parametrize(
    ("address", "expected"),
    [("127.0.0.1", True), ("10.1.2.3", True), ("172.16.0.9", True), ("192.168.1.1", True), ("::1", True),
     ("fd00::1", True), ("::ffff:10.0.0.1", True), ("172.32.0.1", False), ("169.254.169.254", False),
     ("100.64.0.1", False), ("0.0.0.0", False), ("fe80::1", False), ("::ffff:8.8.8.8", False), ("8.8.8.8", False)],
)  # fmt: skip
def test_near_is_this_machine_and_private_networks(address: str, expected: bool) -> None:
    assert is_near(address) is expected


async def test_an_outside_provider_can_reach_its_own_host_alone(server: LibreTranslate) -> None:
    """Named in `site.yml`, the server of somebody else need not be near; without a network it is out of reach."""
    other = Translator(Provider("libretranslate", server.url, near=False), LANGUAGES)
    assert await other.translate(["Слово"], "uk", "en") == ("[uk>en Слово]",)
    with pytest.raises(TranslationTrouble, match="refused"):
        await Translator(Provider("google", None, near=False), LANGUAGES).translate(["words"], "xx", "en")


def test_settings_name_the_server(tmp_path: Path) -> None:
    assert load({}).translate_url is None
    assert load({"OBERIH_TRANSLATE_URL": "http://127.0.0.1:5000/"}).translate_url == "http://127.0.0.1:5000"
