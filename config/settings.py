"""Every switch an operator has stands in the first block; the README explains each one in the same order."""

from pathlib import Path

from config.environment import Environment
from config.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Switches from the environment -----------------------------------------------------------------------------------
env = Environment(BASE_DIR)
HARBOUR_ENV = env.name  # demo, production or test
DEBUG = env.flag("HARBOUR_DEBUG", default=False)
DATA_DIR = env.data_dir  # HARBOUR_DATA_DIR: database, keys and collected files of the embedded mode
SECRET_KEY = env.key("HARBOUR_SECRET_KEY")
AUDIT_KEY = env.key("HARBOUR_AUDIT_KEY")  # kept apart from the database, so that its copy cannot be re-chained
SEAL_KEYS = env.keys("HARBOUR_SEAL_KEY")  # kept apart likewise; the first seals, the others still open
ORIGINS = env.origins("HARBOUR_ORIGINS")  # whole origins, such as https://harbour.example.org
ALLOWED_HOSTS = env.hosts(ORIGINS)  # and HARBOUR_HOSTS
DATABASES = {"default": env.database("HARBOUR_DATABASE_URL")}
REDIS_URL = env.text("HARBOUR_REDIS_URL", default="")
PORT = env.whole_number("PORT", default=8000)  # where manage.py serve listens
HOST = env.text("HARBOUR_HOST", default="127.0.0.1")  # likewise; the demo allows no other than this machine
PROCESSES = env.whole_number("HARBOUR_PROCESSES", default=1)
MAIL_URL = env.text("HARBOUR_MAIL_URL", default="")  # empty prints mail to the terminal, outside production
DEFAULT_FROM_EMAIL = env.text("HARBOUR_MAIL_FROM", default="Harbour <harbour@localhost>")
TRUSTED_PROXIES = env.whole_number("HARBOUR_TRUSTED_PROXIES", default=1 if env.production else 0)
SOURCE_PORT_HEADER = env.text("HARBOUR_SOURCE_PORT_HEADER", default="")  # set by a trusted proxy; realtime/peers.py
SECOND_STEP = env.flag("HARBOUR_SECOND_STEP", default=env.production)  # of everybody with a role; forum/second_step.py
PRIVACY_LEAD = env.text("HARBOUR_PRIVACY_LEAD", default="")  # hears whenever contact details are opened
CONTROLLER = env.text("HARBOUR_CONTROLLER", default="")  # who answers for members' data, as the privacy notice says it
PRODUCT_NAME = env.text("HARBOUR_PRODUCT_NAME", default="Harbour")
CHARACTER_NAME = env.text("HARBOUR_CHARACTER_NAME", default="the Keeper")
TIME_ZONE = env.text("HARBOUR_TIME_ZONE", default="Europe/London")
EMERGENCY_CONTACT = env.text("HARBOUR_EMERGENCY_CONTACT", default="")
CSAM_LEAD = env.text("HARBOUR_CSAM_LEAD", default="")  # a handle of the staff; moderation/sealed_words.py
EMERGENCY_WEBHOOK_KEY = env.text(
    "HARBOUR_EMERGENCY_WEBHOOK_KEY", default=""
)  # signs what goes to a contact at https://
TELEPHONE_ACCOUNT = env.text("HARBOUR_TELEPHONE_ACCOUNT", default="")  # account:token:+number, of a telephone service
TELEPHONE_URL = env.web_address("HARBOUR_TELEPHONE_URL", default="https://api.twilio.com")
PAGERDUTY_URL = env.web_address("HARBOUR_PAGERDUTY_URL", default="https://events.pagerduty.com/v2/enqueue")
VAPID_KEY = env.text("HARBOUR_VAPID_KEY", default="")  # a PEM; empty makes one and keeps it in the data directory
WATCHDOG_URL = env.text("HARBOUR_WATCHDOG_URL", default="")  # fetched each minute while the clock does its work
REPLY_ADDRESS = env.reply_address("HARBOUR_REPLY_ADDRESS")  # reply+{token}@…: where answers by mail are read
STAFFED_HOURS = env.opening_hours("HARBOUR_STAFFED_HOURS", default="Mon-Fri 09:00-17:00")  # moderation/opening.py
STAFFED_HOURS_SAID = bool(env.text("HARBOUR_STAFFED_HOURS", default="").strip())  # else members are promised no hour
NATION = env.one_of("HARBOUR_NATION", ("england-and-wales", "scotland", "northern-ireland", "none"))  # bank holidays
HELPLINES = env.text("HARBOUR_HELPLINES", default=str(BASE_DIR / "forum/data/helplines.json"))
LEAVE_URL = env.web_address("HARBOUR_LEAVE_URL", default="https://www.bbc.co.uk/weather")  # where "Leave quickly" leads
POSTS_PER_HOUR = env.whole_number("HARBOUR_POSTS_PER_HOUR", default=10)  # by one member; forum/limits.py
REPLIES_PER_HOUR = env.whole_number("HARBOUR_REPLIES_PER_HOUR", default=60)
RULE_REPORTS_PER_DAY = env.whole_number("HARBOUR_RULE_REPORTS_PER_DAY", default=20)  # worries are never counted
HOLD = env.some_of("HARBOUR_HOLD", frozenset({"links", "details", "methods"}))  # what waits; moderation/holding.py
REPORTERS_SHOWN = env.flag("HARBOUR_REPORTERS_SHOWN", default=False)  # to moderators; moderation/reporters.py
SECOND_READING = env.percent(
    "HARBOUR_SECOND_READING", default=5
)  # of decided conduct cases; moderation/second_readings.py
CRISIS_RESPONSE = env.flag("HARBOUR_CRISIS_RESPONSE", default=True)
LOG_LEVEL = env.text("HARBOUR_LOG_LEVEL", default="INFO")
BACKUP_DIR = Path(env.text("HARBOUR_BACKUP_DIR", default=str(DATA_DIR / "backups")))  # where manage.py backup writes
BACKUP_TO = env.text("HARBOUR_BACKUP_TO", default="")  # who may open them: a key of age or GPG; empty seals nothing
BACKUP_DAYS = env.whole_number("HARBOUR_BACKUP_DAYS", default=30)  # older ones go with the next
METRICS_TOKEN = env.token("HARBOUR_METRICS_TOKEN")  # whoever reads /metrics brings it; empty: nobody does
env.refuse_what_is_unsafe(hosts=ALLOWED_HOSTS, redis_url=REDIS_URL, processes=PROCESSES, mail_url=MAIL_URL, debug=DEBUG)

# --- The application -------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config",
    "moderation",
    "forum",
    "realtime",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "servestatic",
    "django.contrib.staticfiles",
    "django.forms",
]
MIDDLEWARE = [
    "config.middleware.request_id",
    "config.middleware.security_headers",
    "config.away.tell_at_once",
    "django.middleware.security.SecurityMiddleware",
    "config.static.static_files",
    "django.middleware.gzip.GZipMiddleware",  # pads each page at random, so that its length tells nothing (BREACH)
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "forum.second_step.second_step",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "forum.languages.own_language",
    "forum.middleware.last_seen",
    "forum.middleware.small_room",
    "forum.middleware.changed_rules",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "forum.context.harbour",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Members ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "forum.Member"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
NEW_MEMBER_HOURS = 24  # for so long half of every limit above
SLOWED_POSTS_PER_HOUR = 1  # of the standing "posting slowed"
SLOWED_REPLIES_PER_HOUR = 6
RULE_COMMENTS_AN_HOUR = 10  # by one member, about the house rules
GROUP_SUGGESTIONS_A_DAY = 5  # by one member, for the directory
# Of what wakes people, and as many again of what does not (moderation/flood.py).
# In an hour, without an account; past it what would wake people rings when the hour is over, and the rest is gathered.
OUTSIDE_REPORTS_PER_ADDRESS = 5
OUTSIDE_REPORTS_PER_HOUR = (
    60  # from everywhere; past it what would wake people waits for the hour to end, and rings then
)
OUTSIDE_RINGS_PER_HOUR = 3  # emergencies from outside that ring, once those before were looked at
SUPPORTS_PER_HOUR = 240  # by one member: four a minute, and more than anybody reads
PEOPLE_WHO_WAKE_US = 5  # about so many one member's reports wake somebody within an hour; the rest is gathered
PEOPLE_TOLD_OF = 10  # likewise of what wakes nobody: the rest stands at the end of the queue
CASES_READ_IN_AN_HOUR = 30  # by one of the team; past it others hear of it, and nobody is stopped
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "handle"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "forum.passwords.KnownPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "forum.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_CHANGE_EMAIL = True  # one address each
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_METHODS = {
    "password",
    "mfa",
}  # no code by mail: an open mailbox beside an open session is one thing
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_FORMS = {
    "login": "forum.forms_accounts.SignInForm",
    "add_email": "forum.forms_accounts.AddressForm",
    "confirm_email_verification_code": "forum.forms_accounts.AddressCodeForm",
    "change_password": "forum.forms_accounts.ChangePasswordForm",
    "set_password": "forum.forms_accounts.SetPasswordForm",
    "reset_password": "forum.forms_accounts.ResetForm",
    "confirm_password_reset_code": "forum.forms_accounts.ResetCodeForm",
    "reset_password_from_key": "forum.forms_accounts.NewPasswordForm",
    "reauthenticate": "forum.forms_accounts.ConfirmPersonForm",
}
MFA_FORMS = {
    "authenticate": "moderation.forms_sealed_code.SecondStepOrPaperForm",
    "reauthenticate": "forum.forms_accounts.SecondStepAgainForm",
    "activate_totp": "forum.forms_accounts.ActivateAppForm",
    "add_webauthn": "forum.forms_accounts.AddPasskeyForm",
    "edit_webauthn": "forum.forms_accounts.NamePasskeyForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_ADAPTER = "forum.second_step.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = PRODUCT_NAME
ACCOUNT_RATE_LIMITS = {"signup": "20/m/ip,60/h/ip,200/d/ip"}  # each who joins sends two forms or three
if HARBOUR_ENV == "test":
    limited = ("login", "login_failed", "signup", "reset_password", "confirm_email")
    ACCOUNT_RATE_LIMITS = dict.fromkeys(limited, "10000/m/ip")
    SIGNUP_MAILS_PER_HOUR = 10_000
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]

SENDS_TO_ITSELF = HARBOUR_ENV != "production"  # whether webhooks may lead to this machine, without TLS too

# --- Sessions and transport ------------------------------------------------------------------------------------------
SECURE = HARBOUR_ENV == "production"
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE else "sessionid"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE else "csrftoken"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = ORIGINS
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE and TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CSP = {  # Django 6's name and shape; config.middleware sends it
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "worker-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# --- Words, files, mail, logs ----------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]  # each in its own words
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": env.static_storage()},
}
SERVESTATIC_USE_FINDERS = HARBOUR_ENV == "test" or DEBUG
SERVESTATIC_ALLOW_ALL_ORIGINS = False
SERVESTATIC_MIMETYPES = {".svg": "image/svg+xml; charset=utf-8"}
SERVESTATIC_USE_ZSTD = SERVESTATIC_USE_BROTLI = False  # gzip alone: every browser takes it, and each start packs anew
CACHES = {"default": env.cache(REDIS_URL), "fragments": env.fragment_cache(REDIS_URL)}
EMAIL_BACKEND = "realtime.deliveries.QueuedMail"  # every mail is a row first; the clock sends it
MAIL_TRANSPORT = env.mail_transport(MAIL_URL)
CHANNEL_LAYERS: dict[str, dict[str, str]] = {}  # none: the hub's bell carries everything between processes
LOGGING = logging_config(LOG_LEVEL, readable=not env.production)
