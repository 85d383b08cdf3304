"""The chat behind a TLS proxy: plain http arrives, and only for the site's own address."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from bot.channels.web.app import create_app

URL = "https://help.example.org"
OURS = {"Host": "help.example.org"}


@pytest.fixture(scope="module")
def client(services):
    from bot.runtime import patches

    patches.apply()
    settings = replace(services.settings, demo=False, public_url=URL)
    with TestClient(create_app(replace(services, settings=settings)), base_url="http://127.0.0.1:8080") as client:
        yield client


def test_the_cookie_is_for_https_alone_though_http_arrives(client) -> None:
    cookie = client.post("/api/sessions", json={}, headers={**OURS, "Origin": URL}).headers["set-cookie"]
    assert cookie.startswith("__Host-oberih=")
    assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} == set(cookie.split("; ")[1:])


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_header_changes_that(client, scheme: str) -> None:
    headers = {**OURS, "X-Forwarded-Proto": scheme, "Forwarded": f"proto={scheme}", "X-Forwarded-Host": "127.0.0.1"}
    assert client.post("/api/sessions", json={}, headers=headers).headers["set-cookie"].startswith("__Host-")


def test_the_session_of_that_cookie_works_and_its_end_removes_it(client) -> None:
    opened = client.post("/api/sessions", json={"language": "en"}, headers=OURS)
    headers = {**OURS, "X-CSRF": opened.json()["csrf"], "Cookie": opened.headers["set-cookie"].partition(";")[0]}
    said = client.post("/api/messages", json={"id": "a", "payload": "language:en"}, headers=headers)
    assert said.status_code == 200
    ended = client.post("/api/exit", headers=headers).headers["set-cookie"]
    assert ended.startswith("__Host-oberih=") and "Max-Age=0" in ended and "Secure" in ended


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "evil.example", "help.example.org.evil.example", "", "a:443"])
def test_another_host_is_refused_on_every_path(client, host: str) -> None:
    for path in ("/", "/static/app.js", "/api/events", "/nothing"):
        refused = client.get(path, headers={"Host": host})
        assert refused.status_code == 421 and refused.json()["error"] == "other_host"
        assert refused.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["help.example.org", "HELP.example.org", "help.example.org:443"])
def test_the_own_host_is_served_however_it_is_written(client, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "http://help.example.org", "http://127.0.0.1:8080"])
def test_another_origin_is_refused_whatever_else_the_browser_says(client, origin: str) -> None:
    headers = {**OURS, "Origin": origin, "Sec-Fetch-Site": "same-origin"}
    for path in ("/api/sessions", "/api/messages", "/api/exit"):
        assert client.post(path, json={}, headers=headers).status_code == 401


def test_a_hidden_origin_counts_only_with_the_browsers_word_for_it(client) -> None:
    hidden = {**OURS, "Origin": "null"}
    assert client.post("/api/sessions", json={}, headers=hidden).status_code == 401
    assert client.post("/api/sessions", json={}, headers={**hidden, "Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_browsers_are_told_to_use_https_alone(client) -> None:
    assert client.get("/", headers=OURS).headers["strict-transport-security"] == "max-age=31536000"


def test_the_page_has_no_demo_banner(client) -> None:
    assert 'class="demo"' not in client.get("/", headers=OURS).text


def test_health_answers_on_loopback(client) -> None:
    assert client.get("/health").json() == {"status": "ok"}
