"""What has not the shape of a definition is refused with the word that was meant."""

from collections.abc import Callable

import pytest

from tests.unit.definition.sample_tenant import Tenant

Spoil = Callable[[Tenant], object]


@pytest.mark.parametrize(
    ("spoil", "path", "says"),
    [
        (
            lambda t: t.definition["transitions"][0].update(require={}),
            "transitions[ask].require",
            "`require` means nothing here; did you mean `requires`?",
        ),
        (
            lambda t: t.definition["transitions"][0].update(form=["new"]),
            "transitions[ask].form",
            "`form` means nothing here; did you mean `from`?",
        ),
        (
            lambda t: t.definition["mail"]["sender"].update(adress="x"),
            "mail.sender.adress",
            "`adress` means nothing here; did you mean `address`?",
        ),
        (
            lambda t: t.definition.update(status=[]),
            "status",
            "`status` means nothing here; did you mean `statuses`?",
        ),
        (
            lambda t: t.definition["mail"].update(weather="fine"),
            "mail.weather",
            "`weather` means nothing here; remove it or correct its spelling",
        ),
        (
            # {name: New, says he}
            lambda t: t.texts["en"]["statuses"]["new"].update({"says he": None}),
            "texts.en.statuses.new.says he",
            "nothing stands here; write a text, in quotes where it has a comma, `: ` or ` #`",
        ),
    ],
    ids=["require", "form", "adress", "status", "weather", "a comma"],
)
def test_a_key_that_is_none_is_told_from_the_one_that_was_meant(
    tenant: Tenant, spoil: Spoil, path: str, says: str
) -> None:
    spoil(tenant)
    finding = tenant.only()
    assert (finding.path, finding.sentence) == (path, says)


@pytest.mark.parametrize("member", ["absent", "on_call"])
@pytest.mark.parametrize("written", ["2026-03-02", ["2026-03-02"], [{"from": "2026-03-02"}]])
def test_days_in_another_shape_are_told_how_they_are_written(
    tenant: Tenant, member: str, written: object
) -> None:
    tenant.directory["agents"][0][member] = written
    finding = tenant.only()
    assert finding.sentence == (
        f"`{member}` is a list of days, as in [{{first: 2026-03-02, last: 2026-03-06}}]"
    )


def test_a_list_of_names_is_asked_for_as_one(tenant: Tenant) -> None:
    tenant.directory["agents"][0]["teams"] = "desk"
    assert tenant.only().sentence == "`teams` is a list of names, as in [one, two]"
