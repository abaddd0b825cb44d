import pytest

from dashboard.wording.amount import counted, listed, money, rate, ratio, size, tokens


def test_tokens_have_three_digits_and_a_letter() -> None:
    numbers = (None, 0, 296, 999, 999_6, 12_345, 999_600, 4_560_000)

    assert [tokens(number) for number in numbers] == [
        "\N{EN DASH}", "0", "296", "999", "10.0k", "12.3k", "1.00M", "4.56M",
    ]  # fmt: skip


def test_money_below_a_cent_shows_four_decimals() -> None:
    assert [money(value) for value in (0.0123, 0.0079, 0.0, 1234.5)] == [
        "$0.01",
        "$0.0079",
        "$0.00",
        "$1,234.50",
    ]


def test_sizes_are_binary() -> None:
    assert [size(value) for value in (0, 812, 1536, 1023 * 1024, 32 * 2**20)] == [
        "0 B", "812 B", "1.5 KiB", "1023 KiB", "32 MiB",
    ]  # fmt: skip


def test_ratios_lose_their_decimal_at_ten() -> None:
    assert [ratio(value) for value in (1.44, 9.94, 9.96, 24.0)] == [
        f"{text}\N{MULTIPLICATION SIGN}" for text in ("1.4", "9.9", "10", "24")
    ]


def test_rates_are_whole_above_ten() -> None:
    assert [rate(value) for value in (0, 0.42, 42.4, 1204)] == ["0/s", "0.4/s", "42/s", "1,204/s"]


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["planner"], "planner"),
        (["planner", "coder"], "planner and coder"),
        (["a", "b", "c"], "a, b and c"),
        (["a", "b", "c", "d"], "a, b, c and 1 more"),
    ],
)
def test_names_stand_in_a_row(names: list[str], text: str) -> None:
    assert listed(names) == text


def test_one_is_not_many() -> None:
    assert [counted(1, "span"), counted(2_000, "span"), counted(2, "match", "matches")] == [
        "1 span",
        "2,000 spans",
        "2 matches",
    ]


def test_a_long_name_is_cut_in_a_sentence() -> None:
    assert listed(["x" * 400]) == "x" * 47 + "…"
