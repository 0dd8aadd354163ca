"""One's own account over the API: password, sessions, API tokens. For sessions only."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from msgspec.structs import asdict

from case_portal.access.own_account import OwnAccountService
from case_portal.access.schemas import (
    IssuedToken,
    LoggedIn,
    PasswordChange,
    SessionList,
    TokenList,
    TokenRequest,
)
from case_portal.access.serializers import session_model, token_model
from case_portal.core.problem import Problem
from case_portal.web.dependencies import API, OwnSession, allowed, bearer, client_of, port
from case_portal.web.problems import ProblemError, documented

router = APIRouter(
    prefix=API,
    tags=["account"],
    responses=documented(400, 401, 403, 422, 503),
    dependencies=[bearer],
)

OwnAccountHere = Annotated[OwnAccountService, port("own_account")]


@router.post("/account/password", status_code=201, responses=documented(429))
async def change_password(
    request: Request, form: PasswordChange, account: OwnAccountHere, session: OwnSession
) -> LoggedIn:
    """Change your password. All your sessions and API tokens end, and you get a mail. The answer is
    a new session."""
    opened, _ = allowed(
        await account.change_password(session, form.old, form.new, client_of(request))
    )
    return LoggedIn(token=opened.token, expires_at=opened.expires_at)


@router.get("/sessions")
async def list_sessions(account: OwnAccountHere, session: OwnSession) -> SessionList:
    """Your sessions, the last used first."""
    found = await account.sessions(session)
    return SessionList(sessions=[session_model(one, session) for one in found])


@router.delete("/sessions", status_code=204)
async def end_others(request: Request, account: OwnAccountHere, session: OwnSession) -> None:
    """End all your sessions but this one."""
    await account.end_others(session, client_of(request))


@router.delete("/sessions/{session_id}", status_code=204, responses=documented(404))
async def end_session(
    session_id: UUID, request: Request, account: OwnAccountHere, session: OwnSession
) -> None:
    """End one of your sessions."""
    _done(await account.end_session(session, session_id, client_of(request)))


@router.get("/tokens")
async def list_tokens(account: OwnAccountHere, session: OwnSession) -> TokenList:
    """Your API tokens, the newest first; never their secrets."""
    return TokenList(tokens=[token_model(one) for one in await account.tokens(session)])


@router.post("/tokens", status_code=201)
async def issue_token(
    request: Request, form: TokenRequest, account: OwnAccountHere, session: OwnSession
) -> IssuedToken:
    """Make an API token, with which a program acts as you. Its secret is shown only now."""
    token, secret = allowed(
        await account.issue_token(session, form.name, form.reach, form.days, client_of(request))
    )
    return IssuedToken(**asdict(token), token=secret)


@router.delete("/tokens/{token_id}", status_code=204, responses=documented(404))
async def revoke_token(
    token_id: UUID, request: Request, account: OwnAccountHere, session: OwnSession
) -> None:
    """Revoke an API token. It is refused from then on."""
    _done(await account.revoke_token(session, token_id, client_of(request)))


def _done(problem: Problem | None) -> None:
    if problem is not None:
        raise ProblemError(problem)
