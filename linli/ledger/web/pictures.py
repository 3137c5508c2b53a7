"""Pictures of wares, for terminals, phones and boards: public, and for good."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response
from sqlalchemy import Engine

from linli.ledger.database import reading
from linli.ledger.shop.pictures import read_picture

HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


def picture_routes(engine: Engine) -> APIRouter:
    routes = APIRouter()

    @routes.get("/v1/pictures/{digest}", response_class=Response)
    def picture(digest: str) -> Response:
        """The JPEG whose SHA-256 (hex) is `digest`."""
        with reading(engine) as connection:
            found = read_picture(connection, digest) if len(digest) == 64 else None
        if found is None:
            raise HTTPException(404, "there is no such picture")
        return Response(found, media_type="image/jpeg", headers=HEADERS)

    return routes
