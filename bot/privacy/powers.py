"""What each role at a desk may do: one table, asked by the console's routes and by the command line.

Only whoever works on tickets holds the desk's secret S; an auditor and an administrator never get it, so for them
the table is kept by keys (`roster`). Among those who hold S it is kept by the programs alone: the signed list says
who has which role, and stops whoever writes to the database, not a member who writes programs.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType


class Role(str, Enum):
    """What a member is at a desk.

    `intake` qualifies reports before another desk sees them; `hotline` talks with people; `investigator` works on
    qualified leads; `auditor` reads the audit log and no ticket; `admin` invites, and never reads a ticket.
    """

    INTAKE = "intake"
    INVESTIGATOR = "investigator"
    HOTLINE = "hotline"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Act(str, Enum):
    """Something that can be done at a desk."""

    READ = "read"
    """See the queue and tickets, search them."""
    DECIDE = "decide"
    """Accept, reject and close tickets."""
    WORK = "work"
    """Write notes and tags, say who is on a ticket, keep views."""
    ASK = "ask"
    """Ask whoever reported."""
    CORRECT = "correct"
    """Put another level in the place of the assistant's."""
    EXPORT = "export"
    """Take a ticket's content out of this program."""
    KEEP = "keep"
    """Say how long a ticket is kept: hold, release, exported."""
    TRANSFER = "transfer"
    """Hand a qualified ticket on to another desk."""
    COMPARE = "compare"
    """Ask which other desks follow the same leads."""
    SHARE = "share"
    """Say whether other desks learn of this desk's leads."""
    RENEW = "renew"
    """Give the desk new keys, or the site a new recovery key."""
    ADMIT = "admit"
    """Let in whoever was invited."""
    TAKE_OUT = "take_out"
    """Take a member out."""
    INVITE = "invite"
    """Invite, and withdraw invitations."""
    MEMBERS = "members"
    """See who belongs to the desk."""
    RESET = "reset"
    """Take away another member's lost second factor."""
    AUDIT = "audit"
    """Read the audit log."""
    SITE = "site"
    """See how the site is set up, and whether it is well."""
    OWN = "own"
    """Look after one's own passphrase and codes."""


_WORKING = frozenset({Role.INTAKE, Role.INVESTIGATOR, Role.HOTLINE})
HOLDERS = _WORKING
"""The roles that hold the desk's secret."""
NEEDS_SECRET = frozenset(
    {
        Act.READ, Act.DECIDE, Act.WORK, Act.ASK, Act.CORRECT, Act.EXPORT, Act.KEEP, Act.TRANSFER, Act.COMPARE,
        Act.SHARE, Act.RENEW, Act.ADMIT, Act.TAKE_OUT,
    }
)  # fmt: skip
"""What cannot be done without the desk's secret, whatever a table says."""

POWERS: Mapping[Act, frozenset[Role]] = MappingProxyType(
    {
        Act.READ: _WORKING,
        Act.DECIDE: _WORKING,
        Act.WORK: _WORKING,
        Act.ASK: _WORKING,
        Act.CORRECT: frozenset({Role.INTAKE, Role.HOTLINE}),
        Act.EXPORT: frozenset({Role.INTAKE, Role.INVESTIGATOR}),
        Act.KEEP: _WORKING,
        Act.TRANSFER: frozenset({Role.INTAKE, Role.HOTLINE}),
        Act.COMPARE: frozenset({Role.INTAKE, Role.INVESTIGATOR}),
        Act.SHARE: frozenset({Role.INTAKE, Role.INVESTIGATOR}),
        Act.RENEW: frozenset({Role.INTAKE, Role.INVESTIGATOR}),
        Act.ADMIT: _WORKING,
        Act.TAKE_OUT: _WORKING,
        Act.INVITE: _WORKING | {Role.ADMIN},
        Act.MEMBERS: _WORKING | {Role.ADMIN},
        Act.RESET: _WORKING | {Role.ADMIN},
        Act.AUDIT: _WORKING | {Role.AUDITOR},
        Act.SITE: _WORKING | {Role.ADMIN},
        Act.OWN: frozenset(Role),
    }
)


def may(role: Role, act: Act) -> bool:
    """Say whether a role may do something."""
    return role in POWERS[act]
