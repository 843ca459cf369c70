"""Personal tokens for QGIS, GDAL and scripts: made, listed, revoked by their owner."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.deps import Reader, ReaderDep, engine_of
from api.routes.account import note
from geo.errors import BadInput, Forbidden, NotLoggedIn, Problem
from geo.people.commands import make_token, revoke_token
from geo.people.queries import Person, tokens_of

router = APIRouter(prefix="/v1/me/tokens", tags=["account"])


class TokenAsked(BaseModel):
    """What a new token is for, and for how long."""

    model_config = ConfigDict(extra="forbid")
    label: Annotated[str, Field(min_length=1, max_length=64)]
    days: Annotated[int | None, Field(ge=1)] = None


class TokenShown(BaseModel):
    """A token without its secret."""

    id: int
    label: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    is_valid: bool


class TokenMade(BaseModel):
    """A new token; its secret is given this once."""

    id: int
    token: str


def owner(reader: Reader) -> Person:
    """The person who asks; raises NotLoggedIn."""
    if reader.person is None:
        raise NotLoggedIn(Problem(zh="请先登录", en="please log in first"))
    return reader.person


@router.get("", response_model=list[TokenShown])
async def list_tokens(request: Request, reader: ReaderDep) -> list[dict[str, Any]]:
    """My tokens, newest first."""
    person = owner(reader)
    async with engine_of(request).begin() as connection:
        return await tokens_of(connection, person.account_id)


@router.post("", status_code=201)
async def create_token(asked: TokenAsked, request: Request, reader: ReaderDep) -> TokenMade:
    """A new token; only with a login: a token that leaked must not make others."""
    person = owner(reader)
    if person.session_id is None:
        raise Forbidden(Problem(zh="请登录后再创建令牌", en="log in with your password to make a token"))
    most = request.app.state.api.token_days_max
    days = asked.days or most
    if days > most:
        raise BadInput.at(
            "/days",
            Problem(zh="有效期过长", en="too long a life"),
            Problem(zh=f"1 至 {most} 天", en=f"1 to {most} days"),
        )
    async with engine_of(request).begin() as connection:
        made = await make_token(connection, person.account_id, asked.label, days)
        await note(connection, request, person, "token_made", "api_token", made.token_id)
    return TokenMade(id=made.token_id, token=made.secret)


@router.delete("/{token_id}", status_code=204)
async def delete_token(token_id: int, request: Request, reader: ReaderDep) -> Response:
    """Revoke one of my tokens; it is refused from now on."""
    person = owner(reader)
    async with engine_of(request).begin() as connection:
        await revoke_token(connection, person.account_id, token_id)
        await note(connection, request, person, "token_revoked", "api_token", token_id)
    return Response(status_code=204)
