"""Who may translate: nobody by default, a server of the site's own, or whom `site.yml` names with a reason."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk.translate.provider import Provider, finding, provider_of
from bot.settings import Settings, SettingsError, load
from bot.site import Site, SiteError, load_site, training_site
from tests.libretranslate import serving, trap

OWN = "http://127.0.0.1:5000"
FACTS = """
operator: {name: A, contact: B}
responsible: {name: A, role: B, contact: C}
desks: []
"""
REASON = "contract of 1 May, assessed by our officer"


def site(folder: Path, translation: str = "") -> Site:
    path = folder / "site.yml"
    path.write_text(f"{FACTS}translation: {translation}\n" if translation else FACTS)
    found = load_site(path)
    assert found is not None
    return found


def own(url: str = OWN, **changed: object) -> Settings:
    return replace(load({"OBERIH_TRANSLATE_URL": url}), **changed)  # type: ignore[arg-type]


def key_in(folder: Path, key: str = "0123-key\n", mode: int = 0o600) -> Path:
    path = folder / "key"
    path.write_text(key)
    path.chmod(mode)
    return path


def test_nobody_translates_by_default(tmp_path: Path) -> None:
    assert provider_of(load({}), site(tmp_path)) is None
    assert provider_of(load({}), training_site()) is None and finding(load({}), None) == "fine: off"


@pytest.mark.parametrize(
    "url", [OWN, "http://192.168.3.4:5000/translate", "https://translate.intern", "http://[::1]:5000"]
)
def test_a_server_of_ones_own_is_named_by_a_setting(url: str) -> None:
    assert provider_of(own(url), None) == Provider("libretranslate", url, near=True)


@pytest.mark.parametrize(
    "url", ["8.8.8.8", "ftp://127.0.0.1", "http://", "http://a:b@127.0.0.1", "http://127.0.0.1?x", "http://x:y"]
)
def test_what_is_no_plain_address_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="OBERIH_TRANSLATE_URL must be a plain address"):
        load({"OBERIH_TRANSLATE_URL": url})


@pytest.mark.parametrize("url", ["http://8.8.8.8:5000", "http://169.254.169.254", "http://[2001:4860:4860::8888]"])
def test_an_address_outside_is_refused_with_what_to_do(url: str) -> None:
    with pytest.raises(SettingsError, match="would leave the site"):
        provider_of(own(url), None)
    assert "site.yml, with a reason" in finding(own(url), None)


@pytest.mark.parametrize("provider", ["deepl", "google", "microsoft"])
def test_others_need_a_reason(tmp_path: Path, provider: str) -> None:
    with pytest.raises(SiteError, match="reason"):
        site(tmp_path, f"{{provider: {provider}}}")
    with pytest.raises(SiteError, match="reason"):
        site(tmp_path, f"{{provider: {provider}, reason: yes}}")
    named = site(tmp_path, f"{{provider: {provider}, reason: '{REASON}'}}")
    settings = replace(load({}), translate_key_file=key_in(tmp_path))
    assert provider_of(settings, named) == Provider(provider, None, near=False, key="0123-key")
    assert "outside this site" in finding(settings, named)


@pytest.mark.parametrize(
    "translation",
    [
        "{provider: mymemory, reason: R}",
        "{provider: libretranslate, reason: R}",
        "{provider: google, url: 'https://translate.example.org', reason: R}",
        "{provider: libretranslate, url: 'http://translate.example.org', reason: R}",
    ],
)
def test_strangers_and_plain_http_are_refused(tmp_path: Path, translation: str) -> None:
    with pytest.raises(SiteError, match="translation"):
        site(tmp_path, translation.replace("R}", f"'{REASON}'}}"))


def test_a_server_elsewhere_needs_https_and_a_reason(tmp_path: Path) -> None:
    url = "https://translate.example.org/lt"
    named = site(tmp_path, f"{{provider: libretranslate, url: '{url}', reason: '{REASON}'}}")
    assert provider_of(load({}), named) == Provider("libretranslate", url, near=False)


def test_two_who_translate_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="take one of them out"):
        provider_of(own(), site(tmp_path, f"{{provider: google, reason: '{REASON}'}}"))


def test_a_provider_without_the_key_it_wants_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="deepl wants a key"):
        provider_of(load({}), site(tmp_path, f"{{provider: deepl, reason: '{REASON}'}}"))


def test_the_key_is_read_from_a_closed_file_and_never_shown(tmp_path: Path) -> None:
    provider = provider_of(own(translate_key_file=key_in(tmp_path)), None)
    assert provider is not None and provider.key == "0123-key" and "0123-key" not in repr(provider)
    for key, mode, sentence in (
        ("0123", 0o644, "chmod 600"),
        (" \n", 0o600, "is empty"),
        ("ключ", 0o600, "cannot be read"),
    ):
        with pytest.raises(SettingsError, match=sentence):
            provider_of(own(translate_key_file=key_in(tmp_path, key, mode)), None)
    with pytest.raises(SettingsError, match="cannot be read"):
        provider_of(own(translate_key_file=tmp_path / "none"), None)


def test_doctor_says_whether_the_server_answers() -> None:
    with serving() as server:
        assert finding(own(server.url), None) == f"fine: {server.url}"
    with trap() as (gone, _):
        pass
    assert finding(own(gone), None) == f"fine: on, but {gone} does not answer just now"
    assert "nothing knows the name" in finding(own("http://no-such-name.invalid:5000"), None)
    # To every resolver a way to write 8.8.8.8.
    assert "would leave the site" in finding(own("http://134744072:5000"), None)
