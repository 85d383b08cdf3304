"""The site's facts: who runs it, which desks take reports, how long what is kept (`deploy/site.yml`).

Without the file the chat still checks offers and shows numbers, but no report can be sent.
"""

import re
from collections import Counter
from enum import Enum
from pathlib import Path
from typing import Any, Optional

import phonenumbers
import yaml
from pydantic import BaseModel, Field, ValidationError, root_validator, validator

_SLUG = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_ADDRESS = r"^[!-~]+@[A-Za-z0-9.-]+$"
COUNTRIES = frozenset(phonenumbers.SUPPORTED_REGIONS)
"""The country codes that are accepted: those with a telephone numbering plan."""


class SiteError(Exception):
    """`site.yml` does not fit; the message says what to change."""


class _Fact(BaseModel):
    class Config:
        """Pydantic's settings."""

        extra = "forbid"
        allow_mutation = False
        anystr_strip_whitespace = True
        min_anystr_length = 1


class DeskKind(str, Enum):
    """Who works at a desk. Only the first two take reports from people; the others receive qualified ones."""

    NGO = "ngo"
    HOTLINE = "hotline"
    POLICE = "police"
    LABOUR = "labour"


INTAKE = frozenset({DeskKind.NGO, DeskKind.HOTLINE})
"""Kinds of desk that take reports first (DESIGN section 6)."""


class Desk(_Fact):
    """A desk with keys of its own.

    Attributes:
        id: its short name in commands and in the pin file: small letters, digits, hyphens.
        name: as people know it; shown before they consent to a report.
        kind: who works there.
        countries: ISO 3166 codes of the places of offence for which it takes reports.
        default: whether it takes the reports for which no desk names the country.
        languages: ISO 639-1 codes in which it can answer.
    """

    id: str = Field(regex=_SLUG, max_length=40)
    name: str = Field(max_length=120)
    kind: DeskKind
    countries: tuple[str, ...] = ()
    default: bool = False
    languages: tuple[str, ...] = ()

    @property
    def takes_reports(self) -> bool:
        """Whether people's reports may go to it first."""
        return self.kind in INTAKE

    @validator("countries", each_item=True)
    def _country_is_known(cls, code: str) -> str:
        if code not in COUNTRIES:
            raise ValueError(f"{code} is no country code of ISO 3166, such as PL or UA (Britain is GB, Greece GR)")
        return code

    @validator("languages", each_item=True)
    def _language_is_a_code(cls, code: str) -> str:
        if not re.fullmatch("[a-z]{2}", code):
            raise ValueError(f"{code} is no language code of ISO 639-1, such as uk or pl")
        return code

    @root_validator(skip_on_failure=True)
    def _only_intake_is_default(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["default"] and values["kind"] not in INTAKE:
            raise ValueError(f"desk {values['id']} cannot be the default: only an ngo or a hotline takes reports")
        return values


class Operator(_Fact):
    """The organisation that runs this site, and how to reach it; shown on the page."""

    name: str
    contact: str


class Responsible(_Fact):
    """The person who answers for this site, and whom staff call when something is wrong."""

    name: str
    role: str
    contact: str


class Retention(_Fact):
    """How long what is kept; the highest value is the default, and shorter is allowed (DESIGN section 5)."""

    unread_days: int = Field(30, ge=1, le=30)
    alert_unread_after_days: int = Field(14, ge=1, le=14)
    closed_days: int = Field(30, ge=1, le=30)
    safe_contact_days: int = Field(7, ge=1, le=7)
    tombstone_months: int = Field(24, ge=1, le=24)
    index_months: int = Field(24, ge=1, le=24)
    audit_months: int = Field(12, ge=1, le=12)


class Gate(_Fact):
    """When a desk counts as asleep, so that its intake closes; the highest value is the default (DESIGN section 9).

    Attributes:
        urgent_unread_hours: how long something urgent may wait until somebody logs in.
        no_login_hours: how long nobody may log in at all.
        grace_minutes: how long after that the contact has, who was told, until intake closes.
        on_duty: the e-mail address of whoever is told; needs `mail`. None: nobody is told, and intake closes alone.
    """

    urgent_unread_hours: int = Field(4, ge=1, le=4)
    no_login_hours: int = Field(48, ge=1, le=48)
    grace_minutes: int = Field(60, ge=0, le=240)
    on_duty: Optional[str] = Field(None, regex=_ADDRESS, max_length=254)


class MailSecurity(str, Enum):
    """How the way to the mail server is protected; `none` only on this machine."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Mail(_Fact):
    """The mail server through which the on-duty contact is told (SMTP, RFC 5321).

    Attributes:
        host, port: where it listens.
        security: `tls` from the first byte, `starttls`, or `none` for a server on this machine.
        sender: the address in From.
        user: to log in by, with `password_file`, a file that only this program can read (0600).
    """

    host: str
    port: int = Field(ge=1, le=65535)
    security: MailSecurity = MailSecurity.TLS
    sender: str = Field(regex=_ADDRESS, max_length=254)
    user: Optional[str] = None
    password_file: Optional[Path] = None

    @root_validator(skip_on_failure=True)
    def _nothing_goes_in_clear(cls, values: dict[str, Any]) -> dict[str, Any]:
        local = values["host"] in ("127.0.0.1", "::1", "localhost")
        if values["security"] is MailSecurity.NONE and not local:
            raise ValueError("security may be none only for a mail server on this machine: use tls or starttls")
        if (values["user"] is None) != (values["password_file"] is None):
            raise ValueError("user and password_file belong together")
        return values


class TranslationProvider(str, Enum):
    """Who may be named to translate; what they translate, they read."""

    LIBRETRANSLATE = "libretranslate"
    DEEPL = "deepl"
    GOOGLE = "google"
    MICROSOFT = "microsoft"


class Translation(_Fact):
    """Somebody outside the site who translates words of tickets for members; without it nobody does.

    Attributes:
        provider: who.
        url: where a LibreTranslate server listens, https; the others have their own address.
        reason: why what people wrote may leave the site; for whoever reads the file after you.
    """

    provider: TranslationProvider
    url: Optional[str] = Field(None, regex=r"^https://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._/-]*)?$")
    reason: str = Field(min_length=10, max_length=500)

    @property
    def needs_key(self) -> bool:
        """Whether the provider translates nothing without a key."""
        return self.provider in (TranslationProvider.DEEPL, TranslationProvider.MICROSOFT)

    @root_validator(skip_on_failure=True)
    def _only_libretranslate_has_an_address(cls, values: dict[str, Any]) -> dict[str, Any]:
        if (values["provider"] is TranslationProvider.LIBRETRANSLATE) != (values["url"] is not None):
            raise ValueError("url belongs to libretranslate, and to no other provider")
        return values


class Site(_Fact):
    """All of `site.yml`."""

    operator: Operator
    responsible: Responsible
    desks: tuple[Desk, ...]
    retention: Retention = Retention.parse_obj({})
    gate: Gate = Gate.parse_obj({})
    mail: Optional[Mail] = None
    translation: Optional[Translation] = None

    def intake_desk(self, country: Optional[str]) -> Optional[Desk]:
        """Return the desk that a report goes to, or None: reporting is closed.

        Args:
            country: ISO 3166 code of the country where it happens, or None where that is not known.
        """
        desks = [desk for desk in self.desks if desk.takes_reports]
        named = [desk for desk in desks if country in desk.countries]
        return next(iter([*named, *(desk for desk in desks if desk.default)]), None)

    def desk(self, identifier: str) -> Desk:
        """Return a desk by its id.

        Raises:
            SiteError: there is no such desk.
        """
        for desk in self.desks:
            if desk.id == identifier:
                return desk
        known = ", ".join(desk.id for desk in self.desks)
        raise SiteError(f"There is no desk {identifier}: site.yml names {known or 'none'}.")

    @root_validator(skip_on_failure=True)
    def _who_is_told_can_be_reached(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["gate"].on_duty is not None and values["mail"] is None:
            raise ValueError("gate on_duty is told by e-mail: fill in mail, or take on_duty out")
        return values

    @validator("desks")
    def _desks_do_not_contradict(cls, desks: tuple[Desk, ...]) -> tuple[Desk, ...]:
        for identifier in _repeated([desk.id for desk in desks]):
            raise ValueError(f"two desks have the id {identifier}")
        if sum(desk.default for desk in desks) > 1:
            raise ValueError("more than one desk is the default")
        for country in _repeated([country for desk in desks if desk.takes_reports for country in set(desk.countries)]):
            raise ValueError(f"two desks take reports for {country}: leave it with one")
        return desks


def training_site() -> Site:
    """Return the site of a demo: one desk on this computer, which nobody reads but who tries it out."""
    desk = {"id": "training", "name": "Training desk (this computer)", "kind": "ngo", "default": True}
    contact = "this computer"
    return Site.parse_obj(
        {
            "operator": {"name": "Training", "contact": contact},
            "responsible": {"name": "Training", "role": "training", "contact": contact},
            "desks": [desk],
        }
    )


def load_site(path: Path) -> Optional[Site]:
    """Return the site's facts, or None where there is no file: reporting is closed.

    Raises:
        SiteError: the file does not fit; the message names the entry.
    """
    try:
        # Everything stays text until the schema reads it: else NO, Norway, becomes "false".
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506
    except FileNotFoundError:
        return None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SiteError(f"{path} is not valid YAML: {' '.join(str(error).split())}.") from error
    try:
        return Site.parse_obj(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = " ".join(str(part) for part in first["loc"] if part != "__root__")
        raise SiteError(f"{path}, {where or 'the whole file'}: {first['msg']}.") from error


def _repeated(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]
