"""Offers are read in more languages than the assistant speaks: in the words of each, and by meaning."""

import pytest

from bot.runtime.turns import language_of

OFFERS = {
    "cs": "Práce v hotelu pro dívky, pas odevzdáte po příjezdu šéfovi a ten si ho nechá.",
    "sk": "Práca v hoteli pre dievčatá, pas odovzdáte po príchode šéfovi a ten si ho nechá.",
    "hu": "Hotelben keresünk lányokat, az útlevelet érkezéskor le kell adni, a főnök magánál tartja.",
    "bg": "Търсим момичета за работа в хотел, паспорта давате на шефа и той го държи при себе си.",
    "el": "Ζητούνται κοπέλες για δουλειά σε ξενοδοχείο, το διαβατήριο το κρατάει το αφεντικό.",
    "it": "Cerchiamo ragazze per lavoro in hotel, il passaporto lo tiene il capo quando arrivate.",
    "es": "Buscamos chicas para trabajar en un hotel, el pasaporte se lo queda el jefe al llegar.",
    "pt": "Procuramos raparigas para trabalhar num hotel, o passaporte fica com o patrão à chegada.",
    "fr": "Cherchons des filles pour travailler dans un hôtel, le patron garde votre passeport à l'arrivée.",
    "nl": "Wij zoeken meisjes voor werk in een hotel, bij aankomst houdt de baas je paspoort.",
    "da": "Vi søger piger til arbejde på et hotel, chefen beholder jeres pas, når I kommer.",
    "sv": "Vi söker tjejer till jobb på hotell, chefen behåller ditt pass när du kommer.",
    "fi": "Etsimme tyttöjä hotellitöihin, pomo pitää passisi itsellään kun saavut.",
    "lt": "Ieškome merginų darbui viešbutyje, pasą atvykus pasilieka viršininkas.",
    "sl": "Iščemo dekleta za delo v hotelu, potni list ob prihodu obdrži šef.",
    "sq": "Kërkojmë vajza për punë në hotel, pasaportën e mban shefi kur të vini.",
}


def test_the_table_has_every_language_that_is_only_read(services) -> None:
    assert set(OFFERS) == set(services.knowledge.read_languages) - set(services.knowledge.languages)


@pytest.mark.parametrize(("language", "offer"), OFFERS.items())
def test_a_passport_that_is_kept_warns_in_every_language_that_is_read(services, language: str, offer: str) -> None:
    assert language_of(services, offer) == language
    verdict = services.checker.check(offer, language)
    assert verdict.level.value == "high" and {"J24", "J25"} & {found.sign for found in verdict.signs}


async def test_the_card_of_such_an_offer_is_in_the_language_of_the_conversation(chat) -> None:
    person = chat.open("uk")
    replies = await person.says(OFFERS["el"])
    card = next(reply for reply in replies if reply["kind"] == "check")
    assert card["check"]["language"] == "el" and any(c in "іїє" for c in card["check"]["level_text"])
