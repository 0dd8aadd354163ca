"""Requests to intake's API by everybody, for everybody: with one key, for one contact, in one
name."""

import asyncio
from random import Random

from case_definition.schema.directory import Contact
from case_events.testing.asgi_client import AsgiClient
from fastapi import FastAPI

from tests.support.isolation.apps import intake_token
from tests.support.isolation.desks import World
from tests.support.isolation.random_requests import Maker, places_of
from tests.support.isolation.secrets import Secret, kept_from

KEYS = ("key-1", "key-2")


def leaks_by_intake(app: FastAPI, world: World, seed: int, each: int) -> list[str]:
    """The data of others that intake reveals to a program or form: a name, or the id of a case that
    another person made under the same key."""
    chance, made, leaks = Random(seed), dict[str, Secret](), list[str]()
    bearers = {intake_token(account): token for token, account in world.accounts.items()}
    late = {intake_token(account, -1): "" for account in world.accounts.values()}
    maker = Maker(chance, {"nothing": ["X-1"]}, ["title", "description", "en"])
    with asyncio.Runner() as runner:
        client = AsgiClient(app, "http://intake", runner.get_loop(), raise_errors=False)
        for place in places_of(app) * each:
            bearer = chance.choice([*bearers, *late, "garbage", ""])
            who = world.principal(bearers.get(bearer, ""))
            request = maker.request(place)
            answer = client.request(
                request.method,
                request.url,
                params=request.query,
                json=_case(world, chance) if request.method == "POST" else None,
                headers={
                    "Authorization": f"Bearer {bearer}",
                    "Idempotency-Key": chance.choice(KEYS),
                },
            )
            attempt = f"{who}: {place} answers {answer.status_code}"
            known = who is not None and who.kind in ("contact", "agent")
            if answer.status_code == 401 if known else answer.status_code not in (401, 422):
                leaks.append(attempt)
            if answer.status_code == 201 and who is not None:
                case = answer.json()["case"]
                mine = Secret(case, who.tenant, requester=(who.kind, who.id))
                made.setdefault(case, mine)
            answered = answer.text + str(answer.headers)
            leaks += [
                f"{attempt} and shows {secret}"
                for secret in kept_from(who, [*world.secrets, *made.values()])
                if secret.word in answered
            ]
    assert made, "nobody made a case"
    return leaks


def _case(world: World, chance: Random) -> dict[str, object]:
    """A case for anybody, of any type; two of them are seldom equal."""
    twin = chance.choice(world.pair)
    definition = twin.documents.definition
    kind = chance.choice(definition["case_types"])
    contact = chance.choice(twin.of_kind(Contact)[:3])
    return {
        "type": kind["name"],
        "contact": chance.choice((contact.id, contact.email, "")),
        "fields": {"title": "The same", "description": "The same"},
    }
