"""Decisions on generated tokens are those of jwt-kit, or differ for a known reason."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOKENS = 6_000
SEED = 1


def test_every_difference_from_jwt_kit_is_explained():
    run = subprocess.run(
        [ROOT / "Tests" / "Differential" / "run", str(TOKENS), str(SEED)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=2400,
    )
    assert run.returncode == 0, run.stdout[-4000:]
    assert f"{TOKENS} tokens, seed {SEED}" in run.stdout
    assert "\n0 differences are unexplained" in run.stdout
