"""The API with some routes, for callers who show no key and see one project."""

from dataclasses import replace

from fastapi import APIRouter, FastAPI

from analytics.api import health
from analytics.api.app import create_app
from collector.keys.key import anonymous
from collector.keys.keyring import Keyring


def application(*routers: APIRouter, project: str = "default") -> FastAPI:
    keys = Keyring((), replace(anonymous(), project=project))
    return create_app("test", routers, health.router(list), keys)
