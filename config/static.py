"""Static files under names that carry their content, so that a browser may keep each for ever."""

from collections.abc import Callable, Iterator
from typing import Any

import rcssmin
import rjsmin
from asgiref.sync import async_to_sync, iscoroutinefunction, sync_to_async
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware
from servestatic.middleware import ServeStaticMiddleware
from servestatic.storage import CompressedManifestStaticFilesStorage

_shortened_by: dict[str, Callable[[str], str]] = {"css": rcssmin.cssmin, "js": rjsmin.jsmin}
_AS_THEY_CAME = ("vendor/", "admin/", "mfa/", "account/")  # what others wrote, to the byte


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """Rewrites the imports of our modules too: a new module never meets an old one it imports. Keeps a packed copy of each.

    Our own styles and scripts are collected without their comments, which a cheap telephone need not carry.
    """

    support_js_module_import_aggregation = True
    keep_intermediate_files = False

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        """Collects one file."""
        return super().save(name, _shortened(name or "", content), max_length)

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Hashes, rewrites imports and packs: from the files as they were collected, not as they lie in the repository."""
        return super().post_process({name: (self, name) for name in paths}, dry_run=dry_run, **options)


def _shortened(name: str, content: "File[bytes]") -> "File[Any]":
    shorten = _shortened_by.get(name.rpartition(".")[2])
    if shorten is None or name.startswith(_AS_THEY_CAME):
        return content
    return ContentFile(shorten(content.read().decode()).encode())


@sync_and_async_middleware
def static_files(get_response: Any) -> Any:
    """Hands static files to servestatic, and everything else past it.

    Its middleware is asynchronous alone. Under WSGI, Django would put an event loop and two changes of thread around each
    page for the sake of files that it does not hold.
    """
    if iscoroutinefunction(get_response):
        files = ServeStaticMiddleware(get_response)

        async def answer_async(request: HttpRequest) -> HttpResponseBase:
            return await (files if _is_file(request) else get_response)(request)

        return answer_async

    serve = async_to_sync(ServeStaticMiddleware(sync_to_async(get_response, thread_sensitive=True)))
    return lambda request: (serve if _is_file(request) else get_response)(request)


def _is_file(request: HttpRequest) -> bool:
    return request.path_info.startswith(settings.STATIC_URL)
