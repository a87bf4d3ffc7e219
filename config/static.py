"""Static files under names that carry their content, so that a browser may keep each for ever."""

from typing import Any

from asgiref.sync import async_to_sync, iscoroutinefunction, sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware
from servestatic.middleware import ServeStaticMiddleware
from servestatic.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """Rewrites the imports of our modules too: a new module never meets an old one it imports. Keeps a packed copy of each."""

    support_js_module_import_aggregation = True
    keep_intermediate_files = False


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
