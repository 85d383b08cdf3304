"""`oberih init`: founding a site."""

from typing import Optional

import typer

from bot.commands import asking
from bot.runtime import founding
from bot.runtime.member_names import login_name
from bot.runtime.safe_start import settings_for_keys
from bot.site import Desk, load_site


def init(
    member: Optional[str] = typer.Option(
        None, "--member", help="Name of the first member of every desk; without it, each desk's is asked for."
    ),
) -> None:
    """Found this site, once: recovery key, keys of the desks of site.yml, their first members, database.

    Prints the recovery key, which is stored nowhere: have paper at hand. Passphrases are typed on the terminal, or
    come as one line of standard input for each desk, in the order of site.yml.
    """
    settings = settings_for_keys()
    founding.refuse_second(settings)
    site = load_site(settings.site)
    if site is None:
        raise founding.FoundingError(f"There is no {settings.site}: copy deploy/site.example.yml and fill it in.")
    first: dict[str, founding.FirstMember] = {}
    for desk in site.desks:
        first[desk.id] = _first_member(desk, member, first)
    asking.progress("making keys …")
    recovery = founding.found(settings, site, first)
    typer.echo(
        "The recovery key. Write it on paper now, keep it locked away from this machine, and clear this screen.\n"
        f"It is shown once and stored nowhere:\n\n  {recovery.code}\n\n"
        f"Its public half, to compare with `oberih doctor`:\n\n  {recovery.verify_key}\n\n"
        f"Founded: {', '.join(desk.id for desk in site.desks)}. Keys: {settings.key_folder}\n"
        "Next: `oberih doctor`, then `oberih desk invite` for a second member of each desk."
    )


def _first_member(desk: Desk, given: Optional[str], before: dict[str, founding.FirstMember]) -> founding.FirstMember:
    last = next(reversed(before.values())).name if before else None
    name = login_name(given or asking.line(f"Name of the first member of desk {desk.id}", default=last))
    return founding.FirstMember(name, asking.new_passphrase(f"New passphrase of {name} at desk {desk.id}"))
