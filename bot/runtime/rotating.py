"""New keys for a desk: when a member goes, or when the desk wants them.

Four steps, and a crash between any two loses nothing. The new secret is stored beside the present one. The pin
file names the new keys, signed by the old: from here on they count, and reports are sealed to them. Every
ticket is sealed and indexed anew (`upkeep`); until the last one is, the secret before stays, sealed to the new
one. Then it is forgotten, with the members who are not on the new signed list.
"""

from collections.abc import Callable, Sequence
from typing import Optional

from bot.privacy import deconfliction, roster
from bot.runtime import key_folder
from bot.runtime.desk_session import DeskError, DeskSession
from bot.runtime.upkeep import bring_up
from bot.store.desks import Desks
from bot.store.records import DeskRecord, MemberRecord

Progress = Callable[[int, int], None]


def leave(session: DeskSession, name: str, progress: Optional[Progress] = None) -> int:
    """Take a member out of the session's desk; return how many tickets were sealed anew.

    Raises:
        DeskError: there is no such member, or it is the session's own: they would know the new keys.
        StoreUnavailable, KeyFolderError, PinError, RosterError: the site is not in order.
    """
    begin_leaving(session, name, progress)
    return bring_up(session, progress)


def begin_leaving(session: DeskSession, name: str, progress: Optional[Progress] = None) -> None:
    """Give the desk keys that a member does not have; `bring_up` then seals its tickets to them, and they are out.

    Raises:
        As for `leave`.
    """
    member = Desks(session.database).member(session.desk, name)
    if member is None:
        raise DeskError(f"Desk {session.desk} has no member {name}.")
    if member.id == session.member.id:
        raise DeskError("Someone who stays must do this, because whoever does it knows the new keys.")
    _begin(session, "leave", [member], progress)


def rotate(session: DeskSession, progress: Optional[Progress] = None) -> int:
    """Give the session's desk new keys; return how many tickets were sealed anew.

    Raises:
        DeskError: a change of keys before this one is not finished yet, or another one came first.
        StoreUnavailable, KeyFolderError, PinError, RosterError: the site is not in order.
    """
    _begin(session, "rotate", (), progress)
    return bring_up(session, progress)


def _begin(session: DeskSession, action: str, leaving: Sequence[MemberRecord], progress: Optional[Progress]) -> None:
    """Store the new secret and let the pin file name it: the first two steps. The session goes on with the new keys."""
    bring_up(session, progress)
    session.note(action, leaving[0].id if leaving else "")
    folder, desks = session.settings.key_folder, Desks(session.database)
    with key_folder.locked(folder, "pins"):
        row = session.row()
        if row.sealed_earlier is not None:
            raise DeskError(f"Tickets of desk {session.desk} are still being sealed to its keys: repeat this later.")
        pins = key_folder.read(folder).pins
        session.refuse_other_members(row)
        rotation = roster.rotate(session.opened, [member.name for member in leaving], row.sealed_secret, pins)
        key = session.shared_key
        desks.begin_rotation(
            DeskRecord(
                id=session.desk,
                generation=rotation.desk.pin.generation,
                sealed_secret=rotation.shared,
                sealed_earlier=rotation.earlier,
                sealed_shared_key=deconfliction.seal_key(key, rotation.desk) if key else None,
            )
        )
        key_folder.write_pins(folder, rotation.pins)
    session.continue_with(rotation.desk)
