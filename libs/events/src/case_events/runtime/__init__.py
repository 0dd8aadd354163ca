"""The one runtime: inbox, log, relay, timers and effects. It holds the whole guarantee."""
