"""The fixed answers that a ticket can hold."""

from enum import Enum


class Form(str, Enum):
    """Which questions were asked: a report, or the four taps about a child."""

    REPORT = "report"
    CHILD = "child"


class AboutWhom(str, Enum):
    """Whom the report is about; `offer_only` means that nobody has taken the offer up."""

    ME = "me"
    SOMEONE_I_KNOW = "someone_i_know"
    SOMEONE_ELSE = "someone_else"
    OFFER_ONLY = "offer_only"


class Age(str, Enum):
    """Age of the person concerned; unsure counts as a child."""

    ADULT = "adult"
    CHILD = "child"
    UNSURE = "unsure"
    UNKNOWN = "unknown"


class Basis(str, Enum):
    """How the person knows."""

    HAPPENED_TO_ME = "happened_to_me"
    SAW = "saw"
    WAS_TOLD = "was_told"
    ONLINE = "online"


class Stage(str, Enum):
    """How far it has gone; the values of HTCDS `hte_Type`."""

    RECRUITMENT = "recruitment"
    TRANSIT = "transit"
    EXPLOITATION = "exploitation"


class Moment(str, Enum):
    """When it happens."""

    NOW = "now"
    LEAVING = "leaving"
    PAST = "past"


class Count(str, Enum):
    """How many people, as bands: an exact number can point at a person."""

    ONE = "1"
    FEW = "2-5"
    MANY = "6+"
    UNKNOWN = "unknown"


class Known(str, Enum):
    """An answer to a yes-or-no question."""

    YES = "yes"
    NO = "no"
    DONT_KNOW = "dont_know"


class Told(str, Enum):
    """Who already knows of it."""

    NOBODY = "nobody"
    POLICE = "police"
    NGO = "ngo"
    HOTLINE = "hotline"
    LABOUR = "labour"
    OTHER = "other"


class HeldBy(str, Enum):
    """Who holds what could prove it."""

    REPORTER = "reporter"
    PERSON_CONCERNED = "person_concerned"
    SOMEONE_ELSE = "someone_else"
    ONLINE = "online"
    NOBODY = "nobody"


class Obtained(str, Enum):
    """How an identifier reached us."""

    FORWARDED = "forwarded"
    TYPED = "typed"
    OCR = "ocr"
