from dashboard.source.ingest import SAMPLES_MAX, IngestHistory


def test_totals_become_rates() -> None:
    history = IngestHistory()
    for monotonic_s, stored in ((0.0, 100), (2.0, 180), (2.0, 180), (4.0, 180), (6.0, 20)):
        history.add(monotonic_s, stored)

    assert history.per_second() == [40.0, 0.0, 0.0]


def test_only_the_newest_are_kept() -> None:
    history = IngestHistory()
    for second in range(1000):
        history.add(float(second), second)

    assert len(history.per_second()) == SAMPLES_MAX - 1
