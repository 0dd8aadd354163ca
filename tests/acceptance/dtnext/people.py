"""Who is who at the desk: as in its directory."""

from tests.support.desk.values import Person

TENANT = "dtnext"
ADDRESS = "support@dtnext.example"

ANOUK = Person(TENANT, "contact", "vandijk-anouk", "anouk@vandijk.example")
"""Key contact of Van Dijk, which has an SLA; reads Dutch."""
PIETER = Person(TENANT, "contact", "vandijk-pieter", "pieter@vandijk.example")
GRACE = Person(TENANT, "contact", "vandijk-grace", "grace@vandijk.example")
"""Of Van Dijk too; reads English."""
JOOST = Person(TENANT, "contact", "korenaar-joost", "joost@korenaar.example")
"""Key contact of De Korenaar, which is served best effort."""
OLIVIA = Person(TENANT, "contact", "korenaar-olivia", "olivia@korenaar.example")
FATIMA = Person(TENANT, "contact", "noorderlicht-fatima", "fatima@noorderlicht.example")
"""Key contact of Noorderlicht, which has no agreement."""
TOM = Person(TENANT, "contact", "noorderlicht-tom", "tom@noorderlicht.example")
"""Of Noorderlicht too; reads English, and has no account yet."""

SANNE = Person(TENANT, "agent", "sanne", "sanne@dtnext.example")
BRAM = Person(TENANT, "agent", "bram", "bram@dtnext.example")
YOUSSEF = Person(TENANT, "agent", "youssef", "youssef@dtnext.example")
"""Second line."""
EMMA = Person(TENANT, "agent", "emma", "emma@dtnext.example")
HENDRIK = Person(TENANT, "auditor", "hendrik", "hendrik@audit.example")

EVERYBODY = (
    ANOUK, PIETER, GRACE, JOOST, OLIVIA, FATIMA, SANNE, BRAM, YOUSSEF, EMMA, HENDRIK,
)  # fmt: skip

LEVELS = (
    "desk@dtnext.example",
    "coordinator@dtnext.example",
    "operations@dtnext.example",
    "directie@dtnext.example",
)
"""The addresses of the escalation ladder, from level 1."""
