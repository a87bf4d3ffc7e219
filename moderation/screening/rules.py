"""What the screening looks for, as tables: the lexicon's phrases, our own beside them, and the company they keep.

Own phrases are written for this project. Each has two words or more: a lone word never raises a case.
"""

import re
from typing import Final

from moderation.screening.phrases import Phrases, lexicon, one_of

PASSIVE: Final = (
    "better off without me", "do not want to live", "don't want to live", "do not want to exist", "don't want to exist",
    "wish i didn't exist", "wish i did not exist", "i am suicidal", "i'm suicidal", "im suicidal", "feel suicidal",
    "feeling suicidal", "so suicidal", "thoughts of suicide", "thinking about suicide", "thinking of suicide",
    "considering suicide", "wanting to die", "don't want to be alive anymore", "no point in being alive",
    "can't see a reason to live", "hope i don't wake up", "hoping i don't wake up", "rather be dead",
    "want to stop existing",
)  # fmt: skip
INTENT: Final = (
    "end my own life", "end things for good", "ending it all", "end it for good", "end it tonight", "ending it tonight",
    "end it now", "ending it now", "take my life", "taking my life", "taking my own life", "ending my own life",
    "kill my self", "killing my self", "do away with myself", "committing suicide", "attempting suicide",
)  # fmt: skip
# Said of a hundred things; beside a time, and only there, they are read as intent.
LEANING: Final = ("i will die", "i'll die", "i will be dead", "i'll be dead", "i will be gone", "i'll be gone")
PLAN: Final = (
    "i have a plan", "i've got a plan", "i have made a plan", "i've made a plan", "i know how i would do it",
    "i know how i'd do it", "i know how i'll do it", "i know how i will do it", "set a date", "picked a date",
    "written a note", "wrote a note", "written my note", "written letters to", "given away my things",
    "giving my things away", "given my things away", "sorted out my affairs", "got everything ready",
    "saved up my tablets", "saved up my pills", "saving up my tablets", "saving up my pills",
)  # fmt: skip
# Preparations that say by themselves what they are for.
PLAIN_PLAN: Final = (
    "i wrote a suicide note", "i've written a suicide note", "i have written a suicide note", "written my suicide note",
    "written my goodbye letter", "written my goodbye letters", "my plan to die", "a plan to end my life",
)  # fmt: skip
GOODBYE: Final = (
    "by the time you read this", "by the time anyone reads this", "goodbye forever", "goodbye for good",
    "this is my goodbye", "my final goodbye", "my last goodbye", "my last night alive", "my last day alive",
    "my last night on earth", "my last day on earth", "my last night on this earth",
)  # fmt: skip
# People also say these when they leave for the night; beside a wish to die they are read as a goodbye.
LEAVING: Final = (
    "goodbye everyone", "goodbye everybody", "goodbye all", "farewell everyone", "farewell all", "this is goodbye",
    "i want to say goodbye", "wanted to say goodbye", "came to say goodbye", "i'm saying goodbye",
    "i am saying goodbye",
    "this is my last post", "my final post", "my last message", "my final message", "i won't be here tomorrow",
    "i will not be here tomorrow", "won't be here in the morning", "you won't hear from me again",
    "it's my time to go", "tell my family i love them", "tell my kids i love them", "tell my children i love them",
)  # fmt: skip
ACT: Final = (
    "i've overdosed", "i have overdosed", "i just overdosed", "i've taken an overdose", "i have taken an overdose",
    "i just took an overdose", "i've just taken an overdose", "i have just taken an overdose", "i'm ending it now",
    "i am ending it now", "i'm killing myself now", "i am killing myself now",
)  # fmt: skip
ACT_IN_COMPANY: Final = (
    "i've taken them", "i have taken them", "i took them all", "i've taken them all", "i've taken everything",
    "i took everything", "i'm on the bridge", "i am on the bridge", "i'm on the roof", "i am on the roof",
    "i'm on the ledge", "i am on the ledge", "i'm on the platform", "i'm at the edge", "i'm doing it now",
    "i am doing it now", "it's starting to work", "it won't stop bleeding", "i've done it",
)  # fmt: skip
SELF_INJURY: Final = ("hurting myself", "harming myself", "cutting myself", "urge to self harm", "urges to self harm")
NOW: Final = (
    "tonight", "right now", "today", "this evening", "this afternoon", "in a minute", "in a few minutes",
    "in an hour", "in a few hours", "in a moment", "before the morning", "before morning", "by morning",
    "by the morning",
)  # fmt: skip
LATER: Final = (
    "tomorrow", "this weekend", "next week", "next month", "on monday", "on tuesday", "on wednesday", "on thursday",
    "on friday", "on saturday", "on sunday", "after christmas", "after my birthday", "on my birthday", "very soon",
)  # fmt: skip

GROUPS: Final = Phrases({
    "act": ACT, "act_in_company": ACT_IN_COMPANY, "goodbye": GOODBYE, "leaving": LEAVING, "plain_plan": PLAIN_PLAN,
    "intent": (*lexicon("intent"), *INTENT), "method": lexicon("method"), "leaning": LEANING,
    "passive": (*lexicon("passive"), *PASSIVE), "plan": (*lexicon("plan"), *PLAN),
    "self_injury": (*lexicon("self_injury"), *SELF_INJURY), "means": lexicon("means"),
    "now": NOW, "later": LATER, "word": (*lexicon("words"), *lexicon("vague")),
})  # fmt: skip

# Too many of something, already taken: an act under way that no list of phrases could spell out.
TAKEN = re.compile(
    r"\bi(?:'ve|ve| have| just)? (?:just |already |now ){0,2}(?:took|taken|swallowed) (?:\w{1,12} ){0,2}?"
    r"(?:(?:way )?too many|a whole (?:box|bottle|packet|pack) of|(?:all|most) of the|all the|loads of|a lot of)"
    r"(?: \w{1,14}){0,2}? (?:pills|tablets|painkillers|paracetamol|sleeping)\b"
)

# --- The company a phrase keeps. Each is read in a window of bounded length beside it. ---
OTHERS = (
    "he", "she", "they", "you", "someone", "somebody", "anyone", "anybody", "everyone", "everybody", "nobody", "people",
    "who", "person", "kids", "child", "children", "son", "daughter", "brother", "sister", "mum", "mom", "dad", "mother",
    "father", "friend", "friends", "partner", "husband", "wife", "boyfriend", "girlfriend", "ex", "man", "woman", "guy",
    "girl", "boy", "neighbour", "colleague", "character", "he's", "she's", "they're", "you're", "he'd", "she'd",
)  # fmt: skip
OWN = ("i", "i'm", "i've", "i'd", "i'll", "im", "ive", "me", "we", "we're")
SUBJECT = re.compile(rf"\b(?:(?P<own>{one_of(OWN)})|(?P<other>{one_of(OTHERS)}))(?![\w'])")
FIRST_PERSON = re.compile(r"\b(?:i|me|my|myself|i'm|i'd|i'll|i've|im|ive)\b")
TOLD = re.compile(
    r"\b(?:told|tells?|telling|said|says?|asked|asks|begged|wants?|wanted) (?:that )?(?:me|i)"
    r"(?: (?:to|should|can|must|could|need to|deserve to))?(?: (?:go|and|just)){0,2} ?$"
)
DENIED = re.compile(
    r"(?:\b(?:do|does|did|would|is|am|was|have|has|wo|would)(?:n't|nt| not)|\bnot|\bnever|\bno longer"
    r"|\bno (?:intention|plans?|desire|wish|thoughts?) (?:of|to))"
    r"(?: (?:really|actually|even|ever|going|gonna|about|planning|to|want|wanting|wanna|feel|feeling|like|have|having"
    r"|any|thinking|of|think i|trying|be|mean|saying)){0,6} ?$"
)
DENIED_AFTER = re.compile(
    r"^[^.!?\n]{0,24}\b(?:but|though|although) i(?:'m|'d)? ?(?:won'?t|would never|wouldn'?t|will not|will never"
    r"|(?:am )?not going to)\b"
)
PAST = re.compile(
    r"\b(?:used to|(?:years?|months?|decades?) (?:ago|back)|a long time ago|when i was|back (?:then|in|when)"
    r"|in (?:19|20)\d\d|last year|in the past|in my (?:teens|twenties|thirties)|i was (?:going|about|planning|ready) to"
    r"|no longer)\b"
)
RECENT = re.compile(r"\b(?:today|tonight|now|last night|yesterday|this (?:morning|week|evening)|still|again)\b")
IDIOM = re.compile(
    r"^ (?:of|from|with) (?:embarrassment|laugh\w*|cringe|boredom|overtime|housework|envy)\b|^ laughing\b"
    r"|^ (?:\w+ ){0,3}(?:shaving|cooking|chopping|gardening|by accident|accidentally)\b"
    r"|^ (?:with|between) (?:him|her|them|my|the|us)\b"
)
DECLARED = re.compile(
    r"(?:\bgoing to|\bgonna|\bi'?ll|\bi will|\bi'?m|\bi am|\babout to|\bplan(?:ning)? (?:to|on)"
    r"|\bdecided (?:to|on)|\bready to|\bintend(?:ing)? to|\bhow to) (?:just |really |finally |be ){0,2}$"
)
THOUGHT = re.compile(
    r"(?:\bthink(?:ing)? (?:about|of)|\bthoughts? (?:about|of|like)|\bthought (?:about|of)|\bfeel(?:ing|s)? like"
    r"|\burges? (?:to|of)|\bimagin(?:e|ing)|\bdream(?:ing|t)? (?:of|about)|\b(?:scared|afraid|idea) of"
    r"|\bfantasi[sz]\w{1,4} about|\btempted to) (?:just ){0,1}$"
)
NOT_THAT_TIME = re.compile(r"(?:\bnot|\bsafe|\bok|\bokay|\bfine|\bbetter)(?: (?:for|until|here)){0,1} ?$")
NOW_AFTER = re.compile(r"^[^.!?\n]{0,15}?(?<!for )(?<!years )(?<!months )(?<!weeks )\bnow\b(?! and (?:then|again))")
OWN_HARM_NOW = re.compile(r"\bi(?:'ve|ve| have)? (?:just|already) $")
OWN_HARM_WISH = re.compile(
    r"\b(?:want|wanna|going|gonna|need|urges?|about|feel like|thinking (?:of|about)|tempted|keep)\b"
)
QUOTED = re.compile(
    r"\"[^\"\n]{1,400}\"|(?<!\w)'(?:[^'\n]|(?<=\w)'(?=\w)){1,400}'(?!\w)|^[ \t]{0,3}>[^\n]*", re.MULTILINE
)
QUOTES_ITSELF = re.compile(
    r"\bi(?:'m|'ve| am| have)? (?:\w{1,12} ){0,2}(?:think|thinking|thought|feel|feeling|say)\W{0,3}$"
)
SENTENCE_END = re.compile(r"[.!?;\n]+")
