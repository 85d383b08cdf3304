"""A lost recovery paper: a member of every desk puts a new key in its place, and the old one opens nothing more."""

import pytest

from bot.privacy import pins as pin_book
from bot.privacy.pins import PinError
from bot.privacy.recovery import new_recovery
from bot.runtime import joining, key_folder, rotating
from bot.runtime.desk_session import DeskError
from bot.runtime.renewing import renew
from tests.desks import TODAY, Site

OTHER = "copper lantern under the bridge"
DESKS = ("hotline", "ngo", "police")


def test_the_new_paper_opens_every_desk_and_the_old_one_none(site: Site) -> None:
    ticket = site.report(narrative="words")
    site.joins("second")
    rotating.rotate(site.at_work())
    new = new_recovery()
    renew([site.at_work(desk) for desk in DESKS], new)
    assert key_folder.read(site.settings.key_folder).root == new.verify_key
    with pytest.raises(DeskError, match="another site's"):
        joining.recover(site.settings, "ngo", site.recovery.code, "olha", OTHER, TODAY)
    for desk in DESKS:
        joining.recover(site.settings, desk, new.code, "late", OTHER, TODAY)
    rotating.rotate(site.at_work(name="second"))
    session = site.at_work(name="late", passphrase=OTHER)
    assert session.ticket(ticket)[1].narrative == "words"
    _, wrong = session.log.examine("ngo", key_folder.read(site.settings.key_folder).pins)
    assert wrong == ()


def test_every_desk_is_needed(site: Site) -> None:
    with pytest.raises(DeskError, match="these are missing: police"):
        renew([site.at_work(desk) for desk in DESKS[:2]], new_recovery())
    assert key_folder.read(site.settings.key_folder).root == site.recovery.verify_key
    joining.recover(site.settings, "ngo", site.recovery.code, "olha", OTHER, TODAY)


def test_a_crash_between_root_and_pins_locks_nobody_out(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, new = site.settings.key_folder, new_recovery()
    pins = pin_book.under_new_root(key_folder.read(folder).pins, new)
    # Before the pins: the next root lies there, and the old one counts.
    (folder / "root.next").write_text(new.verify_key)
    (folder / "root.next").chmod(0o600)
    assert key_folder.read(folder).root == site.recovery.verify_key
    # After the pins: the next one counts, though it was not yet put in place.
    (folder / "pins.json").write_text(pin_book.to_json(pins))
    assert key_folder.read(folder).root == new.verify_key and site.at_work().desk == "ngo"
    rotating.rotate(site.at_work())
    key_folder.replace_root(folder, new.verify_key, key_folder.read(folder).pins)
    assert key_folder.read(folder).root == new.verify_key and not (folder / "root.next").exists()


def test_a_root_that_did_not_sign_is_not_put_in_place(site: Site) -> None:
    with pytest.raises(PinError):
        key_folder.replace_root(site.settings.key_folder, new_recovery().verify_key, site_pins(site))
    assert key_folder.read(site.settings.key_folder).root == site.recovery.verify_key


def site_pins(site: Site) -> pin_book.Pins:
    return key_folder.read(site.settings.key_folder).pins
