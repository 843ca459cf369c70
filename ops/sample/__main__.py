"""`python -m ops.sample build [--out DIR]`: the import files of the sample county."""

import argparse
import json
from pathlib import Path

from ops.sample.build import OUT, build

parser = argparse.ArgumentParser(prog="python -m ops.sample")
parser.add_argument("action", choices=["build"])
parser.add_argument("--out", type=Path, default=OUT)
print(json.dumps(build(parser.parse_args().out)))
