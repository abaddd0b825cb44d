from tests.analytics.tables import opened_store, store

__all__ = ["opened_store", "store"]
