from doldrums.restart_delay import RestartDelay


def test_the_delay_doubles_up_to_half_a_minute() -> None:
    delay = RestartDelay()

    assert [delay.after(lived_s=5) for _ in range(8)] == [0, 1, 2, 4, 8, 16, 30, 30]


def test_a_minute_of_health_is_a_new_beginning() -> None:
    delay = RestartDelay()
    for _ in range(5):
        delay.after(lived_s=59.9)

    assert [delay.after(lived_s) for lived_s in (60, 1, 1)] == [0, 1, 2]
