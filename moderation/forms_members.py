"""What the team writes about steps against a member: why they are stopped, why a ban or a decision is not right."""

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.forms import plain_words
from moderation.models import Decision, Report
from moderation.team_forms import SeenForm


class StopPostsForm(SeenForm):
    note = plain_words(
        _("What staff need to know first"),
        Report.NOTE_MAX,
        rows=3,
        help_text=_("Who is being hurt, and how. The member never reads it."),
        error_messages={"required": _("Write what staff need to know first.")},
    )
    statement = plain_words(
        _("Your own words to them"),
        Decision.STATEMENT_MAX,
        rows=5,
        required=False,
        help_text=_("Left empty, our text is sent: that new posts are stopped for an hour, to keep people safe."),
    )


class RefuseBanForm(SeenForm):
    reason = plain_words(
        _("Why not"),
        Report.NOTE_MAX,
        rows=3,
        help_text=_("Whoever proposed it reads this. The member does not."),
        error_messages={"required": _("Write why not, for whoever proposed it.")},
    )


class LookForm(SeenForm):
    """`look` says which decision."""

    look = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AskUndoForm(LookForm):
    reason = plain_words(
        _("Why it should be undone"),
        Report.NOTE_MAX,
        rows=3,
        help_text=_("Whoever decided reads this, and so do staff. The member does not."),
        error_messages={"required": _("Write why it should be undone.")},
    )


class LetStandForm(LookForm):
    reason = plain_words(
        _("Why it stands"),
        Report.NOTE_MAX,
        rows=3,
        help_text=_("Whoever asked to undo it reads this. The member does not."),
        error_messages={"required": _("Write why it stands.")},
    )
