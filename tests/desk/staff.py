"""A site whose hotline desk has a member of every role, and browsers of theirs that are logged in already."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from bot.desk.guard import KEYS
from bot.desk.sessions import WHO
from bot.privacy.powers import Role
from bot.runtime import desk_session, joining, people
from tests.command_line.reporting_site import PASSPHRASES
from tests.desk.site import NAME, DeskSite, opened, settings_in

STAFF = "five grey geese over water"
DESK = "hotline"


@dataclass(frozen=True)
class Staff:
    """The folder of the site, and what each member's session keeps; the first member has the role intake."""

    folder: Path
    who: dict[Role, dict[str, Any]] = field(default_factory=dict)
    kept: dict[Role, dict[str, Any]] = field(default_factory=dict, repr=False)


def staffed(founded: Path, folder: Path) -> Staff:
    """Copy a founded site, and admit a member of every other role."""
    shutil.copytree(founded, folder)
    staff, settings = Staff(folder), settings_in(folder)
    session = desk_session.log_in(settings, DESK, NAME, PASSPHRASES[DESK])
    for role in Role:
        if role is not Role.INTAKE:
            asked = joining.ask(settings, people.invite(session, role), role.value, STAFF)
            people.admit(session, asked.invitation)
    doors = opened(folder).console.doors
    for role in Role:
        name, words = (NAME, PASSPHRASES[DESK]) if role is Role.INTAKE else (role.value, STAFF)
        entrance = doors.enter(DESK, name, words, None, 0.0)
        assert entrance is not None
        member = {"desk": DESK, "name": name, "member": entrance.member.id, "enrolled": True}
        staff.who[role] = {**member, "role": entrance.seat.role.value}
        staff.kept[role] = entrance.kept
    return staff


def site_of(staff: Staff) -> DeskSite:
    """Return the site, its console just started."""
    return opened(staff.folder)


def copy_of(staff: Staff, folder: Path) -> Staff:
    """Return the same staff on a site that a test may change."""
    shutil.copytree(staff.folder, folder)
    return Staff(folder, staff.who, staff.kept)


def signed_in(site: DeskSite, staff: Staff, role: Role, *, locked: bool = False) -> tuple[TestClient, str]:
    """Return a browser with a session of this role's member, as the login leaves it, and its CSRF token."""
    token, session = site.console.sessions.start()
    session.put(WHO, staff.who[role])
    if not locked:
        session.put(KEYS, staff.kept[role])
    browser = site.browser()
    browser.cookies.set("oberih-desk", token)
    return browser, session.csrf
