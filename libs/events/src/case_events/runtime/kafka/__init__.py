"""The ports of the runtime on Kafka, and connections to its brokers."""

from case_events.runtime.kafka.broker import KafkaCluster, KafkaSettings
from case_events.runtime.kafka.inbox import KafkaInbox
from case_events.runtime.kafka.publisher import KafkaPublisher
from case_events.runtime.kafka.reference import ReferenceFeed

__all__ = ["KafkaCluster", "KafkaInbox", "KafkaPublisher", "KafkaSettings", "ReferenceFeed"]
