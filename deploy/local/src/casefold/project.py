"""Paths of the project on this machine."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[4]
TOPICS_FILE = PROJECT / "deploy" / "kafka" / "topics.yaml"
DATA = PROJECT / ".casefold"
JAR_CACHE = DATA / "cache" / "jars"
