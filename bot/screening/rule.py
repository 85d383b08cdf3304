"""When a dimension is positive: the scoring rule of the ILO operational indicators.

Source: WCMS_105023 p. 3, read second-hand (`facts/indicators.md` A.1).
"""

from typing import Optional


def positive(strong: int, medium: int, weak: int) -> Optional[str]:
    """Return the first rule that makes a dimension positive, or None where it is not established.

    a: two strong; b: one strong and one medium or weak; c: three medium; d: two medium and one weak.
    Weak indicators alone, or one strong alone, never do.

    Args:
        strong: how many strong indicators of the dimension are there.
        medium: how many medium ones.
        weak: how many weak ones.
    """
    if strong >= 2:
        return "a"
    if strong == 1 and medium + weak >= 1:
        return "b"
    if medium >= 3:
        return "c"
    if medium >= 2 and weak >= 1:
        return "d"
    return None
