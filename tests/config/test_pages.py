"""Pages over ASGI run as they do under WSGI, each in one thread of a few that stay; files go past them."""

import asyncio
import threading
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.test import AsyncClient, Client

from config.pages import THREADS, PagesHandler


async def _get(pages: PagesHandler, path: str) -> list[dict[str, Any]]:
    head = [(b"host", b"127.0.0.1")]
    scope = {"type": "http", "method": "GET", "path": path, "headers": head, "query_string": b"", "http_version": "1.1"}
    asked = ApplicationCommunicator(pages, scope)  # type: ignore[no-untyped-call]
    await asked.send_input({"type": "http.request"})
    heard = [await asked.receive_output(30)]
    while heard[-1]["type"] == "http.response.start" or heard[-1].get("more_body"):
        heard.append(await asked.receive_output(30))
    await asked.wait(30)
    return heard


@pytest.mark.django_db(transaction=True)  # what is remembered of the rules may be read anew in these threads
def test_pages_are_answered_in_a_few_threads_that_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    pages, threads = PagesHandler(), set[str]()
    answer = pages.get_response

    def noted(request: Any) -> Any:
        threads.add(threading.current_thread().name)
        return answer(request)

    monkeypatch.setattr(pages, "get_response", noted)

    async def many() -> list[list[dict[str, Any]]]:
        return await asyncio.gather(*(_get(pages, "/livez") for _ in range(3 * THREADS)))

    assert [heard[0]["status"] for heard in asyncio.run(many())] == [200] * 3 * THREADS
    assert threads and len(threads) <= THREADS and all(name.startswith("page") for name in threads)


def test_what_is_no_page_is_refused() -> None:
    async def ask() -> None:
        await PagesHandler()({"type": "websocket"}, None, None)

    with pytest.raises(ValueError, match="HTTP"):
        asyncio.run(ask())


def test_files_are_served_under_wsgi_and_asgi(client: Client, async_client: AsyncClient) -> None:
    assert client.get("/static/base.css")["Content-Type"].startswith("text/css")
    assert client.get("/static/nowhere.css").status_code == 404

    async def ask() -> tuple[int, int]:
        there, nowhere = await async_client.get("/static/base.css"), await async_client.get("/static/nowhere.css")
        return there.status_code, nowhere.status_code

    assert asyncio.run(ask()) == (200, 404)
    heard = asyncio.run(_get(PagesHandler(), "/static/base.css"))
    assert heard[0]["status"] == 200 and b"".join(part.get("body", b"") for part in heard[1:])
