"""First steps, the house rules, and the directory of support groups."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from forum.views import directory, pages, rule_drafts, rules


class RulesVersion(StringConverter):
    regex = r"\d{4}-\d{2}-\d{2}(?:-\d{1,3})?"


register_converter(RulesVersion, "version")

urlpatterns = [
    path("welcome/", pages.welcome, name="welcome"),
    path("welcome/away/", pages.put_welcome_away, name="welcome_away"),
    path("supporting/", pages.supporting, name="supporting"),
    path("stepping-in/", pages.stepping_in, name="stepping_in"),
    path("privacy/", pages.privacy, name="privacy"),
    path("rules/", rules.current, name="rules"),
    path("rules/easy/", rules.easy, name="rules_easy"),
    path("rules/changed/", rules.changed, name="rules_changed"),
    path("rules/next/", rules.next_rules, name="rules_next"),
    path("rules/next/comments/", rules.say, name="rules_say"),
    path("rules/next/comments/<int:comment_id>/take-back/", rules.take_back, name="rules_take_back"),
    path("rules/next/comments/<int:comment_id>/hide/", rules.hide, name="rules_hide"),
    path("rules/next/draft/", rule_drafts.draft, name="rules_draft"),
    path("rules/next/draft/rule/", rule_drafts.rule, name="rules_draft_new"),
    path("rules/next/draft/rule/<slug:anchor>/", rule_drafts.rule, name="rules_draft_rule"),
    path("rules/<version:version>/", rules.version, name="rules_version"),
    path("support-groups/", directory.groups, name="groups"),
    path("support-groups/suggest/", directory.suggest, name="group_suggest"),
    path("support-groups/mine/", directory.mine, name="my_groups"),
    path("support-groups/suggestions/", directory.suggestions, name="group_suggestions"),
    path("support-groups/import/", directory.upload, name="groups_upload"),
    path("support-groups/<int:group_id>/", directory.group, name="group"),
    path("support-groups/<int:group_id>/checked/", directory.check, name="group_checked"),
]
