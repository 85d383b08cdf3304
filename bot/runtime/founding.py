"""Founding a site: its recovery key, its desks with their first members, the key folder, the database.

Rows go into the database first; the key folder comes last and says that all is there.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Optional

from bot.privacy import pins as pin_book
from bot.privacy.passphrases import new_passphrase
from bot.privacy.recovery import Recovery, new_recovery
from bot.privacy.roster import found_desk, new_member, share
from bot.runtime import key_folder
from bot.settings import Settings
from bot.site import Site, load_site, training_site
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
        WeakPassphrase: a passphrase is too easy to guess.
    """
    if key_folder.exists(settings.key_folder):
        raise FoundingError(f"This site was founded already: {settings.key_folder} holds its keys.")
    settings.make_var()
    database = Database(settings.database_url)
    database.upgrade()
    desks = Desks(database)
    if desks.all():
        raise FoundingError(
            f"The database {database.name} holds desks of another founding: give a new one in OBERIH_DATABASE, "
            "or remove it if nothing in it is needed."
        )
    recovery = new_recovery()
    pins = pin_book.start(recovery)
    for desk in site.desks:
        opened = found_desk(desk.id)
        pins = pin_book.add_by_root(pins, desk.id, opened.keys, recovery)
        member = new_member(first[desk.id].passphrase)
        row = DeskRecord(
            desk.id,
            share(opened, [member.recipient], recovery.recipient),
            opened.pin.recipient,
            bytes.fromhex(opened.pin.verify_key),
        )
        joined = datetime.now(timezone.utc).date()
        lead = MemberRecord(
            secrets.token_hex(16), desk.id, first[desk.id].name, "lead", member.recipient, member.locked, joined
        )
        desks.add(row, [lead])
    key_folder.create(settings.key_folder, recovery.verify_key, pins)
    return recovery


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
