"""Who is who at the platform support: as in its directory."""

from tests.support.desk.values import Person

TENANT = "jouw-omgeving"
ADDRESS = "support@werkplein.example"

FENNA = Person(TENANT, "contact", "meerwijk-fenna", "fenna@meerwijk.example")
"""Key contact of Meerwijk, which is also promised further answers; reads Dutch."""
JORIS = Person(TENANT, "contact", "meerwijk-joris", "joris@meerwijk.example")
ALICE = Person(TENANT, "contact", "meerwijk-alice", "alice@meerwijk.example")
"""Of Meerwijk too; reads English."""
SEM = Person(TENANT, "contact", "kennispoort-sem", "sem@kennispoort.example")
"""Key contact of Kennispoort, which has longer hours and a shorter response to P1."""
RUTH = Person(TENANT, "contact", "kennispoort-ruth", "ruth@kennispoort.example")
EVA = Person(TENANT, "contact", "stadswerf-eva", "eva@stadswerf.example")
"""Super user of Stadswerf, which has what everybody has. Known to another tenant as well."""
NOAH = Person(TENANT, "contact", "stadswerf-noah", "noah@stadswerf.example")

LIEKE = Person(TENANT, "agent", "lieke", "lieke@werkplein.example")
TARIK = Person(TENANT, "agent", "tarik", "tarik@werkplein.example")
"""Of platform support, and of the out-of-hours team."""
WILLEM = Person(TENANT, "agent", "willem", "willem@werkplein.example")
"""The account manager."""
CARLA = Person(TENANT, "agent", "carla", "carla@werkplein.example")
"""The product owner."""
SVEN = Person(TENANT, "agent", "sven", "sven@werkplein.example")
"""Of development."""
MARLEEN = Person(TENANT, "auditor", "marleen", "marleen@audit.example")

EVERYBODY = (
    FENNA, JORIS, ALICE, SEM, RUTH, EVA, NOAH, LIEKE, TARIK, WILLEM, CARLA, SVEN, MARLEEN,
)  # fmt: skip

PLATFORM, ACCOUNT_MANAGEMENT, OUT_OF_HOURS, PRODUCT_OWNER, DEVELOPMENT = (
    f"{name}@werkplein.example"
    for name in ("platform", "accountmanagement", "wachtdienst", "product-owner", "development")
)
LEVELS = tuple(
    f"{name}@werkplein.example" for name in ("dagcoordinator", "servicemanager", "directie")
)
"""The addresses of the escalation ladder, from level 1."""
