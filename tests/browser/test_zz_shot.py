import pytest, time
from tests.browser.test_wall_stream import *
def test_shots(wall, other_member, member):
    wall.set_viewport_size({"width": 1280, "height": 900})
    first = Post.objects.get(body__startswith="Words number 11.")
    share(other_member, "News.")
    share(member, "A reply here.", parent=first)
    wall.wait_for_timeout(800)
    wall.screenshot(path="/tmp/rt/top.png")
    wall.mouse.wheel(0, 700); wall.wait_for_timeout(400)
    other = share(other_member, "Reply!", parent=Post.objects.get(body__startswith="Words number 9."))
    wall.wait_for_timeout(600)
    wall.screenshot(path="/tmp/rt/mid.png")
    wall.set_viewport_size({"width": 390, "height": 800}); wall.evaluate("scrollTo(0,200)"); wall.wait_for_timeout(300)
    share(other_member, "Another reply", parent=first)
    wall.wait_for_timeout(600)
    wall.evaluate("() => document.querySelector('wall-stream').say('Not connected. What you write is kept and will be sent when the connection is back.')")
    wall.screenshot(path="/tmp/rt/phone.png")
