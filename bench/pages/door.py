"""What the servers run: the wall, with as many posts on a page as the mark speaks of, or with BENCH_BARE the bare view."""

import os

import django

django.setup()

from django.conf import settings  # noqa: E402  needs the apps that the line above has loaded
from django.core.handlers.asgi import ASGIHandler  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402

from bench.pages import bare  # noqa: E402
from config.pages import PagesHandler  # noqa: E402
from forum import threads  # noqa: E402

IS_BARE = bool(os.environ.get("BENCH_BARE"))
if IS_BARE:  # only now, because allauth asks for its middleware when it is loaded
    settings.MIDDLEWARE, settings.ROOT_URLCONF = bare.MIDDLEWARE, bare.__name__
threads.PAGE = 20

wsgi = WSGIHandler()
asgi = ASGIHandler() if IS_BARE else PagesHandler()
