"""A detector is its files, its section of the documentation, and its line in the registry."""

from pathlib import Path

import pytest

import analytics.detectors
from analytics.detectors import DETECTORS
from analytics.detectors.detector import Detector, Window
from collector.store.store import Store
from tests.analytics.baselines.durations import limits
from tests.analytics.rows import NOW

FOLDER = Path(analytics.detectors.__file__).parent
DOCS = Path(__file__).parents[3] / "docs" / "detectors.md"

each_detector = pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.name)


def test_every_statement_in_the_folder_belongs_to_a_detector() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.sql")) == sorted(
        detector.name for detector in DETECTORS
    )


@each_detector
def test_a_detector_has_a_section_in_the_documentation(detector: Detector) -> None:
    assert f"\n## `{detector.name}`\n" in DOCS.read_text()


@each_detector
def test_a_detector_finds_nothing_in_an_empty_store(detector: Detector, store: Store) -> None:
    rows = store.query(detector.sql, detector.parameters(Window(NOW)))

    assert not detector.detect(rows, Window(NOW), limits()).findings
