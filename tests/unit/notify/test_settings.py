"""Notify is told by its environment where mail goes out."""

import pytest
from case_notify.adapters.smtp import SmtpRelay
from case_notify.bootstrap import relay
from case_notify.config import Config
from pydantic import ValidationError

from tests.support.wire import SETTINGS

NEEDED = {
    "CASEFOLD_KAFKA": "127.0.0.1:9092",
    "CASEFOLD_DATABASE_URL": "postgresql:///notify",
    "CASEFOLD_REQUESTS_DATABASE_URL": "postgresql:///notify",
    "CASEFOLD_HTTP_PORT": "8084",
    "CASEFOLD_BLOBS": "blobs",
    "CASEFOLD_SMTP_RELAY": "[::1]:2526",
    "CASEFOLD_PORTAL_URL": "https://portal.example",
    **SETTINGS,
}


def config_of(patch: pytest.MonkeyPatch, **more: str) -> Config:
    """The settings of an environment."""
    for name, value in (NEEDED | more).items():
        patch.setenv(name, value)
    return Config()  # type: ignore[call-arg]


def test_a_relay_is_a_host_and_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    assert relay(config_of(monkeypatch)) == SmtpRelay(host="::1", port=2526)


def test_a_relay_may_want_a_log_in_and_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = config_of(
        monkeypatch,
        CASEFOLD_SMTP_RELAY="mail.example:587",
        CASEFOLD_SMTP_SECURITY="starttls",
        CASEFOLD_SMTP_USERNAME="desk",
        CASEFOLD_SMTP_PASSWORD="hidden",
        CASEFOLD_SMTP_TIMEOUT="3",
        CASEFOLD_SMTP_CONNECTIONS="2",
    )
    assert relay(settings) == SmtpRelay(
        host="mail.example",
        port=587,
        security="starttls",
        username="desk",
        password="hidden",
        timeout=3.0,
        connections=2,
    )
    assert "hidden" not in repr(settings)


def test_a_relay_without_a_port_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="smtp_relay"):
        config_of(monkeypatch, CASEFOLD_SMTP_RELAY="mail.example")


@pytest.mark.parametrize("secret", ["", "a", "ab" * 31, "{}"])
def test_an_empty_or_short_secret_is_refused(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    """C16: at the start, with the setting and the rule, and without what was given."""
    with pytest.raises(ValidationError, match="CASEFOLD_SECRET is 32 bytes or more") as refused:
        config_of(monkeypatch, CASEFOLD_SECRET=secret)
    assert f"'{secret}'" not in str(refused.value)
