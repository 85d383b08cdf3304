"""The offer check: offers a second on one core, and the wait for a single one."""

import statistics
import time
from typing import Any

from bot.language.fold import fold
from bot.language.sentences import units
from bot.runtime import answers
from bot.runtime.services import current
from bot.runtime.turns import forget_vectors
from evaluation.records import read

_SINGLE_RUNS = 20


def measure() -> dict[str, Any]:
    """Return offers a second on one core (cold cache), milliseconds for one, and whether verdicts agree.

    `same_verdict` is the share of offers whose verdict is the same when embedded alone and in a batch
    with all others.
    """
    services = current()
    texts = [row["text"] for row in read("offers", None)]
    answers.check(services, texts[0])  # patterns and detectors compile on first use
    forget_vectors(services, texts[0])
    started = time.process_time()
    alone = [answers.check(services, text) for text in texts]
    seconds = time.process_time() - started
    singles = []
    for text in texts[:_SINGLE_RUNS]:
        forget_vectors(services, text)
        at = time.perf_counter()
        answers.check(services, text)
        singles.append(1000 * (time.perf_counter() - at))
    services.vectors([unit.text for text in texts for unit in units(fold(text).text)])
    together = [answers.check(services, text) for text in texts]
    same = sum(one["level"] == two["level"] for one, two in zip(alone, together, strict=True))
    return {
        "offers": len(texts),
        "offers_per_second_per_core": round(len(texts) / seconds, 1),
        "single_ms": round(statistics.median(singles), 1),
        "same_verdict": round(same / len(texts), 3),
    }
