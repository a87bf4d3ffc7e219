"""The admin shows and changes nothing of moderation: cases go through their actions, so that each act is on the audit chain.

Nothing is registered. An administrator runs the site and sees no case, so there is no list to look at either.
"""
