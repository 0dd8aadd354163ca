"""Who is who at the municipality of the example: as in its directory."""

from tests.support.desk.values import Person

TENANT = "gemeente"
ADDRESS = "klachten@waterveen.example"
TEAM = "klachtencoordinatie@waterveen.example"

ANNA = Person(TENANT, "contact", "anna", "anna@inwoner.example")
PIET = Person(TENANT, "contact", "piet", "piet@visafslag.example")
HANNA = Person(TENANT, "agent", "hanna", "hanna@waterveen.example")
NOOR = Person(TENANT, "agent", "noor", "noor@waterveen.example")
"""A decider, and in some stories the one complained about."""
WILLEM = Person(TENANT, "agent", "willem", "hoofd.juridischezaken@waterveen.example")
AUDITOR = Person(TENANT, "auditor", "rekenkamer", "rekenkamer@rekenkamer.example")
