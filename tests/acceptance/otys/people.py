"""Who is who at the recruitment software's help desk: as in its directory."""

from tests.support.desk.values import Person

TENANT = "otys"
ADDRESS = "helpdesk@wervingswerk.example"

LOTTE = Person(TENANT, "contact", "duinzicht-lotte", "lotte@duinzicht.example")
"""Super user of Duinzicht, which has an SLA; reads Dutch. Known to other tenants as well."""
EMILY = Person(TENANT, "contact", "duinzicht-emily", "emily@duinzicht.example")
"""Super user too; reads English."""
MARK = Person(TENANT, "contact", "duinzicht-mark", "mark@duinzicht.example")
"""Key user of Duinzicht."""
DAAN = Person(TENANT, "contact", "duinzicht-daan", "daan@duinzicht.example")
"""Normal user of Duinzicht."""
NADIA = Person(TENANT, "contact", "brugman-nadia", "nadia@brugman.example")
"""Super user of Brugman, which is served best effort."""
KEES = Person(TENANT, "contact", "brugman-kees", "kees@brugman.example")
"""Key user of Brugman."""
OLIVER = Person(TENANT, "contact", "brugman-oliver", "oliver@brugman.example")
"""Normal user of Brugman; reads English."""
AYSE = Person(TENANT, "contact", "talentlijn-ayse", "ayse@talentlijn.example")
"""Super user of Talentlijn, which has no agreement."""
BEN = Person(TENANT, "contact", "talentlijn-ben", "ben@talentlijn.example")

ROOS = Person(TENANT, "agent", "roos", "roos@wervingswerk.example")
DENNIS = Person(TENANT, "agent", "dennis", "dennis@wervingswerk.example")
"""Of the help desk, and on call."""
MARIT = Person(TENANT, "agent", "marit", "marit@wervingswerk.example")
"""On call."""
PRIYA = Person(TENANT, "agent", "priya", "priya@wervingswerk.example")
"""Of the product team."""
JOKE = Person(TENANT, "auditor", "joke", "joke@audit.example")

EVERYBODY = (
    LOTTE, EMILY, MARK, DAAN, NADIA, KEES, OLIVER, AYSE, BEN, ROOS, DENNIS, MARIT, PRIYA, JOKE,
)  # fmt: skip

HELPDESK, ON_CALL, PRODUCT = (
    f"{name}@wervingswerk.example" for name in ("team-helpdesk", "wachtdienst", "product")
)
LEVELS = tuple(
    f"{name}@wervingswerk.example" for name in ("teamleider", "supportmanager", "directie")
)
"""The addresses of the escalation ladder, from level 1."""
