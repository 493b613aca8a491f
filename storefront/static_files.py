"""Static files as production serves them: small, joined, hashed, compressed."""

from collections.abc import Iterator
from typing import Any

import rcssmin
from django.core.files.base import ContentFile
from django.utils.encoding import force_str
from whitenoise.storage import CompressedManifestStaticFilesStorage

from theme.bundles import BUNDLES


class SmallStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage; style sheets lose comments and indentation, and some are joined."""

    def _save(self, name: str, content: Any) -> str:
        if name.endswith(".css"):
            content.seek(0)
            content = ContentFile(rcssmin.cssmin(force_str(content.read())).encode())
        return super()._save(name, content)

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """Join bundles out of what was collected, then hash and compress everything."""
        if not dry_run:
            for bundle, parts in BUNDLES.items():
                if all(part in paths for part in parts):
                    self._join(bundle, parts)
                    paths = {**paths, bundle: (self, bundle)}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _join(self, bundle: str, parts: tuple[str, ...]) -> None:
        texts = []
        for part in parts:
            with self.open(part) as file:
                texts.append(force_str(file.read()))
        self.delete(bundle)
        self.save(bundle, ContentFile("\n".join(texts).encode()))
