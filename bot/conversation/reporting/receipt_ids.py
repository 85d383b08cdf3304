"""The questions of a receipt that is followed up."""

CODE, WITHDRAW, ANSWER, SEND, WORD = (f"receipt.{name}" for name in ("code", "withdraw", "answer", "send", "word"))
