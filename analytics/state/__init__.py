"""Transactional state: SQLite by default, PostgreSQL when scaled out, one code path for both."""
