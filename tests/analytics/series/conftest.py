from tests.analytics.state.databases import engine, postgresql_address, state_dsn

__all__ = ["engine", "postgresql_address", "state_dsn"]
