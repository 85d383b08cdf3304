"""Serving does without TensorFlow, and fails loudly where it would be needed."""

import subprocess
import sys

from bot import PROJECT_ROOT

PROGRAM = """
from bot.runtime import without_tensorflow
without_tensorflow.install()
import rasa.core.agent, sys
import tensorflow as tf
assert type(sys.modules["tensorflow"]).__name__ == "_Module"
class Layer(tf.keras.layers.Layer):
    @tf.function
    def call(self):
        return 1
assert Layer().call() == 1
print("served without")
"""


def test_rasa_is_imported_without_tensorflow() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=PROJECT_ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "served without", done.stderr


def test_it_refuses_to_come_too_late() -> None:
    program = (
        "import sys, types; sys.modules['tensorflow'] = types.ModuleType('tensorflow')\n"
        "from bot.runtime import without_tensorflow\n"
        "try:\n    without_tensorflow.install()\nexcept RuntimeError:\n    print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT_ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "refused", done.stderr
