"""A new recovery key, when the paper is lost or was seen.

The lost key's root can sign nothing any more, so every desk is opened by one of its members, at one sitting:
each seals its secret to the new key instead of the old, and the new root signs the pins of all.
"""

from collections.abc import Sequence

from bot.privacy import pins as pin_book
from bot.privacy import roster
from bot.privacy.recovery import Recovery
from bot.runtime import key_folder
from bot.runtime.desk_session import DeskError, DeskSession
from bot.store.desks import Desks


def renew(sessions: Sequence[DeskSession], recovery: Recovery) -> None:
    """Put a new recovery key in the place of the old one. Have its code on paper before.

    After a crash do it again, with another new key: until it is done the desks open as before.

    Args:
        sessions: one of each desk.
        recovery: the new key.

    Raises:
        DeskError: a desk is missing, or changed meanwhile.
        KeyFolderError, PinError, RosterError, StoreUnavailable: the site is not in order.
    """
    folder = sessions[0].settings.key_folder
    for session in sessions:
        session.note("recovery_key")
    with key_folder.locked(folder, "pins"):
        pins = key_folder.read(folder).pins
        missing = sorted(set(pins.chains) - {session.desk for session in sessions})
        if missing:
            raise DeskError(f"A member of every desk is needed; these are missing: {', '.join(missing)}.")
        for session in sessions:
            row = session.row()
            session.refuse_other_members(row)
            members = roster.members_of(row.sealed_secret, pins.current(session.desk))
            shared = roster.share(session.opened, members, recovery.recipient)
            if not Desks(session.database).replace_secret(row, shared):
                raise DeskError(f"Desk {session.desk} has changed meanwhile: repeat the command.")
        key_folder.replace_root(folder, recovery.verify_key, pin_book.under_new_root(pins, recovery))
