"""What members look after themselves: their passphrase, and the codes that replace a lost phone. All of this blocks."""

from bot.desk import second_factor
from bot.privacy.member_keys import WrongPassphrase, lock_identity, unlock_identity
from bot.privacy.passphrases import check_passphrase
from bot.runtime.seat import Seat
from bot.store.desks import Desks
from bot.store.second_factors import SecondFactors


def change_passphrase(seat: Seat, before: str, after: str) -> bool:
    """Lock a member's key under another passphrase; False where the one before is wrong, or it changed meanwhile.

    Raises:
        WeakPassphrase: the new one is too easy to guess; nothing changed.
        LockedKeyError: the key is damaged.
        StoreUnavailable, KeyFolderError: the site is not in order.
    """
    check_passphrase(after)
    member = seat.member
    try:
        identity = unlock_identity(member.locked_identity, before)
    except WrongPassphrase:
        return False
    seat.note("passphrase", member.id)
    return Desks(seat.database).relock(member.id, member.locked_identity, lock_identity(identity, after))


def new_codes(seat: Seat, passphrase: str, codes: tuple[str, ...]) -> bool:
    """Put new recovery codes in the place of the old ones; False where the passphrase is wrong.

    It is False too where no second factor is set up, or a code was used at this very moment.

    Raises:
        LockedKeyError, SealError: the member's keys are damaged.
        StoreUnavailable, KeyFolderError: the site is not in order.
    """
    member, factors = seat.member, SecondFactors(seat.database)
    before = factors.get(member.id)
    try:
        identity = unlock_identity(member.locked_identity, passphrase)
    except WrongPassphrase:
        return False
    if before is None:
        return False
    changed = second_factor.with_recovery(second_factor.opened(before, member.id, identity), codes)
    seat.note("new_codes", member.id)
    return factors.replace(member.id, before, second_factor.sealed(changed, member.id, member.recipient))
