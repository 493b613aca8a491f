"""Large uploads: what is more than the limit is read over and never stored."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class LimitedUpload(FileUploadHandler):
    """Skips a file as soon as it has more bytes than `most`, and remembers that in `is_too_large`."""

    def __init__(self, *, most: int) -> None:
        super().__init__()
        self.most = most
        self.seen = 0
        self.is_too_large = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand the bytes on, or stop at the limit."""
        self.seen += len(raw_data)
        if self.seen > self.most:
            self.is_too_large = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        """Django's own handlers keep the file."""
        return None
