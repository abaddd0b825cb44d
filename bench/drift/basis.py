"""Fits the basis of text sketches: the directions in which docstrings of Python packages vary most.

    python -m bench.drift.basis

writes `analytics/drift/basis_1.npy` from the docstrings of the standard library and of whatever is
installed beside doldrums. Fitted once; another basis is another version, and new references.
"""

import ast
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from analytics.drift import text

DOCSTRINGS_MAX = 60_000
CHARACTERS = (80, 4_000)


def main() -> None:
    """Write the basis."""
    found = list(_docstrings())[:DOCSTRINGS_MAX]
    rng = np.random.default_rng(0)
    print(f"{len(found):,} docstrings")
    documents = np.zeros((len(found), text.HASHES), np.float32)
    for row, one in enumerate(rng.permutation(np.array(found, object))):
        hashed = text.hashes(one)
        documents[row, hashed] = 1 / np.sqrt(max(len(hashed), 1))
    centred = documents - documents.mean(0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    basis = vectors[:, -64:] / np.abs(vectors[:, -64:]).max()
    target = Path(text.__file__).with_name(f"basis_{text.BASIS_VERSION}.npy")
    np.save(target, np.rint(basis * 127).astype(np.int8))


def _docstrings() -> Iterator[str]:
    seen = set()
    for folder in (sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")):
        for path in sorted(Path(folder).rglob("*.py")):
            for one in _of(path):
                if CHARACTERS[0] <= len(one) <= CHARACTERS[1] and one not in seen:
                    seen.add(one)
                    yield one


def _of(path: Path) -> Iterator[str]:
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found = ast.get_docstring(node)
            if found:
                yield found


if __name__ == "__main__":
    main()
