"""The forms of ours whose words are kept while they are written: those by which members turn to the team."""

from django.urls import reverse

from forum.actions.drafts import register


def register_own() -> None:
    register("ask", lambda: reverse("ask"))
    register("word", lambda case: reverse("conversation", args=[case]))
    register("worry", _door)
    register("rule", _door)
    register("appeal", _appeal)
    register("rewrite", lambda decision: reverse("rewrite_words", args=[decision]))
    register("talk", lambda decision: reverse("talk_about", args=[decision]))
    register("care", lambda asked: reverse("how_care_was", args=[asked]))
    register("question", lambda question: reverse("answer_question", args=[question]))


def place_of(question_id: int) -> str:
    return f"question-{question_id}"


def _door(_member: int, post: int = 0) -> str:
    """A report about a post; one about a member as a whole is found from their page."""
    return reverse("report_post", args=[post]) if post else reverse("wall")


def _appeal(decision: int, report: int = 0) -> str:
    return reverse("appeal_report", args=[report]) if report else reverse("appeal_decision", args=[decision])
