import subprocess
import sys

NOISY = """
import os
from connectors.cli.own_output import keep_output_to_ourselves
keep_output_to_ourselves()
os.write(1, b"noise of a library\\n")
print("an answer")
"""


def test_only_what_python_prints_gets_out() -> None:
    result = subprocess.run(
        [sys.executable, "-c", NOISY], capture_output=True, text=True, check=True, timeout=60
    )

    assert result.stdout == "an answer\n"
