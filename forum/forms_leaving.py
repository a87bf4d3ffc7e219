"""How somebody leaves quickly."""

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.models import Member


class LeavingForm(forms.ModelForm):
    shared = forms.BooleanField(
        label=_("Others may use this device"),
        help_text=_("Leaving quickly then signs you out here, and so does closing the browser."),
        required=False,
    )

    class Meta:
        model = Member
        fields = ("shift_leaves",)
        labels = {"shift_leaves": _("Leave quickly when I press Shift three times")}
        help_texts = {
            "shift_leaves": _(
                "Within two seconds, with no other key between. Switch it off if you use Shift for other things, as some "
                "screen readers do."
            )
        }
