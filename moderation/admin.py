"""The admin shows and changes nothing of moderation: cases go through their actions, so that each act is on the audit chain.

No case is registered. An administrator runs the site and sees none, so there is no list to look at either. What they edit
is what statements begin from.
"""

from moderation import admin_cover, admin_statements  # noqa: F401  in files of their own, registered with this one
