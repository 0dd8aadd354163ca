"""The effect handlers of notify, with their retry policies."""

from collections.abc import Mapping
from datetime import timedelta

from case_events.runtime import Attempt, EffectHandler, RetryPolicy

from case_notify.adapters.addresses import AddressKeeper, DeliverableMail
from case_notify.application.ports import AddressBook
from case_notify.application.react import ADDRESS, MAIL, WEBHOOK

MAIL_RETRY = RetryPolicy(longest_wait=timedelta(minutes=30), give_up_after=timedelta(days=5))
"""As RFC 5321 (4.5.4.1) asks of mail servers: at least every half hour, for four to five days."""

WEBHOOK_RETRY = RetryPolicy(longest_wait=timedelta(hours=1), give_up_after=timedelta(days=1))
"""A message that is more than a day late is of little use to another system."""


ADDRESS_RETRY = RetryPolicy(longest_wait=timedelta(minutes=5), give_up_after=timedelta(days=5))
"""A bounce that is not stored is of use for as long as mail to its address is tried."""


def effect_handlers(
    send_mail: Attempt, call: Attempt, addresses: AddressBook
) -> Mapping[str, EffectHandler]:
    """The handlers of notify's effects, by their kind."""
    return {
        MAIL: EffectHandler(DeliverableMail(addresses, send_mail), MAIL_RETRY),
        WEBHOOK: EffectHandler(call, WEBHOOK_RETRY),
        ADDRESS: EffectHandler(AddressKeeper(addresses), ADDRESS_RETRY),
    }
