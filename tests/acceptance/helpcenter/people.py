"""Who is who at the help center: as in its directory."""

from tests.support.desk.values import Person

TENANT = "helpcenter"
ADDRESS = "help@boekhoudgemak.example"

LOTTE = Person(TENANT, "contact", "duinzicht-lotte", "lotte@duinzicht.example")
"""Key contact of Duinzicht, which has an SLA; reads Dutch. Known to another tenant as well."""
DAAN = Person(TENANT, "contact", "duinzicht-daan", "daan@duinzicht.example")
HANNAH = Person(TENANT, "contact", "duinzicht-hannah", "hannah@duinzicht.example")
"""Of Duinzicht too; reads English."""
INEKE = Person(TENANT, "contact", "boekenbus-ineke", "ineke@boekenbus.example")
"""Key contact of De Boekenbus, which is served best effort."""
PETER = Person(TENANT, "contact", "boekenbus-peter", "peter@boekenbus.example")
RUBEN = Person(TENANT, "contact", "zonnedael-ruben", "ruben@zonnedael.example")
"""Super user of Zonnedael, which has no agreement."""
AMY = Person(TENANT, "contact", "zonnedael-amy", "amy@zonnedael.example")

FLOOR = Person(TENANT, "agent", "floor", "floor@boekhoudgemak.example")
THIJS = Person(TENANT, "agent", "thijs", "thijs@boekhoudgemak.example")
PETRA = Person(TENANT, "agent", "petra", "petra@boekhoudgemak.example")
"""Of the tax department."""
SAMIR = Person(TENANT, "agent", "samir", "samir@boekhoudgemak.example")
"""Of the technical department."""
OLGA = Person(TENANT, "agent", "olga", "olga@boekhoudgemak.example")
"""The product director."""
GEERT = Person(TENANT, "auditor", "geert", "geert@audit.example")

EVERYBODY = (
    LOTTE, DAAN, HANNAH, INEKE, PETER, RUBEN, AMY, FLOOR, THIJS, PETRA, SAMIR, OLGA, GEERT,
)  # fmt: skip

HELPDESK, TECHNICAL, TAX, PRODUCT = (
    f"{name}@boekhoudgemak.example" for name in ("helpdesk", "techniek", "fiscaal", "product")
)
LEVELS = ("teamleider@boekhoudgemak.example", "klantdirecteur@boekhoudgemak.example")
"""The addresses of the escalation ladder, from level 1."""
