"""Every rule by name, with words that it must catch and words that it must leave. A test reads this table; so does the staff's
page, which offers each rule to be switched off.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from moderation.screening.result import ABUSE, CRISIS, DETAILS, METHOD, POSING, SPAM


@dataclass(frozen=True, slots=True)
class Rule:
    """`catches` and `leaves` are examples written for this table."""

    category: str
    catches: tuple[str, ...]
    leaves: tuple[str, ...]


RULES: Final[Mapping[str, Rule]] = {
    "act": Rule(
        CRISIS,
        ("I've just taken too many tablets", "i swallowed the whole box of tablets an hour ago", "I have cut my wrists"),
        ("I took too many photos", "Years ago I took too many tablets", "I've taken the whole box of biscuits"),
    ),
    "place": Rule(
        CRISIS,
        ("I'm on the bridge and I want to die", "stood on the roof, want to jump"),
        ("I walked over the bridge to the shop", "The cat is on the roof again"),
    ),
    "likeness": Rule(
        CRISIS,
        ("I have everything ready and nobody suspects", "I've said sorry to everyone I needed to"),
        ("There is a barnacle on the hull", "I bought a lamp for the hall", "Has anybody got a recipe for lentils"),
    ),
    "goodbye": Rule(
        CRISIS,
        ("By the time you read this I'll be gone", "I want to die. Tell my mum I love her. Goodbye everyone."),
        ("Goodbye everyone, off to bed", "Thanks for everything, see you in spring"),
    ),
    "intent": Rule(
        CRISIS,
        ("I'm going to kill myself", "gonna end my life", "i want to top myself"),
        ("I'm not going to kill myself", "She wants to end her contract", "That exam is killing me"),
    ),
    "method": Rule(
        CRISIS,
        ("I want to hang myself", "thinking about jumping in front of a train"),
        ("I had to hang the washing", "My uncle hanged himself before I was born", "lol I'll jump out the window"),
    ),
    "time": Rule(
        CRISIS,
        ("I'm going to kill myself tonight", "I will end my life after Christmas"),
        ("Slept badly, tired of the rain tonight", "I want to kill myself but I'm safe tonight"),
    ),
    "means": Rule(
        CRISIS,
        ("I want to kill myself and I've got the tablets here",),
        ("Two tablets and a hot water bottle, then bed", "I've got a rope for the washing line"),
    ),
    "plan": Rule(
        CRISIS,
        ("I want to die and I have a plan", "I've written my suicide note"),
        ("I have a plan for Sunday: soup", "We've set a date for the wedding"),
    ),
    "decision": Rule(
        CRISIS,
        ("I've decided. I won't be here tomorrow.",),
        ("I've decided to quit smoking",),
    ),
    "no_future": Rule(
        CRISIS,
        ("Not sure I'll see the end of the month",),
        ("I can't see the end of this form",),
    ),
    "attempt": Rule(
        CRISIS,
        ("I tried to kill myself last week", "took an overdose on Sunday"),
        ("Years ago I tried to end my life", "I tried to hang a picture"),
    ),
    "asks_how": Rule(
        CRISIS,
        ("how many tablets would it take to die", "what is the least painful way to die"),
        ("How many of you are awake?", "What's the best way to get to sleep?"),
    ),
    "unsafe": Rule(
        CRISIS,
        ("I can't keep myself safe", "I don't trust myself tonight"),
        ("I'm safe and warm", "Is the site safe on my phone?"),
    ),
    "voices": Rule(
        CRISIS,
        ("The voices keep telling me to kill myself and I think they are right",),
        ("My neighbour told me to turn it down", "She told me to kill myself at school"),
    ),
    "passive": Rule(
        CRISIS,
        ("I want to die", "i wish i was dead", "no reason to live"),
        ("I used to want to die every day. Now I have a dog.", "I want to die of embarrassment", "My friend wants to die"),
    ),
    "hopeless": Rule(
        CRISIS,
        ("I'm a burden on everyone", "i feel so hopeless, i can't cope"),
        ("You're not a burden", "I can't cope with this printer"),
    ),
    "self_injury": Rule(
        CRISIS,
        ("The urge to cut myself is back", "I just cut myself again"),
        ("I just cut myself shaving", "I haven't self harmed in years"),
    ),
    "signs": Rule(
        CRISIS,
        ("There's a bridge near here and I've written a letter to each of them. I think of dying.",),
        ("There's a bridge near here", "I've written a letter to the bank", "A pill and a rope and a bridge"),
    ),
    "someone_else": Rule(
        CRISIS,
        ("My flatmate has taken an overdose and won't wake up, what do I do",),
        ("My neighbour took an overdose last year",),
    ),
    "amount": Rule(
        METHOD,
        ("40 tablets is enough to kill someone",),
        ("I take 50 mg in the morning",),
    ),
    "put_together": Rule(
        METHOD,
        ("I took the blade out of a sharpener", "he tied a noose"),
        ("I tied a ribbon round it",),
    ),
    "phone": Rule(
        DETAILS,
        ("ring me on 07700 900123", "my number is +33 6 12 34 56 78", "text 087 123 4567",
         "oh seven seven double oh nine oh one two three"),
        ("Samaritans are on 116 123", "Papyrus is 0800 068 4141", "order 0712345", "it cost 07.50 on 01/02/2026"),
    ),
    "email": Rule(
        DETAILS,
        ("robin.test@mail.example.org", "robin dot test at gmail dot com"),
        ("jo@samaritans.org answers", "meet me at lunch"),
    ),
    "address": Rule(
        DETAILS,
        ("she lives at 4 Made Up Street",),
        ("room 12 on the way",),
    ),
    "postcode": Rule(
        DETAILS,
        ("my postcode is zz6 2ab", "come round, ZZ6 2AB", "the eircode is D02 X285"),
        ("off the m1 2am", "grade b1 5th time"),
    ),
    "account": Rule(
        DETAILS,
        ("my insta is robin_sings", "t.me/robinsings", "@robinsings on snapchat"),
        ("I deleted instagram", "thank you @wren"),
    ),
    "threat": Rule(
        ABUSE,
        ("I know where you live", "i will find you and hurt you"),
        ("I will miss you", "He said he would kill you?", "I'd love to hug you"),
    ),
    "goading": Rule(
        ABUSE,
        ("go kill yourself", "do everyone a favour and die"),
        ('"kill yourself" is what they wrote', "Please don't kill yourself", "they told me to go and kill myself"),
    ),
    "insult": Rule(
        ABUSE,
        ("you are pathetic", "fuck off you idiot"),
        ("I feel pathetic", "you are not worthless", "my head says you are worthless"),
    ),
    "slur": Rule(
        ABUSE,
        ("you retard",),
        ("they called me a retard at school", "proud to be queer and mad"),
    ),
    "links": Rule(
        SPAM,
        ("http://a.example http://b.example http://c.example",),
        ("https://www.nhs.uk/a https://www.mind.org.uk/b https://www.samaritans.org/c", "see http://a.example"),
    ),
    "shortener": Rule(SPAM, ("look at bit.ly/abc123",), ("I had a bit. Lovely.",)),
    "repeated": Rule(
        SPAM,
        ("http://a.example/x http://a.example/x http://a.example/x",),
        ("wanna sleep wanna sleep wanna sleep",),
    ),
    "sales": Rule(
        SPAM,
        ("Limited offer, buy now", "a spell caster brought back my ex, dm me for his number"),
        ("My payday loan is worrying me", "I work from home and miss people"),
    ),
    "as_the_team": Rule(
        POSING,
        ("I'm from the Harbour team, send me your number", "Hi, I am a moderator here. Write to me elsewhere.",
         "Message from the moderators: your account will be closed", "This is the Harbour team.",
         "As a moderator I need your address", "I’m a m0derator.", "We are with the safeguarding team"),
        ("A moderator wrote to me and it helped", "I'm not a moderator", "Thank you to the team", "I am from the north",
         "I'm with the crisis team now", "I'm with the mental health team", "He said he is from the team",
         "I had a message from the team yesterday", "I'm part of the support team at work", "I'm a mod on a games forum"),
    ),
}  # fmt: skip
