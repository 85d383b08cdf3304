"""Training Rasa's own model, in this process, with the real TensorFlow that Rasa's trainer imports."""

import contextlib
import io
import shutil
import tempfile
from pathlib import Path

from bot.runtime import patches


class TrainingFailed(Exception):
    """Rasa could not train its model."""


def train(root: Path, target: Path) -> None:
    """Train from the project's own files and put the model at `target`.

    Raises:
        TrainingFailed: Rasa refused; its own words follow.
    """
    patches.silence()
    from rasa.model_training import train as rasa_train

    target.parent.mkdir(parents=True, exist_ok=True)
    said = io.StringIO()
    quiet = contextlib.redirect_stdout(said), contextlib.redirect_stderr(said)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, quiet[0], quiet[1]:
        result = rasa_train(
            domain=str(root / "domain.yml"),
            config=str(root / "config.yml"),
            training_files=[str(root / "data" / "nlu"), str(root / "data" / "stories.yml")],
            output=folder,
            fixed_model_name="rasa",
        )
        if result.model is None:
            raise TrainingFailed(f"Rasa did not train a model: {said.getvalue().strip()}")
        shutil.move(str(result.model), target)
