"""Where sla's tools get a running platform's histories from."""
