"""Founding a site: its recovery key, its desks with their first members, the key folder, the database.

Rows go into the database first; the key folder comes last and says that all is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Optional

from bot.privacy import deconfliction
from bot.privacy import pins as pin_book
from bot.privacy.delegates import member_id
from bot.privacy.passphrases import new_passphrase
from bot.privacy.powers import Role
from bot.privacy.recovery import Recovery, new_recovery
from bot.privacy.roster import Member, OpenDesk, found_desk, listed_as, new_member, share
from bot.runtime import key_folder
from bot.runtime.audit_log import AuditLog
from bot.runtime.member_names import login_name
from bot.settings import Settings
from bot.site import Desk, Site, load_site, training_site
from bot.store.database import Database
from bot.store.desks import Desks
from bot.store.records import DeskRecord, MemberRecord

TRAINING_MEMBER = "trainer"


class FoundingError(Exception):
    """A site cannot be founded here; the message says what to do."""


@dataclass(frozen=True)
class FirstMember:
    """Who first belongs to a desk, and the passphrase that opens its keys for them."""

    name: str
    passphrase: str = field(repr=False)


def found(settings: Settings, site: Site, first: Mapping[str, FirstMember]) -> Recovery:
    """Make everything a site needs before it can take reports; return the recovery key, to be printed once.

    Args:
        settings: where keys and database go.
        site: the desks to found.
        first: the first member of each desk, by the desk's id.

    Raises:
        FoundingError: there is a site here already, or half of one.
        StoreUnavailable: the database cannot be made.
        WeakPassphrase, NameRefused: a passphrase or a name cannot be used; nothing was written.
    """
    refuse_second(settings)
    # All that can be refused comes before the first row, so that no half of a site is left behind.
    members = {desk.id: new_member(first[desk.id].passphrase) for desk in site.desks}
    names = {desk.id: login_name(first[desk.id].name) for desk in site.desks}
    settings.make_var()
    database = Database(settings.database_url)
    database.upgrade()
    desks = Desks(database)
    if desks.ids():
        raise FoundingError(
            f"The database {database.name} holds desks of another founding: give a new one in OBERIH_DATABASE, "
            "or remove it if nothing in it is needed."
        )
    recovery, shared_key = new_recovery(), deconfliction.new_key()
    pins = pin_book.start(recovery)
    founders: list[tuple[OpenDesk, MemberRecord]] = []
    for desk in site.desks:
        opened = found_desk(desk.id)
        pins = pin_book.add_by_root(pins, desk.id, opened.keys, recovery)
        row, first_member = _rows(opened, desk, names[desk.id], members[desk.id], recovery, shared_key)
        desks.add(row, [first_member])
        founders.append((opened, first_member))
    key_folder.create(settings.key_folder, recovery.verify_key, pins)
    log = AuditLog(settings.key_folder, database)
    for opened, founder in founders:
        log.append(opened, founder.id, "found")
    return recovery


def refuse_second(settings: Settings) -> None:
    """Return if no site was founded here.

    Raises:
        FoundingError: one was; its keys are never replaced.
    """
    if key_folder.exists(settings.key_folder):
        raise FoundingError(f"This site was founded already: {settings.key_folder} holds its keys.")


def _rows(
    opened: OpenDesk, desk: Desk, name: str, member: Member, recovery: Recovery, shared_key: bytes
) -> tuple[DeskRecord, MemberRecord]:
    """Return a new desk and its first member as they are stored."""
    shared = share(opened, [listed_as(name, member, first_role(desk))], recovery.recipient)
    joined = datetime.now(timezone.utc).date()
    record = MemberRecord(member_id(member.recipient), desk.id, name, member.recipient, member.locked, joined)
    sealed_key = deconfliction.seal_key(shared_key, opened)
    return DeskRecord(desk.id, opened.pin.generation, shared, sealed_shared_key=sealed_key), record


def first_role(desk: Optional[Desk]) -> Role:
    """Return the role of a desk's first member: intake where reports come in, investigator where they are handed on."""
    return Role.INTAKE if desk is None or desk.takes_reports else Role.INVESTIGATOR


def site_of(settings: Settings) -> Optional[Site]:
    """Return the site's facts; a demo without a file trains on one desk of its own.

    Raises:
        SiteError: the file does not fit.
    """
    site = load_site(settings.site)
    return training_site() if site is None and settings.demo else site


def found_training_site(settings: Settings) -> Optional[FirstMember]:
    """Found the training desk of a demo, once; return its member, whose passphrase is told once, or None.

    Raises:
        FoundingError: half a site lies here.
        StoreUnavailable: the database cannot be made.
    """
    site = site_of(settings)
    if not settings.demo or site != training_site() or key_folder.exists(settings.key_folder):
        return None
    member = FirstMember(TRAINING_MEMBER, new_passphrase())
    found(settings, training_site(), {desk.id: member for desk in training_site().desks})
    return member
