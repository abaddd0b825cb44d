"""Streamlit's loggers write by the service's own handler, in its form and with its bounds."""

import logging

from streamlit import logger as streamlit_logger


def write_as_the_service_does() -> None:
    """Leave to the root logger what Streamlit would write itself, now and from loggers yet to come."""
    # each of its loggers gets a handler by this function, and keeps its records from the root logger's
    streamlit_logger.setup_formatter = _leave_to_the_root
    streamlit_logger.update_formatter()


def _leave_to_the_root(logger: logging.Logger) -> None:
    logger.handlers.clear()
    logger.propagate = True
