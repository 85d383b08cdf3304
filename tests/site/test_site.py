"""The site's facts: where a report goes, and what is refused before anyone relies on it."""

from pathlib import Path

import pytest
import yaml

from bot import PROJECT_ROOT
from bot.settings import load
from bot.site import DeskKind, Site, SiteError, load_site

PERSON = {"name": "A", "role": "B", "contact": "C"}
OPERATOR = {"name": "A", "contact": "B"}


def desk(identifier: str, kind: str = "ngo", **values: object) -> dict[str, object]:
    return {"id": identifier, "name": identifier, "kind": kind, **values}


def write(folder: Path, *desks: dict[str, object], **values: object) -> Path:
    path = folder / "site.yml"
    content = {"operator": OPERATOR, "responsible": PERSON, "desks": list(desks), **values}
    path.write_text(yaml.safe_dump(content, allow_unicode=True))
    return path


def read(folder: Path, *desks: dict[str, object], **values: object) -> Site:
    site = load_site(write(folder, *desks, **values))
    assert site is not None
    return site


def goes_to(site: Site, country: str | None) -> str | None:
    found = site.intake_desk(country)
    return found.id if found else None


def test_without_the_file_reporting_is_closed(tmp_path: Path) -> None:
    assert load_site(tmp_path / "site.yml") is None


def test_the_example_is_a_valid_site() -> None:
    site = load_site(PROJECT_ROOT / "deploy" / "site.example.yml")
    assert site is not None and goes_to(site, "PL") == "helpline" and site.desk("police-pl").kind is DeskKind.POLICE


def test_a_report_goes_to_the_desk_of_its_country_then_to_the_default(tmp_path: Path) -> None:
    site = read(tmp_path, desk("a", default=True), desk("b", "hotline", countries=["PL", "CZ"]))
    assert goes_to(site, "CZ") == "b"
    assert goes_to(site, "DE") == goes_to(site, None) == "a"


def test_without_a_default_reporting_is_closed_elsewhere(tmp_path: Path) -> None:
    site = read(tmp_path, desk("b", "hotline", countries=["PL"]))
    assert goes_to(site, "PL") == "b" and goes_to(site, "DE") is None and goes_to(site, None) is None


@pytest.mark.parametrize("kind", ["police", "labour"])
def test_police_and_labour_desks_never_get_a_report_first(tmp_path: Path, kind: str) -> None:
    site = read(tmp_path, desk("p", kind, countries=["PL"]))
    assert goes_to(site, "PL") is None
    with pytest.raises(SiteError, match="only an ngo or a hotline takes reports"):
        read(tmp_path, desk("p", kind, default=True))


def test_a_police_desk_beside_an_intake_desk_for_one_country_is_no_contradiction(tmp_path: Path) -> None:
    site = read(tmp_path, desk("p", "police", countries=["PL"]), desk("n", countries=["PL"]))
    assert goes_to(site, "PL") == "n"


@pytest.mark.parametrize(
    "desks, says",
    [
        ([desk("a", default=True), desk("b", default=True)], "more than one desk is the default"),
        ([desk("a"), desk("a")], "two desks have the id a"),
        ([desk("a", countries=["PL"]), desk("b", countries=["PL"])], "two desks take reports for PL"),
        ([desk("a", countries=["UK"])], "UK is no country code"),
        ([desk("a", countries=["pl"])], "pl is no country code"),
        ([desk("a", languages=["Ukrainian"])], "Ukrainian is no language code"),
        ([desk("Big Desk")], "desks 0 id"),
        ([desk("a", "army")], "desks 0 kind"),
        ([desk("a", colour="red")], "desks 0 colour"),
        ([desk("a") | {"name": " "}], "desks 0 name"),
    ],
)
def test_what_does_not_fit_is_named_in_one_line(tmp_path: Path, desks: list, says: str) -> None:
    with pytest.raises(SiteError, match=says) as caught:
        read(tmp_path, *desks)
    assert "\n" not in str(caught.value) and "site.yml" in str(caught.value)


def test_norway_is_a_country_and_not_a_no(tmp_path: Path) -> None:
    path = write(tmp_path, desk("a"))
    path.write_text(path.read_text().replace("kind: ngo", "kind: ngo\n  countries: [NO, SE]"))
    site = load_site(path)
    assert site is not None and goes_to(site, "NO") == "a"


def test_retention_may_be_shorter_and_never_longer(tmp_path: Path) -> None:
    assert read(tmp_path, desk("a")).retention.unread_days == 30
    assert read(tmp_path, desk("a"), retention={"unread_days": 7}).retention.unread_days == 7
    with pytest.raises(SiteError, match="retention unread_days"):
        read(tmp_path, desk("a"), retention={"unread_days": 31})


@pytest.mark.parametrize("text", ["", "[]", "operator: [", "\x00"])
def test_a_file_that_is_no_site_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "site.yml"
    path.write_text(text)
    with pytest.raises(SiteError) as caught:
        load_site(path)
    assert "\n" not in str(caught.value)


def test_an_unknown_desk_is_named_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"no desk x: site\.yml names a"):
        read(tmp_path, desk("a")).desk("x")


def test_the_settings_say_where_the_file_and_the_keys_lie(tmp_path: Path) -> None:
    settings = load({"OBERIH_SITE": str(tmp_path / "s.yml"), "OBERIH_VAR": str(tmp_path)})
    assert settings.site == tmp_path / "s.yml" and settings.key_folder == tmp_path / "keys"
    assert load({}).site == PROJECT_ROOT / "deploy" / "site.yml"


MAIL = {"host": "mail.example.org", "port": 465, "sender": "bot@example.org"}


def test_the_gate_and_the_mail_server_have_sensible_defaults(tmp_path: Path) -> None:
    site = read(tmp_path, desk("a"), gate={"on_duty": "duty@example.org"}, mail=MAIL)
    assert (site.gate.urgent_unread_hours, site.gate.no_login_hours, site.gate.grace_minutes) == (4, 48, 60)
    assert site.mail is not None and site.mail.security.value == "tls"
    assert read(tmp_path, desk("a")).mail is None


@pytest.mark.parametrize(
    "gate, mail, says",
    [
        ({"on_duty": "duty@example.org"}, None, "fill in mail, or take on_duty out"),
        ({"on_duty": "call Olha"}, MAIL, "gate on_duty"),
        ({"no_login_hours": 49}, None, "gate no_login_hours"),
        ({"urgent_unread_hours": 0}, None, "gate urgent_unread_hours"),
        ({}, {**MAIL, "security": "none"}, "only for a mail server on this machine"),
        ({}, {**MAIL, "user": "bot"}, "user and password_file belong together"),
        ({}, {**MAIL, "sender": "bot"}, "mail sender"),
        ({}, {**MAIL, "port": 0}, "mail port"),
    ],
)
def test_a_gate_or_mail_server_that_cannot_work_is_refused(
    tmp_path: Path, gate: dict[str, object], mail: dict[str, object] | None, says: str
) -> None:
    with pytest.raises(SiteError, match=says):
        read(tmp_path, desk("a"), gate=gate, **({} if mail is None else {"mail": mail}))
