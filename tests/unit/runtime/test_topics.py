"""The partition of a key is that of Kafka's own clients."""

from aiokafka.partitioner import murmur2
from case_events.topics import partition_of
from hypothesis import given
from hypothesis import strategies as st


@given(key=st.text(max_size=60), partitions=st.integers(1, 64))
def test_a_key_has_the_partition_that_kafkas_clients_give_it(key: str, partitions: int) -> None:
    assert partition_of(key, partitions) == (murmur2(key.encode()) & 0x7FFFFFFF) % partitions
