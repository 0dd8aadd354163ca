"""Who is who at the desk: as in its directory."""

from tests.support.desk.values import Person

TENANT = "customer-success"
ADDRESS = "support@success.example"

LOTTE = Person(TENANT, "contact", "duinzicht-lotte", "lotte@duinzicht.example")
"""Key contact of Duinzicht, which has an SLA; reads Dutch. Known to another tenant as well."""
MARK = Person(TENANT, "contact", "duinzicht-mark", "mark@duinzicht.example")
CLAIRE = Person(TENANT, "contact", "duinzicht-claire", "claire@duinzicht.example")
"""Of Duinzicht too; reads English."""
KARIM = Person(TENANT, "contact", "lindehof-karim", "karim@lindehof.example")
"""Key contact of Lindehof, which is served best effort."""
SUSAN = Person(TENANT, "contact", "lindehof-susan", "susan@lindehof.example")
EVA = Person(TENANT, "contact", "stadswerf-eva", "eva@stadswerf.example")
"""Super user of Stadswerf, which has no agreement."""
NOAH = Person(TENANT, "contact", "stadswerf-noah", "noah@stadswerf.example")
RUTH = Person(TENANT, "contact", "stadswerf-ruth", "ruth@stadswerf.example")
"""Of Stadswerf too; reads English, and has no account yet."""

MEREL = Person(TENANT, "agent", "merel", "merel@success.example")
JEROEN = Person(TENANT, "agent", "jeroen", "jeroen@success.example")
AISHA = Person(TENANT, "agent", "aisha", "aisha@success.example")
"""A specialist."""
LIAM = Person(TENANT, "agent", "liam", "liam@success.example")
WOUTER = Person(TENANT, "auditor", "wouter", "wouter@audit.example")

EVERYBODY = (
    LOTTE, MARK, CLAIRE, KARIM, SUSAN, EVA, NOAH, MEREL, JEROEN, AISHA, LIAM, WOUTER,
)  # fmt: skip

DESK, SPECIALISTS = "desk@success.example", "specialists@success.example"
LEVELS = ("shift@success.example", "support-manager@success.example", "director@success.example")
"""The addresses of the escalation ladder, from level 1."""
