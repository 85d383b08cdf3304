"""Answers for people at a terminal."""

from typing import Any

_MARK = {"H": "!!", "M": "! ", "L": "· "}


def check(found: dict[str, Any]) -> str:
    """Return a check as readable lines: level, signs with their words, what is missing, questions."""
    lines = [f"{found['level'].upper().replace('_', ' ')}  ({found['kind']}, {found['language']})"]
    if found["danger"]:
        lines.append("The text speaks of danger. If it is real and now, call 112.")
    for sign in found["signs"]:
        lines.append(f"{_MARK[sign['severity']]} {sign['id']:4} {sign['title']}")
        lines += [f"        “{evidence['text'].strip()}”" for evidence in sign["evidence"]]
    if found["missing"]:
        lines.append("Not said: " + ", ".join(found["missing"]))
    lines += [f"Ask: {question['text']}" for question in found["questions"]]
    lines += [f"Contact: {item['type']} {item['value']}" for item in found["identifiers"]]
    if found["level"] in ("none_found", "not_enough"):
        lines.append("This is not a guarantee.")
    return "\n".join(lines)


def pairs(found: dict[str, Any]) -> str:
    """Return an answer as `name: value` lines."""
    return "\n".join(f"{name}: {value}" for name, value in found.items() if value is not None)


def redaction(found: dict[str, Any]) -> str:
    """Return a redacted text, and below it what was found in it."""
    counts = [(span["type"], "kept" if span["kept"] else "removed") for span in found["spans"]]
    return "\n".join([found["text"], *(f"{kind}: {done}" for kind, done in counts)])
