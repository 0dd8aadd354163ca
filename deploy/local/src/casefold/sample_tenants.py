"""The sample tenants that `casefold up` publishes. It reads them while the servers start."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

from case_definition.publishing.loading import TenantDocuments
from case_events.wire.codec import Codec

from casefold.publishing import ChangedError, publish_documents, read_tenant


class SampleTenants:
    """Reads and checks the folders of tenants in the background during its `with` block."""

    def __init__(self, folders: Iterable[Path]) -> None:
        # One reader: several would share one interpreter, and slow the main thread down.
        self._reader, self._publishers = ThreadPoolExecutor(1), ThreadPoolExecutor()
        self._read = {folder: self._reader.submit(read_tenant, folder) for folder in folders}

    def __enter__(self) -> "SampleTenants":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._reader.shutdown(cancel_futures=True)
        self._publishers.shutdown()

    def publish(self, bootstrap: str, codec: Codec, report: Callable[[str], None]) -> None:
        """Publish all tenants at the same time. Raises `PublishingError`."""

        def publish(read: "Future[TenantDocuments]") -> int:
            return publish_documents(read.result(), bootstrap, codec)

        publishing = {
            folder: self._publishers.submit(publish, read) for folder, read in self._read.items()
        }
        for folder, done in publishing.items():
            try:
                done.result()
            except ChangedError as error:
                raise ChangedError(
                    f"{error.message}\nRaise `version` in the files of {folder}, or `make reset` "
                    "to begin anew without any data"
                ) from error
            report(f"published {folder.name}: definition, agreements, directory")
