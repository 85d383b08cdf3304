"""In production nothing starts before all that protects people is in place."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot import PROJECT_ROOT
from bot.desk.app import serve
from bot.runtime import founding
from bot.runtime.doctor import examine
from bot.runtime.safe_start import UnsafeMachine, refuse_unsafe
from bot.settings import Settings, SettingsError, load
from bot.site import load_site

URL = "https://help.example.org"
PASSPHRASE = "seven quiet herons at dawn"
SITE = """
operator: {name: Aid, contact: office}
responsible: {name: Olha, role: head, contact: office}
desks:
  - {id: helpline, name: Helpline, kind: hotline, default: true}
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A founded site, ready for production."""
    var = tmp_path / "var"
    (tmp_path / "site.yml").write_text(SITE)
    ready = load(
        {
            "OBERIH_MODE": "production",
            "OBERIH_PUBLIC_URL": URL,
            "OBERIH_VAR": str(var),
            "OBERIH_SITE": str(tmp_path / "site.yml"),
        }
    )
    site = load_site(ready.site)
    assert site is not None
    founding.found(ready, site, {"helpline": founding.FirstMember("olha", PASSPHRASE)})
    return ready


def test_a_founded_site_behind_https_may_start(settings: Settings) -> None:
    refuse_unsafe(settings)
    report = examine(settings)
    assert report["production"] == f"fine: {URL}" and str(report["database"]).startswith("fine")


@pytest.mark.parametrize(
    "url, says",
    [
        (None, "needs OBERIH_PUBLIC_URL"),
        ("", "needs OBERIH_PUBLIC_URL"),
        ("http://help.example.org", "must start with https://"),
        ("help.example.org", "must start with https://"),
        ("https://", "a host name"),
        ("https://help.example.org/chat", "no path"),
        ("https://name@help.example.org", "no path or name"),
        ("https://help.example.org?a", "no path"),
        ("https://допомога.example", "in ASCII"),
        ("https://help.example.org:99999", "is no address"),
    ],
)
def test_the_public_address_must_be_an_https_origin(url: str | None, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as caught:
        load({"OBERIH_MODE": "production", **({} if url is None else {"OBERIH_PUBLIC_URL": url})})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://desk.example.org", "https://", "https://desk.example.org/path"])
def test_the_desk_s_address_must_be_an_https_origin_too(url: str) -> None:
    with pytest.raises(SettingsError, match="OBERIH_DESK_URL must"):
        load({"OBERIH_MODE": "production", "OBERIH_PUBLIC_URL": URL, "OBERIH_DESK_URL": url})


@pytest.mark.parametrize(
    "unsafe, says",
    [
        ({"desk_url": URL}, "OBERIH_DESK_URL is on the host of the chat"),
        ({"desk_url": f"{URL}:8443"}, "OBERIH_DESK_URL is on the host of the chat"),
        ({"desk_host": "0.0.0.0"}, "OBERIH_DESK_HOST is 0.0.0.0"),
        ({"desk_host": "10.0.0.4", "demo": True}, "OBERIH_DESK_HOST is 10.0.0.4"),
    ],
)
def test_the_desk_is_served_on_loopback_and_never_on_the_chat_s_host(settings, unsafe, says: str) -> None:
    changed = replace(settings, **unsafe)
    with pytest.raises(UnsafeMachine, match=says):
        refuse_unsafe(changed)
    report = examine(changed)
    assert says in str(report["desk"]) and not report["ok"]


def test_a_desk_on_a_host_of_its_own_may_start(settings: Settings) -> None:
    refuse_unsafe(replace(settings, desk_url="https://desk.example.org"))


def test_without_an_address_production_has_no_desk(settings: Settings) -> None:
    assert settings.desk_url is None and str(examine(settings)["desk"]).startswith("fine")
    with pytest.raises(SettingsError, match="OBERIH_DESK_URL is not set"):
        serve(settings)


def test_the_public_address_is_kept_as_browsers_write_an_origin() -> None:
    for given in ("https://help.example.org", "https://Help.Example.org:443/", "HTTPS://help.example.org/"):
        assert load({"OBERIH_MODE": "production", "OBERIH_PUBLIC_URL": given}).public_url == URL
    with pytest.raises(SettingsError, match="must be demo or production"):
        load({"OBERIH_MODE": "prod"})


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "help.example.org"])
def test_a_port_open_to_the_network_is_refused(settings: Settings, host: str) -> None:
    assert_refused(replace(settings, host=host), "OBERIH_CHAT_HOST")


def test_an_exit_without_https_is_refused(settings: Settings) -> None:
    assert_refused(replace(settings, exit_url="http://example.org"), "OBERIH_EXIT_URL")


def test_a_folder_open_to_others_is_refused(settings: Settings) -> None:
    settings.var.chmod(0o755)
    assert_refused(settings, "chmod 700")


def test_a_missing_or_broken_site_is_refused(settings: Settings) -> None:
    settings.site.write_text("desks: 1")
    assert_refused(settings, "site.yml")
    settings.site.unlink()
    assert_refused(settings, "There is no .*site.yml")


def test_a_site_that_was_not_founded_is_refused(settings: Settings, tmp_path: Path) -> None:
    assert_refused(replace(settings, var=tmp_path / "other"), "run `oberih init`")


def test_an_open_or_damaged_key_folder_is_refused(settings: Settings) -> None:
    (settings.key_folder / "pepper").chmod(0o644)
    assert_refused(settings, "chmod 600")


def test_a_desk_without_keys_is_refused_by_name(settings: Settings) -> None:
    settings.site.write_text(SITE + "  - {id: police-pl, name: Police, kind: police}\n")
    assert_refused(settings, "Desk police-pl .* has no keys")


def test_what_a_demo_founded_is_refused(settings: Settings, tmp_path: Path) -> None:
    demo = Settings(
        var=tmp_path / "demo", site=tmp_path / "none.yml", database_url=f"sqlite:///{tmp_path / 'demo' / 'a.db'}"
    )
    assert founding.found_training_site(demo) is not None
    assert_refused(replace(settings, var=demo.var), "training desk")


def test_production_founds_no_training_desk(settings: Settings, tmp_path: Path) -> None:
    bare = replace(settings, var=tmp_path / "bare", site=tmp_path / "none.yml")
    assert founding.found_training_site(bare) is None and not bare.var.exists()


@pytest.mark.parametrize("command", ["up", "serve"])
def test_every_entry_point_says_all_that_is_amiss(tmp_path: Path, command: str) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "OBERIH_MODE": "production",
        "OBERIH_PUBLIC_URL": URL,
        "OBERIH_VAR": str(tmp_path / "var"),
        "OBERIH_SITE": str(tmp_path / "none.yml"),
        "OBERIH_CHAT_HOST": "0.0.0.0",
    }
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", command], cwd=PROJECT_ROOT, env=environment, capture_output=True, timeout=120
    )
    lines = done.stderr.decode().strip().splitlines()
    assert done.returncode == 2 and len(lines) == 2
    assert "OBERIH_CHAT_HOST" in lines[0] and "none.yml" in lines[1]


def assert_refused(settings: Settings, says: str) -> None:
    with pytest.raises(UnsafeMachine, match=says) as caught:
        refuse_unsafe(settings)
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")
